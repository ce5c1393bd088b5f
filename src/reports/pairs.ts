/** `giallo pairs`: the best-matching pairs of frames of different films, possible match cuts. */
import type { FilmEntry } from '../collection/film.js';
import { type BatchFilm, measureFilms } from '../search/batch/batch-films.js';
import { pairsOfFilms, taskFilm } from '../search/batch/film-pairs.js';
import type { PairResult } from '../search/batch/pair-task.js';
import { type PlannedTask, runTasks } from '../search/batch/run-tasks.js';
import type { SearchContext } from '../search/context.js';
import type { Searched, SkippedFilm } from '../search/search.js';

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
export interface ShotFrame {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  readonly shot: number;
}

/** Which pairs to look for. */
export interface PairsRequest {
  /** The films to pair. */
  readonly films: readonly FilmEntry[];
  /** How many pairs. */
  readonly k: number;
  /** Pairs that any one shot may be in. */
  readonly perShot: number;
  /** Pairs of frames of one film, of different shots, count as well. */
  readonly withinFilms: boolean;
  /** Cosine of a pair at the least. */
  readonly minScore?: number | undefined;
  readonly shotThreshold?: number | undefined;
}

export const pairsDefaults = { k: 100, perShot: 1, withinFilms: false } as const;

/**
 * The best pairs, chosen greedily, best first: a pair counts if neither of its shots is in `perShot` better ones. Equal
 * scores go by film, index, other film, other index. Errors: those of reading the films.
 */
export async function pairs(request: PairsRequest, context: SearchContext = {}): Promise<PairsReport> {
  const { films, skipped, searched } = await measureFilms(request.films, request.shotThreshold, context);
  const meetings = [...pairsOfFilms(films, { withSelf: request.withinFilms })];
  const chosen: Candidate[] = [];
  const uses = new Map<string, number>();
  let ceiling = Number.POSITIVE_INFINITY;
  let isMore = true;
  while (isMore && chosen.length < request.k) {
    const pool = new CandidatePool(request.minScore ?? -1, ceiling);
    await runTasks(
      meetings.map(([a, b]) => collectTask(films, a, b, request, pool)),
      meetings.length,
      context,
    );
    for (const candidate of pool.sorted()) {
      if (chosen.length < request.k && takeShots(candidate, films, request.perShot, uses))
        chosen.push(candidate);
    }
    isMore = pool.isCut;
    ceiling = pool.floor;
  }
  return {
    v: 1,
    k: request.k,
    searched,
    skipped,
    pairs: chosen.map((candidate, i) => pairRow(candidate, i + 1, films)),
  };
}

/** A pair of frames; films by their position, that of `a` never after that of `b`. */
interface Candidate {
  readonly filmA: number;
  readonly indexA: number;
  readonly filmB: number;
  readonly indexB: number;
  readonly score: number;
}

/**
 * The best candidates of one pass. A better pair can displace two others, so no k-th score bounds what may be chosen;
 * instead a pass keeps all candidates above a floor that rises as they become too many, and a later pass takes those
 * at or below it. What was chosen above the floor stays chosen: the choice looks at better pairs only.
 */
class CandidatePool {
  floor: number;
  /** True where candidates at or below the floor were left for another pass. */
  isCut = false;
  readonly #ceiling: number;
  #candidates: Candidate[] = [];

  constructor(leastScore: number, ceiling: number) {
    this.floor = leastScore;
    this.#ceiling = ceiling;
  }

  offer(candidate: Candidate): void {
    const { score } = candidate;
    if (score > this.#ceiling || score < this.floor || (this.isCut && score === this.floor)) return;
    this.#candidates.push(candidate);
    if (this.#candidates.length >= 2 * poolSize) this.#cut();
  }

  sorted(): readonly Candidate[] {
    return this.#candidates.sort(compareCandidates);
  }

  #cut(): void {
    const sorted = this.sorted();
    const floor = sorted[poolSize].score;
    if (floor === sorted[0].score) return;
    this.floor = floor;
    this.isCut = true;
    this.#candidates = sorted.filter(({ score }) => score > floor);
  }
}

const poolSize = 500_000;

function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    b.score - a.score || a.filmA - b.filmA || a.indexA - b.indexA || a.filmB - b.filmB || a.indexB - b.indexB
  );
}

function collectTask(
  films: readonly BatchFilm[],
  a: BatchFilm,
  b: BatchFilm,
  { perShot }: PairsRequest,
  pool: CandidatePool,
): PlannedTask {
  const [filmA, filmB] = [films.indexOf(a), films.indexOf(b)];
  return {
    build: () => ({
      a: taskFilm(a),
      b: taskFilm(b),
      metric: 'cosine',
      excludeNear: 'shot',
      collect: { kind: 'shot-pairs', limit: perShot, floor: pool.floor },
    }),
    take({ forward: { from, to, closeness } }: PairResult) {
      for (let i = 0; i < from.length; i++) {
        pool.offer({ filmA, indexA: from[i], filmB, indexB: to[i], score: closeness[i] });
      }
    },
  };
}

/** Counts the pair against its two shots, unless either has been used often enough. */
function takeShots(
  { filmA, indexA, filmB, indexB }: Candidate,
  films: readonly BatchFilm[],
  perShot: number,
  uses: Map<string, number>,
): boolean {
  const keys = [`${filmA}:${shotOf(films[filmA], indexA)}`, `${filmB}:${shotOf(films[filmB], indexB)}`];
  if (keys.some((key) => (uses.get(key) ?? 0) >= perShot)) return false;
  for (const key of keys) uses.set(key, (uses.get(key) ?? 0) + 1);
  return true;
}

function shotOf({ shots }: BatchFilm, index: number): number {
  return shots.shotOf[index];
}

function pairRow(
  { filmA, indexA, filmB, indexB, score }: Candidate,
  rank: number,
  films: readonly BatchFilm[],
): PairRow {
  const frame = (film: BatchFilm, index: number): ShotFrame => ({
    film: film.entry.name,
    index,
    filename: film.filenames[index],
    shot: shotOf(film, index),
  });
  return { rank, score, a: frame(films[filmA], indexA), b: frame(films[filmB], indexB) };
}
