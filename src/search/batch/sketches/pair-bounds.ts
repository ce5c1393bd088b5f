/**
 * What the product of two rows, of their sketches or in float32, says of their closeness; and which product a pair
 * needs to reach a given closeness. `search-index/bound.ts` derives it.
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

/** No product of heads is as large, and none is smaller. */
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
interface Side {
  readonly sketches: SketchedBlock;
  readonly laid: LaidSketches;
}

/** Bounds of the closeness of rows of two blocks, whose sketches have one basis, from their products. */
export function pairBounds(a: SketchedBlock, b: SketchedBlock, metric: Metric) {
  const { delta } = a;
  const { dim, squaredNorms: normsA } = a.block;
  const { squaredNorms: normsB } = b.block;
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
    /** The same from the dot product of its vectors in float32, if that says anything: far narrower bounds. */
    byFloats(pair: Pair, product: number): void {
      const [normA, normB] = [normsA[pair.rowA], normsB[pair.rowB]];
      if (areFloatsSafe(normA, normB)) setRange(pair, product / Math.sqrt(normA * normB), ofFloats);
    },
    /** Sets the floor of a row, where it is laid, from the closeness that its pairs with the rows of the other block need. */
    setFloor(own: Side, place: number, other: Side, closeness: number): void {
      const { setFloor, order, ofHalves, ofHeads } = own.laid;
      const row = order.rows[place];
      const norm = own.sketches.block.squaredNorms[row];
      if (closeness === Number.POSITIVE_INFINITY || !isFiniteRow(norm)) {
        setFloor(place, never, never, Number.POSITIVE_INFINITY);
        return;
      }
      const least = cosineFloor(metric, closeness, norm, other.sketches.squaredNormRange) - common;
      const leastOf = (slack: number) =>
        Math.max(always, Math.min(never, Math.floor((least - slack) * squareScale)));
      const ofHalf = leastOf(ofHalves.rows[row] * other.laid.ofHalves.largest);
      const ofHead = leastOf(ofHeads.rows[row] * other.laid.ofHeads.largest);
      setFloor(place, ofHalf, ofHead, lowered(least * squareScale));
    },
  };
}

/** Not above `value` where float32 rounds it. */
function lowered(value: number): number {
  return value - Math.abs(value) * 2 ** -23;
}
