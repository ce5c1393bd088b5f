/** From what a cosine is at least and at most to the same of a row's closeness, under any metric, and back. */
import type { Metric } from '../ranking/metric.js';
import { doubleAllowance } from './bound.js';

export interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * The range of the closeness (as `closenessOf`) of two vectors of `dim` numbers from that of their cosine; n2 of both are
 * needed by dot and euclidean.
 */
export function closenessRange(
  metric: Metric,
  cosine: Range,
  squaredNormQ: number,
  squaredNormX: number,
  dim: number,
): Range {
  if (metric === 'cosine') return cosine;
  const norms = Math.sqrt(squaredNormQ * squaredNormX);
  const least = cosine.least * norms;
  const most = cosine.most * norms;
  if (metric === 'dot') return { least, most };
  // |q - x|^2 = |q|^2 + |x|^2 - 2 q.x, rounded in sums of these sizes.
  const squares = squaredNormQ + squaredNormX;
  const room = 4 * doubleAllowance(dim) * squares;
  return {
    least: -Math.sqrt(Math.max(0, squares - 2 * least + room)),
    most: -Math.sqrt(Math.max(0, squares - 2 * most - room)),
  };
}

/**
 * The least cosine with which a row whose n2 lies within `squaredNorms` can be as close as `closeness`; minus infinity
 * where any can.
 */
export function cosineFloor(
  metric: Metric,
  closeness: number,
  squaredNormQ: number,
  squaredNorms: Range,
): number {
  if (metric === 'cosine' || closeness === Number.NEGATIVE_INFINITY) return closeness;
  const q = Math.sqrt(squaredNormQ);
  const shortest = Math.sqrt(squaredNorms.least);
  const longest = Math.sqrt(squaredNorms.most);
  if (q === 0) return Number.NEGATIVE_INFINITY;
  if (metric === 'dot') {
    const length = closeness > 0 ? longest : shortest;
    return length === 0 ? Number.NEGATIVE_INFINITY : lowered(closeness / (q * length), 1);
  }
  // cos >= (|q|^2 + |x|^2 - d^2) / 2|q||x|, least at the |x| that makes a right angle of d and x, or nearest to that.
  const square = squaredNormQ - closeness * closeness;
  const length = Math.min(longest, Math.max(shortest, Math.sqrt(Math.max(0, square))));
  if (length === 0) return Number.NEGATIVE_INFINITY;
  const size = (squaredNormQ + length * length + closeness * closeness) / (2 * q * length);
  return lowered((square + length * length) / (2 * q * length), size);
}

/** By what float64 may have rounded in numbers of this size. */
function lowered(value: number, size: number): number {
  return value - (Math.abs(value) + size) * 2 ** -45;
}
