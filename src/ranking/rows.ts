/** What the n2 of rows says of them, and the mean of several. */
import type { Metric } from './metric.js';

/** False for a row with NaN or Inf, which no answer holds; told from its n2. */
export function isFiniteRow(squaredNorm: number): boolean {
  return Number.isFinite(squaredNorm);
}

/** True for a row that has a direction: neither all zero nor with NaN or Inf. */
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

/** What a number is at least and at most. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** The least and the greatest n2 of finite rows; 0 and 0 where there are none. */
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
