/** Runs pair tasks on all cores, and hands each result to its taker on this thread. */
import type { Metric } from '../../ranking/metric.js';
import { forEachConcurrently, threadsFor } from '../../threads/concurrency.js';
import { withWorkers } from '../../threads/worker-pool.js';
import type { SearchContext } from '../context.js';
import type { FilmSource } from './batch-films.js';
import type { BatchKinds, PairRunner } from './batch-worker.js';
import { basisOf } from './block-rows.js';
import { canMeet, type FilmBlock } from './film-block.js';
import {
  type Collect,
  keptInTurn,
  type PairResult,
  type PairTask,
  type PairWork,
  type WorkQuestion,
} from './pair-task.js';

/** What is asked of the frames of all pairs of blocks. */
export interface PairQuestion extends Taker, WorkQuestion {
  readonly survey?: Survey | undefined;
}

interface Taker {
  /** What to collect of two blocks. It is called when their turn comes, and can use what was taken until then. */
  collect(a: FilmBlock, b: FilmBlock): Collect;
  /** Takes the result for two blocks; `a` is never after `b`. Pairs of blocks come in any order. */
  take(found: PairResult, a: FilmBlock, b: FilmBlock): void | Promise<void>;
}

/**
 * Takes the results of a survey, which comes before all pairs are scored. A survey looks only at pairs with the first
 * frame of a shot, with their lower bounds in the place of the closeness. It finds floors early, and is worth it if
 * there is no other way to know them.
 */
export interface Survey extends Taker {
  /** One of so many pairs of blocks is surveyed: all (1) if each frame has a floor of its own, few if all share one. */
  readonly every: number;
  end(): void;
}

/**
 * Scores in one pass the pairs of frames that any of the questions needs; all are about the same films. Each block is
 * scored with itself first: a frame is most like the frames around it, and once these are found, few frames of other
 * films can still be among its nearest. After an abort or a failure, unfinished work is dropped. Errors: those of
 * reading the films and of `take`; the signal's reason.
 */
export async function scoreFilmPairs(
  metric: Metric,
  questions: readonly PairQuestion[],
  context: SearchContext,
): Promise<void> {
  context.signal?.throwIfAborted();
  const numbered = questions.map((question, number) => ({ ...question, number }));
  const { pairs, cost } = sumUp(numbered);
  const threads = threadsFor(cost, pairs, context);
  const pass: Pass = { threads, mostInGroup: pairs >= manyPairs * threads ? 2 : 1, context };
  const counts = { bounded: 0, left: 0, scored: 0 };
  const work: PairWork = {
    metric,
    questions: questions.map(({ blocks, excludeNear, ceiling }) => ({ blocks, excludeNear, ceiling })),
    reading: context.reading,
  };
  await withRunner(threads, context.signal, work, async ({ surveyPair, scorePair }) => {
    const surveyed = numbered.filter(({ survey, blocks }) => survey && canBeSurveyed(blocks));
    const surveys = surveyed.map((question) => ({ ...question, ...question.survey }));
    if (surveys.length > 0) await overPairs(surveys, surveyPair, { ...pass, isSurvey: true });
    for (const { survey } of surveyed) survey?.end();
    const scoreAndCount = async (task: PairTask) => {
      const { found, counts: more } = await scorePair(task);
      counts.bounded += more.bounded;
      counts.left += more.left;
      counts.scored += more.scored;
      return found;
    };
    await overPairs(numbered, scoreAndCount, pass);
  });
  context.onPairCounts?.(counts);
}

/** Calls `use` with a runner for the tasks of this work: on worker threads, or on this thread if there are to be none. */
async function withRunner(
  threads: number,
  signal: AbortSignal | undefined,
  work: PairWork,
  use: (runner: PairRunner) => Promise<void>,
): Promise<void> {
  if (threads > 0) {
    const module = new URL('./batch-worker.js', import.meta.url);
    return withWorkers<BatchKinds, void>(module, { threads, signal, shared: work }, (pool) =>
      use({
        scorePair: (task) => pool.run('scorePair', task),
        surveyPair: (task) => pool.run('surveyPair', task),
      }),
    );
  }
  const { createPairRunner } = await import('./batch-worker.js');
  const runner = createPairRunner(work);
  return use(runner).finally(runner.end);
}

/** How a pass goes over the pairs of blocks. */
interface Pass {
  readonly threads: number;
  /** How many pairs of blocks are taken together. */
  readonly mostInGroup: 1 | 2;
  readonly isSurvey?: boolean;
  readonly context: SearchContext;
}

/** Finds the results of all pairs of blocks that the questions need, and hands them on. */
async function overPairs(
  questions: readonly NumberedQuestion[],
  find: (task: PairTask) => Promise<readonly PairResult[]>,
  { threads, mostInGroup, isSurvey = false, context }: Pass,
): Promise<void> {
  const { signal, onProgress } = context;
  const { total } = sumUp(questions, isSurvey);
  const unit = isSurvey ? 'pairs of films surveyed' : 'pairs of films';
  let done = 0;
  const tell = () => onProgress?.({ done, total, unit });
  tell();
  const groups = inGroups(blockPairsOf(questions, isSurvey), mostInGroup);
  await forEachConcurrently(groups, threads, async (group) => {
    for (const blockPair of group) {
      signal?.throwIfAborted();
      const found = await find(taskOf(blockPair));
      for (const [i, { question, a, b }] of blockPair.entries()) await question.take(found[i], a, b);
      done += filmPairsOf(blockPair);
      tell();
    }
  });
}

