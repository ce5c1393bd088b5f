/** What the products of two films' sketches say of the closeness of their rows. */
import type { Metric } from '../../ranking/metric.js';
import { isFiniteRow } from '../../ranking/rows.js';
import { closenessRange, codeScale, commonSlack, cosineFloor, type Range } from '../../search-index/bound.js';
import type { Side } from './collector.js';
import type { SketchedFilm } from './sketched-film.js';

export interface PairBounds {
  /** What the closeness of a pair is at least and at most; NaN where a row is not finite. */
  range(indexA: number, indexB: number, product: number): Range;
  /** The least product with which a row of one side can be as close as `floor` to any row of the other. */
  threshold(side: Side, row: number, floor: number): number;
}

/** No product is as large. */
const never = 2 ** 31 - 1;
const always = -(2 ** 31);
const squareScale = codeScale * codeScale;

/** The bounds of two films on one basis; `delta` is what that says of itself. */
export function pairBounds(a: SketchedFilm, b: SketchedFilm, delta: number, metric: Metric): PairBounds {
  const longest = { length: 1 + delta + a.coding, coding: a.coding, remainder: 0 };
  const common = commonSlack(longest, b.coding, delta, a.dim);
  return {
    range(indexA, indexB, product) {
      const estimate = product / squareScale;
      const slack = common + a.remainders[indexA] * b.remainders[indexB];
      const cosine = { least: estimate - slack, most: estimate + slack };
      return closenessRange(metric, cosine, a.squaredNorms[indexA], b.squaredNorms[indexB], a.dim);
    },
    threshold(side, row, floor) {
      const [own, other] = side === 'a' ? [a, b] : [b, a];
      if (floor === Number.POSITIVE_INFINITY || !isFiniteRow(own.squaredNorms[row])) return never;
      const least = cosineFloor(metric, floor, own.squaredNorms[row], other.squaredNormRange);
      const slack = common + own.remainders[row] * other.largestRemainder;
      return Math.max(always, Math.min(never, Math.floor((least - slack) * squareScale)));
    },
  };
}
