/** `giallo pairs`: the best-matching pairs of frames of different films, possible match cuts. */
import type { AnswerFrame, Searched, SkippedFilm } from '../search/answer.js';
import { type BatchFilm, type BatchFilms, FrameNumbers } from '../search/batch/batch-films.js';
import { type Candidate, CandidatePool, endAfter } from '../search/batch/candidate-pool.js';
import { packFilms } from '../search/batch/film-block.js';
import type { CollectShotPairs, FramePairs } from '../search/batch/pair-task.js';
import { type PairQuestion, type Survey, scoreFilmPairs } from '../search/batch/run-tasks.js';
import type { SearchContext } from '../search/context.js';
import {
  type AskedAboutPairs,
  answerAboutPairs,
  type FilmPairsRequest,
  rolesOfFrames,
} from './film-pairs.js';

/** The pairs, and the JSON that `giallo pairs --json` prints. */
export interface PairsReport {
  readonly v: 1;
  readonly k: number;
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** Best first. */
  readonly pairs: readonly PairRow[];
}

export interface PairRow {
  readonly rank: number;
  /** Cosine. */
  readonly score: number;
  /** The frame whose film comes first by name. */
  readonly a: ShotFrame;
  readonly b: ShotFrame;
}

/** A frame, and the shot that it is in. */
interface ShotFrame extends AnswerFrame {
  readonly shot: number;
}

/** Which pairs to look for. */
interface PairsRequest extends FilmPairsRequest {
  /** How many pairs. */
  readonly k: number;
  /** Pairs that any one shot may be in. */
  readonly perShot: number;
  /** Pairs of frames of one film, of different shots, count as well. */
  readonly withinFilms: boolean;
  /** Cosine of a pair at the least. */
  readonly minScore?: number | undefined;
  /** Pairs that are looked at in one pass over the films: fewer take less memory, and may take more passes. */
  readonly mostCandidates?: number | undefined;
}

/** Some 100 MB here and in each thread. */
const defaultMostCandidates = 250_000;

/**
 * The best pairs, chosen greedily, best first: a pair is skipped if one of its shots is in `perShot` better pairs
 * already. Equal scores go by film, index, other film, other index. Errors: `films-skipped` if no film could be read,
 * and those of reading the films.
 */
export function pairs(request: PairsRequest, context: SearchContext = {}): Promise<PairsReport> {
  return answerAboutPairs(askPairs, request, context);
}

/** The question that `pairs` asks of films that are measured; its answer may take more passes over them. */
export function askPairs(
  { films, skipped, searched }: BatchFilms,
  request: PairsRequest,
): AskedAboutPairs<PairsReport> {
  const shots = new ShotsOfFilms(films);
  const choice = new Choice(shots, request.perShot);
  const endOfAll = endAfter(request.minScore ?? -1);
  const passAfter = (after: Candidate | undefined) => {
    const { mostCandidates: size = defaultMostCandidates } = request;
    const pool = new CandidatePool({ after, end: endOfAll, size });
    return { pool, question: poolQuestion(pool, films, choice, request) };
  };
  let pass = passAfter(undefined);
  return {
    question: pass.question,
    async answer(context) {
      for (;;) {
        for (const candidate of pass.pool.sorted())
          if (choice.pairs.length < request.k) choice.offer(candidate);
        const { end } = pass.pool;
        if (end === endOfAll || choice.pairs.length >= request.k) break;
        pass = passAfter(end);
        await scoreFilmPairs('cosine', [pass.question], context);
      }
      const rows = choice.pairs.map((candidate, i) => pairRow(candidate, i + 1, shots));
      return { v: 1, k: request.k, searched, skipped, pairs: rows };
    },
  };
}

/**
 * A question that fills the pool with the best pairs of each pair of shots: with as many as can be chosen of them.
 * `choice` has what earlier passes have chosen.
 */
function poolQuestion(
  pool: CandidatePool,
  films: readonly BatchFilm[],
  choice: Choice,
  request: PairsRequest,
): PairQuestion {
  const { shots } = choice;
  const { withinFilms, maxScore } = request;
  const isFirst = pool.bounds.after === undefined;
  const endWhereEnough = createEndWhereEnough(pool, shots, request);
  const roleOf = rolesOfFrames(request, withinFilms);
  // A shot that is in `perShot` pairs can be in no other.
  const blocks = packFilms(films, (film, index) =>
    choice.hasRoom(shots.shotOf(shots.numbers.numberOf(film, index))) ? roleOf(film, index) : 0,
  );
  return {
    blocks,
    excludeNear: 'shot',
    ceiling: maxScore,
    survey: isFirst ? surveyFor(pool, shots, request) : undefined,
    collect: () => collectFor(pool, request),
    take({ forward, end }) {
      offerPairs(pool, forward);
      if (end) pool.endAt(end);
      if (isFirst) endWhereEnough();
    },
  };
}

