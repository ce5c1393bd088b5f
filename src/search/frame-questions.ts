/** Questions about frames of films: from the names of frames to the vectors to search with. */
import type { Collection } from '../collection/collection.js';
import type { FrameName } from '../collection/frame-name.js';
import { catchGiallo, GialloError } from '../errors.js';
import { groupBy } from '../group-by.js';
import { squaredNorm } from '../kernel/scalar.js';
import type { Metric } from '../ranking/metric.js';
import { hasDirection, isFiniteRow, meanVector } from '../ranking/rows.js';
import type { SearchContext } from './context.js';
import { type Frame, openQueryFrames, type QueryFrames } from './query-frames.js';
import type { Combination, FrameRef } from './question.js';

/** A question with its vectors. */
export interface FrameQuestion {
  readonly frames: readonly Frame[];
  /** As `queryVectors` combined them: each [dim]. */
  readonly vectors: readonly Float32Array[];
}

/** The frames of each question, in order; an error in the place of a question that names what does not exist. */
export async function resolveQuestions(
  questions: readonly (readonly FrameName[])[],
  queryFrames: QueryFrames,
): Promise<(Frame[] | GialloError)[]> {
  return sequentially(questions, (names) =>
    catchGiallo(() => sequentially(names, (name) => queryFrames.resolve(name))),
  );
}

/**
 * The questions with their vectors; an error in the place of a question that cannot be asked. Each film is read once.
 * Nothing of it counts before `queryFrames.check`.
 */
export async function readQuestions(
  resolved: readonly (readonly Frame[] | GialloError)[],
  queryFrames: QueryFrames,
  settings: { readonly metric: Metric; readonly combine: Combination },
): Promise<(FrameQuestion | GialloError)[]> {
  const rows = await queryFrames.readEarly(
    resolved.flatMap((frames) => (frames instanceof GialloError ? [] : frames)),
  );
  return Promise.all(
    resolved.map((frames) =>
      catchGiallo(() => {
        if (frames instanceof GialloError) throw frames;
        const mine = frames.map((frame) => rowOf(rows, frame));
        return { frames, vectors: queryVectors(frames, mine, settings) };
      }),
    ),
  );
}

/**
 * The vectors of frames; of a range, only those that have a direction. Errors: those of naming and reading frames;
 * `query-unusable` for a range in which no vector has one.
 */
export async function vectorsOfFrames(
  collection: Collection,
  ranges: readonly (readonly FrameName[])[],
  context: SearchContext,
): Promise<readonly Float32Array[]> {
  if (ranges.length === 0) return [];
  const queryFrames = openQueryFrames(collection, context);
  try {
    const resolved = await sequentially(ranges, (names) =>
      sequentially(names, (name) => queryFrames.resolve(name)),
    );
    const rows = await queryFrames.read(resolved.flat());
    const isUsable = (frame: Frame) => hasDirection(squaredNorm(rowOf(rows, frame)));
    const frames = resolved.flatMap((range) => (range.some(isUsable) ? range.filter(isUsable) : range));
    const mine = frames.map((frame) => rowOf(rows, frame));
    return queryVectors(frames, mine, { metric: 'cosine', combine: 'max' });
  } catch (error) {
    if (!(error instanceof GialloError) || error.code !== 'query-unusable') throw error;
    // The hint to use another metric does not help here: frames are always left out by cosine.
    throw new GialloError(error.code, error.message);
  } finally {
    await queryFrames.close();
  }
}

/** The answerable questions, grouped by dim: each group takes one pass over the films. */
export function byDim(asked: readonly (FrameQuestion | GialloError)[]): FrameQuestion[][] {
  const answerable = asked.flatMap((one) => (one instanceof GialloError ? [] : one));
  return [...groupBy(answerable, ({ vectors }) => vectors[0]?.length ?? 0).values()];
}

export async function sequentially<T, U>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<U>,
): Promise<U[]> {
  const results: U[] = [];
  for (const [i, item] of items.entries()) results.push(await work(item, i));
  return results;
}

function rowOf(rows: ReadonlyMap<FrameRef, Float32Array | GialloError>, frame: Frame): Float32Array {
  const row = rows.get(frame) as Float32Array | GialloError;
  if (row instanceof GialloError) throw row;
  return row;
}

/**
 * The query vectors for `frames` with their rows `vectors`. Errors: `dim-mismatch` (frames of films with different
 * dims), `query-unusable` (a row with NaN or Inf; under cosine an all-zero row, or frames whose mean is zero).
 */
export function queryVectors(
  frames: readonly Frame[],
  vectors: readonly Float32Array[],
  { metric, combine }: { readonly metric: Metric; readonly combine: Combination },
): readonly Float32Array[] {
  const places = frames.map(({ film, index, filename }) => `${film.name} frame ${index} (${filename})`);
  requireOneDim(places, vectors);
  const norms = vectors.map((vector) => squaredNorm(vector));
  for (const [i, norm] of norms.entries()) requireUsable(places[i], norm, metric);
  if (combine === 'max' || vectors.length < 2) return vectors;
  const mean = meanVector(metric, vectors, norms);
  requireUsable(`the mean of ${frames.length} frames`, squaredNorm(mean), metric);
  return [mean];
}

/**
 * Errors: `query-unusable` if a vector of this n2 cannot be scored under the metric; `place` names it in the message.
 */
export function requireUsable(place: string, norm: number, metric: Metric): void {
  if (!isFiniteRow(norm)) {
    throw new GialloError('query-unusable', `${place}: the vector has NaN or Inf, and cannot be compared`);
  }
  if (norm === 0 && metric === 'cosine') {
    throw new GialloError(
      'query-unusable',
      `${place}: the vector is all zero, and has no direction to compare`,
      {
        hint: '--metric euclidean and --metric dot can compare it',
      },
    );
  }
}

function requireOneDim(places: readonly string[], vectors: readonly Float32Array[]): void {
  const dim = vectors[0]?.length;
  const other = vectors.findIndex((vector) => vector.length !== dim);
  if (other < 0) return;
  throw new GialloError(
    'dim-mismatch',
    `${places[other]}: expected vectors of ${dim} numbers as in ${places[0]}, found ${vectors[other]?.length}`,
  );
}
