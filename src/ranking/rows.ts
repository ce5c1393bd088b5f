/** What follows from the n2 of rows, their canonical squared norms (`squaredNorm`), and the mean of vectors. */
import type { Metric } from './metric.js';

/** Whether a row has neither NaN nor Inf, by its n2. No answer holds other rows. */
export function isFiniteRow(squaredNorm: number): boolean {
  return Number.isFinite(squaredNorm);
}

/** Whether a row has a direction, by its n2: it is neither all zero nor has NaN or Inf. */
export function hasDirection(squaredNorm: number): boolean {
  return squaredNorm > 0 && isFiniteRow(squaredNorm);
}

/** How many rows are all zero, and how many have NaN or Inf. */
export function countRows(squaredNorms: Float64Array): { readonly zero: number; readonly nonFinite: number } {
  let zero = 0;
  let nonFinite = 0;
  for (const norm of squaredNorms) {
    if (norm === 0) zero++;
    else if (!isFiniteRow(norm)) nonFinite++;
  }
  return { zero, nonFinite };
}

/** The least and the largest value that a number can have. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The range of the n2 of finite rows; 0 to 0 if there are none. */
export function squaredNormRange(squaredNorms: Float64Array): Range {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const norm of squaredNorms) {
    if (!isFiniteRow(norm)) continue;
    least = Math.min(least, norm);
    most = Math.max(most, norm);
  }
  return { least: Math.min(least, most), most };
}

/**
 * The float64 mean of the unit vectors (cosine), or of the vectors as they are (dot, euclidean), in the order given,
 * rounded once to float32. `squaredNorms` are the canonical n2 of the vectors, all of them finite and, for cosine,
 * none of them 0. The result may be all zero: opposite frames cancel out.
 */
export function meanVector(
  metric: Metric,
  vectors: readonly Float32Array[],
  squaredNorms: readonly number[],
): Float32Array {
  const dim = vectors[0]?.length ?? 0;
  const sums = new Float64Array(dim);
  vectors.forEach((vector, v) => {
    const norm = metric === 'cosine' ? Math.sqrt(squaredNorms[v]) : 1;
    for (let i = 0; i < dim; i++) sums[i] += vector[i] / norm;
  });
  return Float32Array.from(sums, (sum) => sum / vectors.length);
}
