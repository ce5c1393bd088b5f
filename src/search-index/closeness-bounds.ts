/** From products of sketches to the least and the most that each row's closeness can be, under any metric. */
import type { Metric } from '../ranking/metric.js';
import type { Basis } from './basis.js';
import { codeScale, commonSlack, doubleAllowance } from './bound.js';
import type { FilmSketches } from './film-sketches.js';
import type { QuerySketch } from './sketch.js';

export interface ClosenessBounds {
  /** [frames]; NaN for rows that are not finite. */
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/**
 * Bounds of the closeness (as `closenessOf`) of each row to the best of a question's queries. `products` are theirs with
 * the film's rows, in their order. `squaredNorms` are needed by dot and euclidean.
 */
export function closenessBounds(
  metric: Metric,
  queries: readonly QuerySketch[],
  products: readonly Int32Array[],
  sketches: FilmSketches,
  basis: Basis,
  squaredNorms: Float64Array | undefined,
): ClosenessBounds {
  const { frames, coding } = sketches.meta;
  const remainders = sketches.remainders();
  const least = new Float64Array(frames).fill(Number.NEGATIVE_INFINITY);
  const most = new Float64Array(frames).fill(Number.NEGATIVE_INFINITY);
  for (const [q, query] of queries.entries()) {
    const common = commonSlack(query, coding, basis.delta, basis.dim);
    const rounding = 4 * doubleAllowance(basis.dim);
    for (let row = 0; row < frames; row++) {
      const cosine = products[q][row] / (codeScale * codeScale);
      const slack = common + query.remainder * remainders[row];
      let low = cosine - slack;
      let high = cosine + slack;
      if (metric !== 'cosine' && squaredNorms) {
        const norms = Math.sqrt(query.squaredNorm * squaredNorms[row]);
        low *= norms;
        high *= norms;
        if (metric === 'euclidean') {
          // |q - x|^2 = |q|^2 + |x|^2 - 2 q.x, rounded once more in sums of these sizes.
          const squares = query.squaredNorm + squaredNorms[row];
          const room = squares * rounding;
          [low, high] = [
            -Math.sqrt(Math.max(0, squares - 2 * low + room)),
            -Math.sqrt(Math.max(0, squares - 2 * high - room)),
          ];
        }
      }
      // NaN, the mark of rows that are not finite, stays NaN through both.
      least[row] = Math.max(least[row], low);
      most[row] = Math.max(most[row], high);
    }
  }
  return { least, most };
}
