/**
 * Pairs of frames by their sketches: the same answers as scoring all pairs, at the cost of scoring the few that can
 * matter. In one pass over the products, the least that a pair can score is offered to a collector of proposals, which
 * then knows what the others need at least: the kernel gives out fewer and fewer. What is left is scored canonically, the
 * most useful first, and offered to the collector of answers, until its floors beat the bounds.
 *
 * A search for one frame goes the same two ways (`search/candidates.ts`), over rows where this goes over pairs, which
 * have two rows to keep them; the bounds are the same.
 */
import type { Metric } from '../../ranking/metric.js';
import { isFiniteRow } from '../../ranking/rows.js';
import { closenessRange, codeScale, commonSlack, cosineFloor, type Range } from '../../search-index/bound.js';
import type { PairCounts } from '../context.js';
import type { SketchedBlock } from './block-rows.js';
import type { Collector } from './pair-task.js';
import type { RowStore } from './row-store.js';
import type { SketchTiler, Tile } from './sketch-tiles.js';

/** Memory of the kernel that one task after the other uses. */
export interface ScoringMemory {
  readonly tiler: SketchTiler;
  /** For films of the task's dim. */
  readonly rows: RowStore;
}

/** Pairs that wait to be scored; of more, the best are scored while others are still being found. */
const mostWaiting = 2 ** 16;

/**
 * Offers `collector` each pair that it may keep, with its closeness, up to the ceiling; of one block those with
 * rowA < rowB. `proposals` is an empty collector of the same task. Errors: those of reading rows.
 */
export function scoreSketches(
  a: SketchedBlock,
  b: SketchedBlock,
  { metric, ceiling }: { readonly metric: Metric; readonly ceiling: number },
  proposals: Collector,
  collector: Collector,
  { tiler, rows }: ScoringMemory,
): PairCounts {
  const isSame = a.block.number === b.block.number;
  const bounds = pairBounds(a, b, metric);
  const { thresholdsA, thresholdsB, tiles, multiply } = tiler.lay(a, isSame ? a : b);
  const raiseA = thresholdRaiser(thresholdsA, proposals.floorsA, (row, floor) =>
    bounds.threshold(a, row, b, floor),
  );
  const raiseB = thresholdRaiser(thresholdsB, proposals.floorsB, (row, floor) =>
    bounds.threshold(b, row, a, floor),
  );
  const waiting = new WaitingPairs(mostWaiting, collector.wantsLeastFirst === true);
  const counts = { bounded: 0, left: 0, scored: 0 };
  const ceilingOf = (rowA: number, rowB: number) =>
    Math.min(ceiling, collector.ceilingOf?.(rowA, rowB) ?? ceiling);
  const score = () =>
    waiting.drain((rowA, rowB, { least, most }) => {
      if (most < proposals.floorOf(rowA, rowB) || most < collector.floorOf(rowA, rowB)) return;
      if (least > ceilingOf(rowA, rowB)) return;
      counts.scored++;
      const closeness = rows.closeness(metric, a, rowA, b, rowB);
      if (closeness <= ceiling) collector.offer(rowA, rowB, closeness);
    });
  for (const tile of tiles) {
    raiseA(tile.firstA, tile.rowsA);
    raiseB(tile.firstB, tile.rowsB);
    counts.bounded += pairsOf(tile, isSame);
    multiply(tile, (rowA, rowB, product) => {
      if (isSame && rowA >= rowB) return;
      const { least, most } = bounds.range(rowA, rowB, product);
      const floor = proposals.floorOf(rowA, rowB);
      // NaN, where a row is not finite, reaches nothing.
      if (!(most >= floor) || least > ceilingOf(rowA, rowB)) return;
      counts.left++;
      if (waiting.isFull) score();
      waiting.add(rowA, rowB, least, most);
      if (least >= floor && most <= ceiling) proposals.offer(rowA, rowB, least);
    });
  }
  score();
  return counts;
}

/** The pairs of a tile; of one block those with rowA < rowB. */
function pairsOf({ firstA, rowsA, firstB, rowsB }: Tile, isSame: boolean): number {
  if (!isSame) return rowsA * rowsB;
  let count = 0;
  for (let row = firstA; row < firstA + rowsA; row++) {
    count += Math.max(0, firstB + rowsB - Math.max(firstB, row + 1));
  }
  return count;
}

