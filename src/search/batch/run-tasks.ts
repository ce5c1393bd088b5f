/** Runs the pair tasks of a question on all cores and hands each result to its taker, on the one thread that keeps them. */
import type { Metric } from '../../ranking/metric.js';
import type { Nearness } from '../../ranking/near.js';
import { forEachConcurrently, threadsFor } from '../../threads/concurrency.js';
import { withWorkers } from '../../threads/worker-pool.js';
import type { SearchContext } from '../context.js';
import type { BatchKinds, ScoredPair } from './batch-worker.js';
import { canMeet, type FilmBlock } from './film-block.js';
import type { Collect, PairResult, PairTask } from './pair-task.js';

/** What is asked of the frames of all pairs of blocks. */
export interface PairQuestion {
  readonly metric: Metric;
  /** Pairs of frames of one film that are left out. */
  readonly excludeNear: Nearness;
  /** Closeness above which pairs are left out. */
  readonly ceiling?: number | undefined;
  /** What to keep of two blocks, asked when their turn comes, so that it knows what was found until then. */
  collect(a: FilmBlock, b: FilmBlock): Collect;
  /** Takes what was found of two blocks; `a` is never after `b`. Pairs of blocks come in any order. */
  take(found: PairResult, a: FilmBlock, b: FilmBlock): void | Promise<void>;
}

/**
 * Scores the pairs of frames that are of use: each block with itself first. A frame is most like those around it: with
 * them found first, few frames of other films can still be of use. At an abort
 * or the first failure what is under way is dropped. Errors: those of reading the films and of `take`; the signal's reason.
 */
export async function scoreFilmPairs(
  blocks: readonly FilmBlock[],
  { metric, excludeNear, ceiling, collect, take }: PairQuestion,
  context: SearchContext,
): Promise<void> {
  const { signal, reading, onProgress } = context;
  signal?.throwIfAborted();
  const pairs = pairsOfBlocks(blocks);
  const total = pairs.reduce((sum, pair) => sum + filmPairsOf(pair), 0);
  const cost = pairs.reduce((sum, [a, b]) => sum + a.frames * b.frames * a.dim, 0);
  const threads = threadsFor(cost, pairs.length, context);
  const counts = { bounded: 0, left: 0, scored: 0 };
  let done = 0;
  const tell = () => onProgress?.({ done, total, unit: 'pairs of films' });
  tell();
  const scoreAll = (score: (task: PairTask) => Promise<ScoredPair>) =>
    forEachConcurrently(pairs, Math.max(1, threads), async (pair) => {
      signal?.throwIfAborted();
      const [a, b] = pair;
      const task = { a, b, metric, excludeNear, ceiling, collect: collect(a, b), reading };
      const { found, counts: more } = await score(task);
      await take(found, a, b);
      counts.bounded += more.bounded;
      counts.left += more.left;
      counts.scored += more.scored;
      done += filmPairsOf(pair);
      tell();
    });
  if (threads > 0) {
    const module = new URL('./batch-worker.js', import.meta.url);
    await withWorkers<BatchKinds, void>(module, { threads, signal }, (pool) =>
      scoreAll((task) => pool.run('scorePair', task)),
    );
  } else {
    const { createPairRunner } = await import('./batch-worker.js');
    const { run, end } = createPairRunner();
    await scoreAll(run).finally(end);
  }
  context.onPairCounts?.(counts);
}

type PairOfBlocks = readonly [FilmBlock, FilmBlock];

/**
 * In the order in which they are scored: each block with itself, then each with the next, which gives all of them
 * something to beat, then block by block with all that come after.
 */
export function pairsOfBlocks(blocks: readonly FilmBlock[]): PairOfBlocks[] {
  const withItself = blocks.map((block): PairOfBlocks => [block, block]);
  const withNext = blocks.slice(1).map((b, place): PairOfBlocks => [blocks[place], b]);
  const others = blocks.flatMap((a, place) => blocks.slice(place + 2).map((b): PairOfBlocks => [a, b]));
  return [...withItself, ...withNext, ...others].filter(([a, b]) => canMeet(a, b));
}

function filmPairsOf([a, b]: PairOfBlocks): number {
  const [filmsA, filmsB] = [a.films.length, b.films.length];
  return a === b ? (filmsA * (filmsA + 1)) / 2 : filmsA * filmsB;
}
