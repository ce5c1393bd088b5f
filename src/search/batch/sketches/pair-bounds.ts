/**
 * Bounds of the closeness of two rows from the product of their sketches, or from their product in float32; and the
 * product that a pair needs to reach a given closeness. `search-index/bound.ts` derives them.
 */
import type { Metric } from '../../../ranking/metric.js';
import { isFiniteRow } from '../../../ranking/rows.js';
import {
  areFloatsSafe,
  closenessRange,
  commonSlack,
  cosineFloor,
  floatSlack,
} from '../../../search-index/bound.js';
import type { SketchedBlock } from '../block-rows.js';
import { type LaidSketches, squareScale } from './laid-sketches.js';

/** Thresholds: no product of heads reaches the first, and every one reaches the second. */
const never = 2 ** 31 - 1;
const always = -(2 ** 31);

/** A pair of rows, with the lower and the upper bound of its closeness; NaN if a row is not finite. */
export interface Pair {
  rowA: number;
  rowB: number;
  least: number;
  most: number;
}

/** One of two blocks. */
export interface Side {
  readonly sketched: SketchedBlock;
  readonly laid: LaidSketches;
}

/** The bounds for rows of two blocks whose sketches have one basis. */
export function pairBounds(sideA: Side, sideB: Side, metric: Metric) {
  const { dim, squaredNorms: normsA } = sideA.sketched.block;
  const { squaredNorms: normsB } = sideB.sketched.block;
  const [a, b] = [sideA.laid, sideB.laid];
  const { delta } = a;
  const longest = { length: 1 + delta + a.coding, coding: a.coding, remainder: 0 };
  const common = commonSlack(longest, b.coding, delta, dim);
  const ofFloats = floatSlack(dim);
  const setRange = (pair: Pair, cosine: number, slack: number) => {
    pair.least = cosine - slack;
    pair.most = cosine + slack;
    if (metric === 'cosine') return;
    const { least, most } = closenessRange(metric, pair, normsA[pair.rowA], normsB[pair.rowB], dim);
    pair.least = least;
    pair.most = most;
  };
  return {
    /** Sets the bounds of a pair's closeness from the product of its sketches. */
    bySketches(pair: Pair, product: number): void {
      const slack = common + a.remainders[pair.rowA] * b.remainders[pair.rowB];
      setRange(pair, product / squareScale, slack);
    },
    /**
     * Sets far narrower bounds, from the dot product of its vectors in float32; leaves them if that may not be exact
     * enough.
     */
    byFloats(pair: Pair, product: number): void {
      const [normA, normB] = [normsA[pair.rowA], normsB[pair.rowB]];
      if (areFloatsSafe(normA, normB)) setRange(pair, product / Math.sqrt(normA * normB), ofFloats);
    },
    /**
     * Sets floor and thresholds of the row at `place` from the closeness that its pairs with rows of `other` must
     * reach.
     */
    setFloor(own: Side, place: number, other: Side, closeness: number): void {
      const { setFloor, order, halfRemainders, headRemainders } = own.laid;
      const row = order.rows[place];
      const norm = own.sketched.block.squaredNorms[row];
      if (closeness === Number.POSITIVE_INFINITY || !isFiniteRow(norm)) {
        setFloor(place, never, never, Number.POSITIVE_INFINITY);
        return;
      }
      const least = cosineFloor(metric, closeness, norm, other.sketched.squaredNormRange) - common;
      const threshold = (slack: number) =>
        Math.max(always, Math.min(never, Math.floor((least - slack) * squareScale)));
      const ofHalf = threshold(halfRemainders.rows[row] * other.laid.halfRemainders.largest);
      const ofHead = threshold(headRemainders.rows[row] * other.laid.headRemainders.largest);
      setFloor(place, ofHalf, ofHead, lowered(least * squareScale));
    },
  };
}

/** A number that is not above `value` even after it is rounded to float32. */
function lowered(value: number): number {
  return value - Math.abs(value) * 2 ** -23;
}
