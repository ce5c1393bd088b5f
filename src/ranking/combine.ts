/** Several frames in one question: their mean direction as one query vector. */
import type { Metric } from './metric.js';

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