/** Whether the sketches of all films can be had without reading vectors from archives. */
function canBeSurveyed(blocks: readonly FilmBlock[]): boolean {
  const isAtHand = (film: FilmSource) => film.vectors !== undefined || film.held === undefined;
  return blocks.every(({ films }) => films.every((film) => basisOf(film) !== undefined && isAtHand(film)));
}

/** A question with its place in the work. */
interface NumberedQuestion extends PairQuestion {
  readonly number: number;
}

/** Two blocks as a question sees them. */
interface AskedPair {
  readonly question: NumberedQuestion;
  readonly a: FilmBlock;
  readonly b: FilmBlock;
}

/** Two blocks as the questions see them that need them: at least one. */
type BlockPair = readonly AskedPair[];

function taskOf(blockPair: BlockPair): PairTask {
  const [{ a, b }] = blockPair;
  const asked = blockPair.map(({ question, a, b }) => ({
    question: question.number,
    collect: question.collect(a, b),
  }));
  return { a: a.number, b: b.number, asked };
}

/** How many multiplications take as long as what else is done with a pair of frames. */
const pairCost = 450;

/**
 * How many pairs of blocks the questions need, how many pairs of films (`total`) these have, and how many
 * multiplications they take the time of.
 */
function sumUp(questions: readonly NumberedQuestion[], isSurvey = false) {
  const sums = { pairs: 0, total: 0, cost: 0 };
  for (const blockPair of blockPairsOf(questions, isSurvey)) {
    sums.pairs++;
    sums.total += filmPairsOf(blockPair);
    const [{ a, b }] = blockPair;
    sums.cost += a.frames * b.frames * (a.dim + pairCost);
  }
  return sums;
}

/**
 * The pairs of blocks that the questions need, in the order in which they are scored. A generator, since there may be a
 * million. A survey has no block with itself.
 */
function* blockPairsOf(questions: readonly NumberedQuestion[], isSurvey: boolean): Generator<BlockPair> {
  for (const [i, j] of orderOfPairs(Math.max(0, ...questions.map(({ blocks }) => blocks.length)))) {
    if (isSurvey && i === j) continue;
    const asked = questions
      .filter(({ survey }) => !isSurvey || (survey && isSurveyed(i, j, survey)))
      .map((question) => ({ question, a: question.blocks[i], b: question.blocks[j] }))
      .filter(({ a, b }) => canMeet(a, b));
    if (asked.length > 0) yield asked;
  }
}

/** Each block is surveyed with the next one, whatever `every` is. */
function isSurveyed(i: number, j: number, { every }: Survey): boolean {
  return (j - i) % every === 1 % every;
}

/**
 * The order in which blocks 0 to count - 1 are scored. First each block with itself, then each with the next: this
 * gives all of them floors. Then come bands of a few blocks, whose films are finished with their band: two of its
 * blocks at a time with each of `keptInTurn` later blocks, which threads keep open until the whole band is scored with
 * them.
 */
export function* orderOfPairs(count: number): Generator<readonly [number, number]> {
  for (let i = 0; i < count; i++) yield [i, i];
  for (let i = 1; i < count; i++) yield [i - 1, i];
  for (let first = 0; first < count; first += bandBlocks) {
    for (let start = first; start < count; start += keptInTurn) yield* orderOfBand(first, start, count);
  }
}

/** Blocks of a band: an even number, since they are taken in twos. */
const bandBlocks = 8;

/** The blocks of the band that begins at `first` with the `keptInTurn` blocks from `start` on. */
function* orderOfBand(first: number, start: number, count: number): Generator<readonly [number, number]> {
  for (let i = first; i < Math.min(first + bandBlocks, count); i += 2) {
    for (let j = Math.max(start, i + 2); j < Math.min(start + keptInTurn, count); j++) {
      yield [i, j];
      if (j > i + 2) yield [i + 1, j];
    }
  }
}

/**
 * Two pairs are taken together if there are this many for each thread: at the end no thread then waits long for
 * another.
 */
const manyPairs = 16;

/**
 * The pairs one by one, or by twos that share their second block, so that a thread has the rows of this block for both.
 */
function* inGroups(blockPairs: Iterable<BlockPair>, most: 1 | 2): Generator<readonly BlockPair[]> {
  let group: BlockPair[] = [];
  for (const blockPair of blockPairs) {
    const isOfGroup = group.length < most && group[0]?.[0].b.number === blockPair[0].b.number;
    if (isOfGroup) {
      group.push(blockPair);
      continue;
    }
    if (group.length > 0) yield group;
    group = [blockPair];
  }
  if (group.length > 0) yield group;
}

/** For each block, by its number: how many of the pairs of blocks with it the question needs. */
export function countBlockPairs(blocks: readonly FilmBlock[]): number[] {
  return blocks.map((a) => blocks.filter((b) => canMeet(a, b)).length);
}

function filmPairsOf([{ a, b }]: BlockPair): number {
  const [filmsA, filmsB] = [a.films.length, b.films.length];
  return a.number === b.number ? (filmsA * (filmsA + 1)) / 2 : filmsA * filmsB;
}
