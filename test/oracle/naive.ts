/** The oracle of searches: scores all pairs of frames, filters them, and sorts them completely. */
import { dotProduct, squaredDistance, squaredNorm } from '../../src/kernel/scalar.js';
import { filenameOf, type MadeFilm } from './made-films.js';

export type Metric = 'cosine' | 'dot' | 'euclidean';

export interface NaiveFrame {
  readonly film: MadeFilm;
  readonly index: number;
  readonly vector: Float32Array;
  readonly shot: number;
}

export interface NaiveHit {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  readonly score: number;
}

export interface NaiveFilters {
  readonly metric: Metric;
  readonly k: number;
  readonly perFilm?: number | undefined;
  readonly perShot?: number | undefined;
  readonly cutoff?: number | undefined;
  readonly ceiling?: number | undefined;
  readonly without?: readonly Float32Array[] | undefined;
  readonly excludeNear: number | 'shot';
}

/** A list with the vector of the first frame that has a direction; empty if there is none. */
export function firstPicture(films: readonly MadeFilm[]): Float32Array[] {
  const vectors = films.flatMap(({ rows }) => rows.map((row) => Float32Array.from(row)));
  return vectors.filter((vector) => isAllFinite(vector) && squaredNorm(vector) > 0).slice(0, 1);
}

/** Whether a frame is the same picture as one of these. */
export function isPicture({ vector }: NaiveFrame, pictures: readonly Float32Array[] = []): boolean {
  return isAllFinite(vector) && pictures.some((picture) => scoreOf('cosine', picture, vector) >= 0.98);
}

/** All frames of the films, in the order that breaks ties; `shotsOf` has the shots of each film. */
export function framesOf(
  films: readonly MadeFilm[],
  shotsOf: (film: MadeFilm) => readonly number[],
): NaiveFrame[] {
  return inOrder(films).flatMap((film) => {
    const shots = shotsOf(film);
    return film.rows.map((row, index) => ({
      film,
      index,
      vector: Float32Array.from(row),
      shot: shots[index] as number,
    }));
  });
}

export function inOrder(films: readonly MadeFilm[]): MadeFilm[] {
  const codes = ({ name }: MadeFilm) => [...name].map((character) => character.codePointAt(0) as number);
  const compare = (a: readonly number[], b: readonly number[]): number => {
    const i = a.findIndex((code, at) => code !== b[at]);
    if (i < 0) return a.length - b.length;
    return b[i] === undefined ? 1 : (a[i] as number) - b[i];
  };
  return [...films].sort((a, b) => compare(codes(a), codes(b)));
}

export function isAllFinite(vector: Float32Array): boolean {
  return vector.every(Number.isFinite);
}

export function isZero(vector: Float32Array): boolean {
  return vector.every((value) => value === 0);
}

export function scoreOf(metric: Metric, a: Float32Array, b: Float32Array): number {
  if (metric === 'euclidean') return Math.sqrt(squaredDistance(a, b));
  const dot = dotProduct(a, b);
  if (metric === 'dot') return dot;
  if (isZero(a) || isZero(b)) return 0;
  return Math.min(1, Math.max(-1, dot / Math.sqrt(squaredNorm(a) * squaredNorm(b))));
}

/**
 * The answer to a question with `vectors` among `frames`. The best score over the vectors counts. Frames near those of
 * `origin` are left out, the rest is sorted completely, and limits are applied from the top.
 */
export function answerTo(
  vectors: readonly Float32Array[],
  origin: readonly NaiveFrame[],
  frames: readonly NaiveFrame[],
  filters: NaiveFilters,
): NaiveHit[] {
  const { metric, k, perFilm, perShot, cutoff, ceiling, without, excludeNear } = filters;
  const isDistance = metric === 'euclidean';
  const best = (scores: readonly number[]) => (isDistance ? Math.min(...scores) : Math.max(...scores));
  const kept: NaiveHit[] = [];
  const counts = new Map<string, number>();
  const hasRoom = (key: string, most: number | undefined) =>
    (counts.get(key) ?? 0) < (most ?? Number.POSITIVE_INFINITY);
  const scored = frames
    .filter((frame) => isAllFinite(frame.vector) && !origin.some((from) => isNear(from, frame, excludeNear)))
    .filter((frame) => !isPicture(frame, without))
    .map((frame) => ({ frame, score: best(vectors.map((vector) => scoreOf(metric, vector, frame.vector))) }))
    .filter(({ score }) => cutoff === undefined || (isDistance ? score <= cutoff : score >= cutoff))
    .filter(({ score }) => ceiling === undefined || (isDistance ? score >= ceiling : score <= ceiling))
    .sort((a, b) => (isDistance ? a.score - b.score : b.score - a.score));
  for (const { frame, score } of scored) {
    const { film, index, shot } = frame;
    const keys = [`film ${film.name}`, `shot ${shot} ${film.name}`] as const;
    if (kept.length === k || !hasRoom(keys[0], perFilm) || !hasRoom(keys[1], perShot)) continue;
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    kept.push({ film: film.name, index, filename: filenameOf(film, index), score });
  }
  return kept;
}

export function isNear(a: NaiveFrame, b: NaiveFrame, near: number | 'shot'): boolean {
  if (a.film !== b.film) return false;
  return near === 'shot' ? a.shot === b.shot : Math.abs(a.index - b.index) <= near;
}

/** The shots by a given threshold, according to the definition. */
export function shotsBelow(film: MadeFilm, threshold: number): number[] {
  const shots: number[] = [];
  let before: Float32Array | undefined;
  for (const row of film.rows) {
    const vector = Float32Array.from(row);
    const last = shots.at(-1) ?? 0;
    if (!isAllFinite(vector)) {
      shots.push(last);
      continue;
    }
    const isBlackOnBlack = before !== undefined && isZero(before) && isZero(vector);
    const isCut = before !== undefined && !isBlackOnBlack && scoreOf('cosine', before, vector) < threshold;
    shots.push(isCut ? last + 1 : last);
    before = vector;
  }
  return shots;
}

/** The mean of directions, or of vectors as they are: summed in float64 in the order given, rounded once. */
export function meanOf(metric: Metric, vectors: readonly Float32Array[]): Float32Array {
  const length = (vector: Float32Array) => (metric === 'cosine' ? Math.sqrt(squaredNorm(vector)) : 1);
  const dim = vectors[0]?.length ?? 0;
  return Float32Array.from({ length: dim }, (_, i) => {
    const sum = vectors.reduce((total, vector) => total + (vector[i] as number) / length(vector), 0);
    return sum / vectors.length;
  });
}