/**
 * The survey looks at one of so many pairs of blocks: all would take a third of the time of the answer, and the end
 * that they give to the pool spares hardly more pairs.
 */
const surveyedOneIn = 8;

/** The survey for the pool, which ends it where there are enough pairs by their lower bounds. */
function surveyFor(pool: CandidatePool, shots: ShotsOfFilms, request: PairsRequest): Survey {
  const found = new CandidatePool(pool.bounds);
  const endWhereEnough = createEndWhereEnough(found, shots, request);
  return {
    every: surveyedOneIn,
    collect: () => collectFor(found, request),
    take({ forward }) {
      offerPairs(found, forward);
      endWhereEnough();
    },
    end: () => pool.endAt(found.end),
  };
}

function collectFor({ bounds }: CandidatePool, { k, perShot }: PairsRequest): CollectShotPairs {
  return { kind: 'shot-pairs', limit: Math.min(k, perShot), ...bounds };
}

/** Offers pairs, which are sorted best first, to a pool. */
function offerPairs(pool: CandidatePool, { from, to, closeness }: FramePairs): void {
  for (let i = 0; i < from.length && closeness[i] >= pool.end.closeness; i++)
    pool.offer({ a: from[i], b: to[i], closeness: closeness[i] });
}

/**
 * Returns a function that ends the pool at the last of 2k pairs that can be chosen of it. Whatever else is found, k
 * pairs up to there will be chosen: a greedy choice of pairs is at least half as large as any other choice under the
 * same limits, since each pair that it leaves out has a full shot, and each chosen pair fills at most two.
 */
function createEndWhereEnough(
  pool: CandidatePool,
  shots: ShotsOfFilms,
  { k, perShot }: PairsRequest,
): () => void {
  let countBefore = 0;
  return () => {
    // Choosing takes time: it is worth it again only if there are many more pairs to choose from.
    if (pool.count < Math.max(2 * k, growth * countBefore)) return;
    countBefore = pool.count;
    const choice = new Choice(shots, perShot);
    for (const candidate of pool.sorted()) {
      choice.offer(candidate);
      if (choice.pairs.length < 2 * k) continue;
      pool.endAt(candidate);
      return;
    }
  };
}

const growth = 1.25;

/** The shots of many films, numbered through. */
class ShotsOfFilms {
  readonly numbers: FrameNumbers;
  readonly count: number;
  /** Of each film. */
  readonly #firstShots: readonly number[];

  constructor(films: readonly BatchFilm[]) {
    this.numbers = new FrameNumbers(films);
    let count = 0;
    this.#firstShots = films.map(({ shots }) => {
      count += shots.count;
      return count - shots.count;
    });
    this.count = count;
  }

  /** The shot of a frame. */
  shotOf(frame: number): number {
    const { numbers } = this;
    return (
      this.#firstShots[numbers.placeOf(frame)] + numbers.filmOf(frame).shots.shotOf[numbers.indexOf(frame)]
    );
  }
}

/** A greedy choice of pairs. */
class Choice {
  readonly pairs: Candidate[] = [];
  readonly shots: ShotsOfFilms;
  readonly #perShot: number;
  readonly #uses: Uint32Array;

  constructor(shots: ShotsOfFilms, perShot: number) {
    this.shots = shots;
    this.#perShot = perShot;
    this.#uses = new Uint32Array(shots.count);
  }

  hasRoom(shot: number): boolean {
    return this.#uses[shot] < this.#perShot;
  }

  /** Chooses the pair unless one of its two shots is in enough pairs. */
  offer(candidate: Candidate): void {
    const [shotA, shotB] = [this.shots.shotOf(candidate.a), this.shots.shotOf(candidate.b)];
    if (!this.hasRoom(shotA) || !this.hasRoom(shotB)) return;
    this.#uses[shotA]++;
    this.#uses[shotB]++;
    this.pairs.push(candidate);
  }
}

function pairRow({ a, b, closeness }: Candidate, rank: number, { numbers }: ShotsOfFilms): PairRow {
  const frame = (number: number): ShotFrame => {
    const film = numbers.filmOf(number);
    const index = numbers.indexOf(number);
    const shot = film.shots.shotOf[index];
    return { film: film.entry.name, index, filename: film.filenames[index], shot };
  };
  return { rank, score: closeness, a: frame(a), b: frame(b) };
}
