/**
 * A pass over the pairs of rows of two blocks. Before each tile, the kernel gets the floors of those who ask. They are
 * given the pairs that reach these floors, with bounds from their sketches.
 */
import { groupRows } from '../../../kernel/row-groups.js';
import type { Metric } from '../../../ranking/metric.js';
import type { SketchedBlock } from '../block-rows.js';
import { type Pair, pairBounds, type Side } from './pair-bounds.js';
import type { ClosestRows, SketchTiler, Tile } from './sketch-tiles.js';

/** One who asks for pairs: a question, or the survey for one. */
export interface Asker {
  /** True if its floors are not known beforehand: then it gets the closest pairs before all others. */
  readonly isBlind: boolean;
  /** Counts the times that its floors may have risen. */
  readonly offered: number;
  /** The least closeness that it needs of pairs with a row of `a`, or with a row of `b`. */
  floorA(row: number): number;
  floorB(row: number): number;
  /** Takes a pair that it may need. The object is used again for the next pair. */
  consider(pair: Pair): void;
}

interface SketchPass {
  readonly bounds: ReturnType<typeof pairBounds>;
  /** How many pairs of rows there are; of one block, of those with rowA < rowB. */
  readonly pairs: number;
  /** How many of them have been bounded. */
  bounded(): number;
  /**
   * Gives the blind askers one pair for each row: with the row of the other block that is closest to it, or nearly so.
   * They do not get these pairs again.
   */
  overClosest(): void;
  /**
   * Gives the askers all pairs that they may need; of one block, those with rowA < rowB. Calls `afterTile` after each
   * tile, and ends there if it returns false.
   */
  overAll(afterTile: () => boolean): void;
  /**
   * Gives the askers the pairs of two blocks with the first row of a shot, unless these are more than half of all
   * pairs.
   */
  overFirsts(): void;
}

export function createPass(
  a: SketchedBlock,
  b: SketchedBlock,
  metric: Metric,
  tiler: SketchTiler,
  askers: readonly Asker[],
): SketchPass {
  const isSame = a.block.number === b.block.number;
  const laid = tiler.lay(a, isSame ? a : b);
  const { tiles, tilesOfFirsts, multiply, takeClosest } = laid;
  const sideA: AskedSide = { sketched: a, laid: laid.a, floorOf: (asker, row) => asker.floorA(row) };
  const sideB: AskedSide = { sketched: b, laid: laid.b, floorOf: (asker, row) => asker.floorB(row) };
  const bounds = pairBounds(sideA, sideB, metric);
  const raiseA = floorRaiser(sideA, sideB, askers, bounds);
  const raiseB = floorRaiser(sideB, sideA, askers, bounds);
  const pair: Pair = { rowA: 0, rowB: 0, least: 0, most: 0 };
  const blind = askers.filter(({ isBlind }) => isBlind);
  const sighted = askers.filter(({ isBlind }) => !isBlind);
  let closest: ClosestRows | undefined;
  const giveTo = (some: readonly Asker[], rowA: number, rowB: number, product: number) => {
    pair.rowA = rowA;
    pair.rowB = rowB;
    bounds.bySketches(pair, product);
    for (const asker of some) asker.consider(pair);
  };
  const consider = (rowA: number, rowB: number, product: number) => {
    if (isSame && rowA >= rowB) return;
    const isGiven = closest?.toA[rowA] === rowB || closest?.toB[rowB] === rowA;
    giveTo(isGiven ? sighted : askers, rowA, rowB, product);
  };
  let bounded = 0;
  const over = (some: readonly Tile[], afterTile: () => boolean) => {
    for (const tile of some) {
      raiseA(tile.firstA, tile.rowsA);
      raiseB(tile.firstB, tile.rowsB);
      bounded += pairsOf(tile, isSame);
      multiply(tile, consider);
      if (!afterTile()) return;
    }
  };
  const { frames } = a.block;
  return {
    bounds,
    pairs: isSame ? (frames * (frames - 1)) / 2 : frames * b.block.frames,
    bounded: () => bounded,
    overAll: (afterTile) => over(tiles, afterTile),
    overFirsts() {
      const pairs = tilesOfFirsts.reduce((sum, tile) => sum + pairsOf(tile, isSame), 0);
      if (2 * pairs < a.block.frames * b.block.frames) over(tilesOfFirsts, () => true);
    },
    overClosest() {
      if (blind.length === 0 || isSame) return;
      closest = takeClosest((rowA, rowB, product) => giveTo(blind, rowA, rowB, product));
    },
  };
}

/** The number of pairs of a tile; of one block, of those with rowA < rowB. */
function pairsOf({ firstA, rowsA, firstB, rowsB }: Tile, isSame: boolean): number {
  if (!isSame) return rowsA * rowsB;
  let count = 0;
  for (let row = firstA; row < firstA + rowsA; row++) {
    count += Math.max(0, firstB + rowsB - Math.max(firstB, row + 1));
  }
  return count;
}

/** One of the two blocks, and the floors that askers have for its rows. */
interface AskedSide extends Side {
  floorOf(asker: Asker, row: number): number;
}

/**
 * Returns a function that sets the floors of `count` places of `own` from `first` on, a multiple of 16, if those of
 * their rows have risen. The floor of a row is the lowest that an asker needs.
 */
function floorRaiser(
  own: AskedSide,
  other: Side,
  askers: readonly Asker[],
  bounds: ReturnType<typeof pairBounds>,
): (first: number, count: number) => void {
  const { rows } = own.laid.order;
  const known = new Float64Array(rows.length).fill(Number.NaN);
  /** The sum of `offered` when the floors of a group of places were last set. */
  const offeredThen = new Float64Array(Math.ceil(rows.length / groupRows)).fill(-1);
  const raise = (place: number) => {
    const row = rows[place];
    let floor = Number.POSITIVE_INFINITY;
    for (const asker of askers) floor = Math.min(floor, own.floorOf(asker, row));
    if (floor === known[place]) return;
    known[place] = floor;
    bounds.setFloor(own, place, other, floor);
  };
  return (first, count) => {
    let offered = 0;
    for (const asker of askers) offered += asker.offered;
    for (let start = first; start < first + count; start += groupRows) {
      if (offeredThen[start / groupRows] === offered) continue;
      offeredThen[start / groupRows] = offered;
      for (let place = start; place < Math.min(start + groupRows, rows.length); place++) raise(place);
    }
  };
}
