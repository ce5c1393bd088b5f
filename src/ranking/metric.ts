/**
 * The canonical scores, from the kernel's float64 sums. Every path that ranks or prints goes through these few lines,
 * so that the same two frames have the same score to the bit wherever they are compared.
 */

export const metrics = ['cosine', 'dot', 'euclidean'] as const;
/** `cosine` and `dot`: larger is closer; `euclidean` is a distance: smaller is closer. */
export type Metric = (typeof metrics)[number];

/** Limits of scores. Distances have `maxDistance`, other scores have the two others. */
export type ScoreLimits = { readonly [Name in 'minScore' | 'maxScore' | 'maxDistance']?: number | undefined };

/**
 * The first limit that a question cannot have, and why: its metric does not take it, it is no cosine, or no score is
 * within both limits (`range`).
 */
export function refusedLimit(
  metric: Metric,
  limits: ScoreLimits,
): { readonly name: keyof ScoreLimits; readonly why: 'metric' | 'cosine' | 'range' } | undefined {
  for (const name of ['minScore', 'maxScore', 'maxDistance'] as const) {
    const limit = limits[name];
    if (limit === undefined) continue;
    if ((metric === 'euclidean') !== (name === 'maxDistance')) return { name, why: 'metric' };
    if (metric === 'cosine' && Math.abs(limit) > 1) return { name, why: 'cosine' };
  }
  const { minScore = -Infinity, maxScore = Infinity } = limits;
  return minScore > maxScore ? { name: 'minScore', why: 'range' } : undefined;
}

/** The cosine from which on two frames are the same picture. */
export const samePictureScore = 0.98;

/**
 * dot / sqrt(n2(q) n2(x)), clamped to [-1, 1]; 0 if either vector is all zero. One root of the product, not two roots
 * multiplied: so equal rows score exactly 1, and score(a, b) = score(b, a) to the bit.
 */
export function cosine(dot: number, squaredNormQ: number, squaredNormX: number): number {
  if (squaredNormQ === 0 || squaredNormX === 0) return 0;
  const score = dot / Math.sqrt(squaredNormQ * squaredNormX);
  return score > 1 ? 1 : score < -1 ? -1 : score;
}

/**
 * The closeness of a score under a metric: larger is closer. The same function turns a closeness back into its score,
 * exactly. Searches compare closeness; reports hold scores.
 */
export function closenessOf(metric: Metric, score: number): number {
  return metric === 'euclidean' ? 0 - score : score;
}

/**
 * The closeness of two vectors, from the canonical sum that the metric needs: their dot product or squared distance.
 */
export function closenessFrom(
  metric: Metric,
  sum: number,
  squaredNormQ: number,
  squaredNormX: number,
): number {
  if (metric === 'cosine') return cosine(sum, squaredNormQ, squaredNormX);
  return closenessOf(metric, metric === 'euclidean' ? Math.sqrt(sum) : sum);
}
