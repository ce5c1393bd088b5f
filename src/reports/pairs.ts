/** `giallo pairs`: the best-matching pairs of frames of different films, possible match cuts. */
import type { FilmEntry } from '../collection/film.js';
import type { Searched, SkippedFilm } from '../search/answer.js';
import { type BatchFilm, measureFilms } from '../search/batch/batch-films.js';
import { type Candidate, CandidatePool } from '../search/batch/candidate-pool.js';
import { type Meeting, meetFilms } from '../search/batch/film-pairs.js';
import type { SearchContext } from '../search/context.js';

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
  /** Pairs that are looked at in one pass over the films: fewer take less memory, and may take more passes. */
  readonly mostCandidates?: number | undefined;
}

/** Some 100 MB here and in each thread. */
const defaultMostCandidates = 250_000;

/**
 * The best pairs, chosen greedily, best first: a pair counts if neither of its shots is in `perShot` better ones. Equal
 * scores go by film, index, other film, other index. Errors: `films-skipped` where no film could be read, and those of
 * reading the films.
 */
export async function pairs(request: PairsRequest, context: SearchContext = {}): Promise<PairsReport> {
  const { films, skipped, searched } = await measureFilms(request, context);
  const chosen: Candidate[] = [];
  const hasRoom = shotCounter(films, request.perShot);
  let last: Candidate | undefined;
  do {
    const pool = new CandidatePool(
      request.minScore ?? -1,
      last,
      request.mostCandidates ?? defaultMostCandidates,
    );
    await fillPool(pool, last, films, request, context);
    for (const candidate of pool.sorted()) {
      if (chosen.length === request.k) break;
      if (hasRoom(candidate)) chosen.push(candidate);
    }
    last = pool.last;
  } while (last && chosen.length < request.k);
  const rows = chosen.map((candidate, i) => pairRow(candidate, i + 1, films));
  return { v: 1, k: request.k, searched, skipped, pairs: rows };
}

/** Offers the pool the best pairs of frames of every two shots: as many as could be chosen of them. */
async function fillPool(
  pool: CandidatePool,
  after: Candidate | undefined,
  films: readonly BatchFilm[],
  request: PairsRequest,
  context: SearchContext,
): Promise<void> {
  const { k, perShot, withinFilms, mostCandidates: mostPairs = defaultMostCandidates } = request;
  const ordinals = new Map(films.map((film, i) => [film, i]));
  const ordinalsOf = (a: BatchFilm, b: BatchFilm) =>
    [ordinals.get(a) as number, ordinals.get(b) as number] as const;
  const settle = floorRaiser(pool, films, request);
  const meeting: Meeting = {
    metric: 'cosine',
    withSelf: withinFilms,
    excludeNear: 'shot',
    collect: (a, b) => ({
      kind: 'shot-pairs',
      limit: Math.min(k, perShot),
      floor: pool.floor,
      ordinals: ordinalsOf(a, b),
      after,
      mostPairs,
    }),
    take(a, b, { forward: { from, to, closeness }, isCut }) {
      const [filmA, filmB] = ordinalsOf(a, b);
      const candidate = (i: number) => ({
        filmA,
        indexA: from[i],
        filmB,
        indexB: to[i],
        closeness: closeness[i],
      });
      for (let i = 0; i < from.length && closeness[i] >= pool.floor; i++) pool.offer(candidate(i));
      if (isCut) pool.endAt(candidate(from.length - 1));
      if (!after) settle();
    },
  };
  await meetFilms(films, meeting, context);
}

/**
 * A function that raises the floor of the pool by what is in it. Whatever else is found, k pairs will be chosen that are
 * as close as the last of 2k chosen now: any greedy choice of pairs is at least half as large as any other choice under
 * the same limits, since a pair that it leaves out has a full shot, and each chosen pair fills two.
 */
function floorRaiser(
  pool: CandidatePool,
  films: readonly BatchFilm[],
  { k, perShot }: PairsRequest,
): () => void {
  let sizeBefore = 0;
  return () => {
    // Choosing takes time: only where there is as much again to choose from.
    if (pool.size < 2 * Math.max(k, sizeBefore)) return;
    const hasRoom = shotCounter(films, perShot);
    let count = 0;
    for (const candidate of pool.sorted()) {
      if (!hasRoom(candidate) || ++count < 2 * k) continue;
      pool.raiseFloor(candidate.closeness);
      break;
    }
    sizeBefore = pool.size;
  };
}

/** A function that counts a pair against its two shots and says true, unless either has been used often enough. */
function shotCounter(films: readonly BatchFilm[], perShot: number): (candidate: Candidate) => boolean {
  const uses = films.map(({ shots }) => new Uint32Array(shots.count));
  return ({ filmA, indexA, filmB, indexB }) => {
    const shotA = shotOf(films[filmA], indexA);
    const shotB = shotOf(films[filmB], indexB);
    if (uses[filmA][shotA] >= perShot || uses[filmB][shotB] >= perShot) return false;
    uses[filmA][shotA]++;
    uses[filmB][shotB]++;
    return true;
  };
}

function shotOf({ shots }: BatchFilm, index: number): number {
  return shots.shotOf[index];
}

function pairRow(
  { filmA, indexA, filmB, indexB, closeness }: Candidate,
  rank: number,
  films: readonly BatchFilm[],
): PairRow {
  const frame = (film: BatchFilm, index: number): ShotFrame => ({
    film: film.entry.name,
    index,
    filename: film.filenames[index],
    shot: shotOf(film, index),
  });
  return { rank, score: closeness, a: frame(films[filmA], indexA), b: frame(films[filmB], indexB) };
}
