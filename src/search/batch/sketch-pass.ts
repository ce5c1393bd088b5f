/**
 * A pass over the pairs of rows of two blocks: the kernel's thresholds follow the floors of those who ask, and what reaches
 * them is bounded by its sketches.
 */
import { groupRows } from '../../kernel/row-groups.js';
import type { Metric } from '../../ranking/metric.js';
import type { SketchedBlock } from './block-rows.js';
import { type Pair, pairBounds, type RowOrder, type SketchTiler, type Tile } from './sketch-tiles.js';

/** Who is given pairs. */
export interface Asker {
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
  readonly bounded: number;
  /** Gives all pairs to those who ask; of one block those with rowA < rowB. `afterTile` is called now and then. */
  overAll(afterTile: () => void): void;
  /** Of two blocks, gives the pairs with the first row of a shot, where these are not most of all. */
  overFirsts(): void;
  /** Gives `some` of them, of two blocks, each row with the closest of the other or one that is nearly so. */
  overClosest(some: readonly Asker[]): void;
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
  const orderA = isSame ? inOrder(a) : shotsInTurn(a);
  const orderB = isSame ? orderA : shotsInTurn(b);
  const laid = tiler.lay(a, orderA, isSame ? a : b, orderB);
  const { setThresholdsA, setThresholdsB, tiles, tilesOfFirsts, multiply, takeClosest } = laid;
  const raiseA = thresholdRaiser(
    orderA,
    askers,
    (its, row) => its.floorA(row),
    (place, row, floor) => bounds.setThresholds(setThresholdsA, place, a, row, b, floor),
  );
  const raiseB = thresholdRaiser(
    orderB,
    askers,
    (its, row) => its.floorB(row),
    (place, row, floor) => bounds.setThresholds(setThresholdsB, place, b, row, a, floor),
  );
  const pair: Pair = { rowA: 0, rowB: 0, least: 0, most: 0 };
  const considerFor = (some: readonly Asker[]) => (rowA: number, rowB: number, product: number) => {
    if (isSame && rowA >= rowB) return;
    pair.rowA = rowA;
    pair.rowB = rowB;
    bounds.bySketches(pair, product);
    for (const its of some) its.consider(pair);
  };
  const consider = considerFor(askers);
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
    get bounded() {
      return bounded;
    },
    overAll: (afterTile) => over(tiles, afterTile),
    overFirsts() {
      const pairs = tilesOfFirsts.reduce((sum, tile) => sum + pairsOf(tile, isSame), 0);
      if (2 * pairs < a.block.frames * b.block.frames) over(tilesOfFirsts, () => {});
    },
    overClosest: (some) => takeClosest(considerFor(some)),
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

function inOrder({ block: { frames } }: SketchedBlock): RowOrder {
  return { rows: Int32Array.from({ length: frames }, (_, row) => row), firsts: 0 };
}

/**
 * A frame of each shot first, then the others: frames of one shot are much alike, so what is found for one tells all of
 * them early what they need.
 */
function shotsInTurn(opened: SketchedBlock): RowOrder {
  const { shotOf } = opened.block;
  const isFirst = (row: number) => row === 0 || shotOf[row] !== shotOf[row - 1];
  const { rows } = inOrder(opened);
  const firsts = rows.filter(isFirst);
  const others = rows.filter((row) => !isFirst(row));
  rows.set(firsts);
  rows.set(others, firsts.length);
  return { rows, firsts: firsts.length };
}

/** Sets the thresholds of a tile's places, whose first is a multiple of 16, where the floors of their rows have risen. */
function thresholdRaiser(
  { rows }: RowOrder,
  askers: readonly Asker[],
  floorOf: (its: Asker, row: number) => number,
  setThresholds: (place: number, row: number, floor: number) => void,
): (first: number, count: number) => void {
  const known = new Float64Array(rows.length).fill(Number.NaN);
  /** What had been offered when the floors of a group of places were looked at last. */
  const offeredThen = new Float64Array(Math.ceil(rows.length / groupRows)).fill(-1);
  const raise = (place: number) => {
    const row = rows[place];
    let floor = Number.POSITIVE_INFINITY;
    for (const its of askers) floor = Math.min(floor, floorOf(its, row));
    if (floor === known[place]) return;
    known[place] = floor;
    setThresholds(place, row, floor);
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