/** Sets the thresholds of rows whose floors have risen since they were last set. */
function thresholdRaiser(
  thresholds: Int32Array,
  floors: Float64Array,
  thresholdOf: (row: number, floor: number) => number,
): (first: number, count: number) => void {
  const known = new Float64Array(floors.length).fill(Number.NaN);
  return (first, count) => {
    for (let row = first; row < first + count; row++) {
      if (floors[row] === known[row]) continue;
      known[row] = floors[row];
      thresholds[row] = thresholdOf(row, floors[row]);
    }
  };
}

/** No product is as large, and none is smaller. */
const never = 2 ** 31 - 1;
const always = -(2 ** 31);
const squareScale = codeScale * codeScale;

/** What the products of the sketches of two blocks on one basis say of the closeness of their rows. */
function pairBounds(a: SketchedBlock, b: SketchedBlock, metric: Metric) {
  const { delta } = a;
  const { dim } = a.block;
  const longest = { length: 1 + delta + a.coding, coding: a.coding, remainder: 0 };
  const common = commonSlack(longest, b.coding, delta, dim);
  return {
    /** What the closeness of a pair is at least and at most; NaN where a row is not finite. */
    range(rowA: number, rowB: number, product: number): Range {
      const estimate = product / squareScale;
      const slack = common + a.remainders[rowA] * b.remainders[rowB];
      const cosine = { least: estimate - slack, most: estimate + slack };
      if (metric === 'cosine') return cosine;
      return closenessRange(metric, cosine, a.block.squaredNorms[rowA], b.block.squaredNorms[rowB], dim);
    },
    /** The least product with which a row of one block can be as close as `floor` to any row of the other. */
    threshold(own: SketchedBlock, row: number, other: SketchedBlock, floor: number): number {
      const norm = own.block.squaredNorms[row];
      if (floor === Number.POSITIVE_INFINITY || !isFiniteRow(norm)) return never;
      const least = cosineFloor(metric, floor, norm, other.squaredNormRange);
      const slack = common + own.remainders[row] * other.largestRemainder;
      return Math.max(always, Math.min(never, Math.floor((least - slack) * squareScale)));
    },
  };
}

/** Pairs of rows that bounds have left, in columns, of bounded number. */
class WaitingPairs {
  readonly #rowA: Int32Array;
  readonly #rowB: Int32Array;
  readonly #least: Float64Array;
  readonly #most: Float64Array;
  readonly #isLeastFirst: boolean;
  #length = 0;

  /** Room for `size` pairs, 2^20 at most. */
  constructor(size: number, isLeastFirst: boolean) {
    this.#rowA = new Int32Array(size);
    this.#rowB = new Int32Array(size);
    this.#least = new Float64Array(size);
    this.#most = new Float64Array(size);
    this.#isLeastFirst = isLeastFirst;
  }

  get isFull(): boolean {
    return this.#length === this.#most.length;
  }

  add(rowA: number, rowB: number, least: number, most: number): void {
    this.#rowA[this.#length] = rowA;
    this.#rowB[this.#length] = rowB;
    this.#least[this.#length] = least;
    this.#most[this.#length++] = most;
  }

  /** Calls `take` with each pair, those of the greatest bounds first, or of the least, and forgets them. */
  drain(take: (rowA: number, rowB: number, range: Range) => void): void {
    for (const at of this.#order()) {
      take(this.#rowA[at], this.#rowB[at], { least: this.#least[at], most: this.#most[at] });
    }
    this.#length = 0;
  }

  /**
   * Places by their bound, as good as that can be told in 2^32 steps: numbers made of a step and a place are sorted
   * natively, ten times as fast as places are by a function.
   */
  #order(): Float64Array {
    const bounds = this.#most.subarray(0, this.#length);
    const least = bounds.reduce((least, most) => Math.min(least, most), Number.POSITIVE_INFINITY);
    const greatest = bounds.reduce((greatest, most) => Math.max(greatest, most), Number.NEGATIVE_INFINITY);
    const steps = greatest > least ? (2 ** 32 - 1) / (greatest - least) : 0;
    const distance = (most: number) => (this.#isLeastFirst ? most - least : greatest - most);
    const keys = Float64Array.from(
      bounds,
      (most, at) => Math.floor(distance(most) * steps) * placeFactor + at,
    );
    return keys.sort().map((key) => key % placeFactor);
  }
}

const placeFactor = 2 ** 20;
