/**
 * A pass over the pairs of rows of two blocks. The kernel's floors follow those of the askers; the pairs that reach
 * them get bounds from their sketches.
 */
import { groupRows } from '../../../kernel/row-groups.js';
import type { Metric } from '../../../ranking/metric.js';
import type { SketchedBlock } from '../block-rows.js';
import type { RowOrder } from './laid-sketches.js';
import { type Pair, pairBounds } from './pair-bounds.js';
import type { ClosestRows, SketchTiler, Tile } from './sketch-tiles.js';

/** Who is given pairs. */
export interface Asker {
  /** Whether nothing is known of its floors beforehand: then it gets the closest pairs before all others. */
  readonly isBlind: boolean;
  /** How often its floors may have risen. */
  readonly offered: number;
  /** The closeness that a pair needs to be of use to a row. */
  floorA(row: number): number;
  floorB(row: number): number;
  /** Takes a pair that may be of use; it is another the next time. */
  consider(pair: Pair): void;
}

export interface SketchPass {
  readonly bounds: ReturnType<typeof pairBounds>;
  /** How many pairs have been bounded. */
  bounded(): number;
  /**
   * Gives the blind askers each row of the two blocks with the closest row of the other, or one nearly as close. They
   * do not get these pairs again.
   */
  overClosest(): void;
  /** Gives all pairs to those who ask; of one block those with rowA < rowB. `afterTile` is called now and then. */
  overAll(afterTile: () => void): void;
  /** Gives the pairs of two blocks with the first row of a shot, unless these are most of all pairs. */
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
  const bounds = pairBounds(a, b, metric);
  const laid = tiler.lay(a, isSame ? a : b);
  const { tiles, tilesOfFirsts, multiply, takeClosest } = laid;
  const [sideA, sideB] = [
    { sketches: a, laid: laid.a },
    { sketches: b, laid: laid.b },
  ];
  const raiseA = floorRaiser(
    laid.a.order,
    askers,
    (its, row) => its.floorA(row),
    (place, floor) => bounds.setFloor(sideA, place, sideB, floor),
  );
  const raiseB = floorRaiser(
    laid.b.order,
    askers,
    (its, row) => its.floorB(row),
    (place, floor) => bounds.setFloor(sideB, place, sideA, floor),
  );
  const pair: Pair = { rowA: 0, rowB: 0, least: 0, most: 0 };
  const blind = askers.filter(({ isBlind }) => isBlind);
  const sighted = askers.filter(({ isBlind }) => !isBlind);
  let closest: ClosestRows | undefined;
  const giveTo = (some: readonly Asker[], rowA: number, rowB: number, product: number) => {
    pair.rowA = rowA;
    pair.rowB = rowB;
    bounds.bySketches(pair, product);
    for (const its of some) its.consider(pair);
  };
  const consider = (rowA: number, rowB: number, product: number) => {
    if (isSame && rowA >= rowB) return;
    const isGiven = closest?.toA[rowA] === rowB || closest?.toB[rowB] === rowA;
    giveTo(isGiven ? sighted : askers, rowA, rowB, product);
  };
  let bounded = 0;
  const over = (some: readonly Tile[], afterTile: () => void) => {
    for (const tile of some) {
      raiseA(tile.firstA, tile.rowsA);
      raiseB(tile.firstB, tile.rowsB);
      bounded += pairsOf(tile, isSame);
      multiply(tile, consider);
      afterTile();
    }
  };
  return {
    bounds,
    bounded: () => bounded,
    overAll: (afterTile) => over(tiles, afterTile),
    overFirsts() {
      const pairs = tilesOfFirsts.reduce((sum, tile) => sum + pairsOf(tile, isSame), 0);
      if (2 * pairs < a.block.frames * b.block.frames) over(tilesOfFirsts, () => {});
    },
    overClosest() {
      if (blind.length === 0 || isSame) return;
      closest = takeClosest((rowA, rowB, product) => giveTo(blind, rowA, rowB, product));
    },
  };
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

/** Sets the floors of a tile's places, whose first is a multiple of 16, where those of their rows have risen. */
function floorRaiser(
  { rows }: RowOrder,
  askers: readonly Asker[],
  floorOf: (its: Asker, row: number) => number,
  setFloor: (place: number, floor: number) => void,
): (first: number, count: number) => void {
  const known = new Float64Array(rows.length).fill(Number.NaN);
  /** How much had been offered when the floors of a group of places were last looked at. */
  const offeredThen = new Float64Array(Math.ceil(rows.length / groupRows)).fill(-1);
  const raise = (place: number) => {
    const row = rows[place];
    let floor = Number.POSITIVE_INFINITY;
    for (const its of askers) floor = Math.min(floor, floorOf(its, row));
    if (floor === known[place]) return;
    known[place] = floor;
    setFloor(place, floor);
  };
  return (first, count) => {
    let offered = 0;
    for (const its of askers) offered += its.offered;
    for (let start = first; start < first + count; start += groupRows) {
      if (offeredThen[start / groupRows] === offered) continue;
      offeredThen[start / groupRows] = offered;
      for (let place = start; place < Math.min(start + groupRows, rows.length); place++) raise(place);
    }
  };
}
