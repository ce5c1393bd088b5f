/** From the frames that are asked about to the query vectors of one question. */
import { GialloError } from '../errors.js';
import { squaredNorm } from '../kernel/scalar.js';
import type { Metric } from '../ranking/metric.js';
import { isFiniteRow, meanVector } from '../ranking/rows.js';
import type { Frame } from './query-frames.js';
import type { Combination } from './question.js';

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

/** Throws `query-unusable` for a vector, named by `place`, that no score under the metric can be computed with. */
export function requireUsable(place: string, norm: number, metric: Metric): void {
  if (!isFiniteRow(norm)) {
    throw new GialloError(
      'query-unusable',
      `${place}: expected numbers to compare, found NaN or Inf in the vector`,
    );
  }
  if (norm === 0 && metric === 'cosine') {
    throw new GialloError(
      'query-unusable',
      `${place}: expected a direction to compare, found an all-zero vector`,
      {
        hint: '--metric euclidean or --metric dot can be asked with it',
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
