/**
 * Pairs of frames by their sketches: the same answers as scoring all pairs, at the cost of scoring the few that can
 * matter. The kernel goes over the pairs tile by tile. The rows of the pairs that a tile leaves are multiplied in float32,
 * the closest first, which is sooner done than scoring and says nearly as much. The least that a pair can then score is
 * offered to each question's collector of proposals, which knows what the others need at least: the kernel gives out fewer
 * and fewer. As soon as some thousand pairs are left, and at the end, they are scored canonically, the most useful first,
 * and offered to the collector of answers, until its floors beat the bounds.
 *
 * A search for one frame goes the same two ways (`search/candidates.ts`), over rows where this goes over pairs, which
 * have two rows to keep them; the bounds are the same.
 */
import { groupRows } from '../../kernel/row-groups.js';
import type { SketchedBlock } from './block-rows.js';
import { createCollector } from './collectors.js';
import type { BlockQuestion, Collector, PairResult, PairTask, ScoredPair } from './pair-task.js';
import type { RowStore } from './row-store.js';
import { type Pair, pairBounds, type RowOrder, type SketchTiler, type Tile } from './sketch-tiles.js';
import { WaitingPairs } from './waiting-pairs.js';

/** Memory of the kernel that one task after the other uses. */
export interface ScoringMemory {
  readonly tiler: SketchTiler;
  /** For films of the task's dim. */
  readonly rows: RowStore;
}

/**
 * What the questions keep of two blocks; of one block pairs with rowA < rowB are looked at. Errors: those of reading rows.
 */
export function scoreSketches(
  a: SketchedBlock,
  b: SketchedBlock,
  { metric, questions }: Pick<PairTask, 'metric' | 'questions'>,
  { tiler, rows }: ScoringMemory,
): ScoredPair {
  const isSame = a.block.number === b.block.number;
  const bounds = pairBounds(a, b, metric);
  const orderA = isSame ? inOrder(a) : shotsInTurn(a);
  const orderB = isSame ? orderA : shotsInTurn(b);
  const { setThresholdsA, setThresholdsB, tiles, multiply, takeClosest } = tiler.lay(
    a,
    orderA,
    isSame ? a : b,
    orderB,
  );
  const pair: Pair = { rowA: 0, rowB: 0, least: 0, most: 0 };
  const closeness = (rowA: number, rowB: number) => rows.closeness(metric, a, rowA, b, rowB);
  const boundByRows = (some: Pair) => bounds.byFloats(some, rows.floatDot(a, some.rowA, b, some.rowB));
  const pending = questions.map((question) => new PendingPairs(question, boundByRows, closeness));
  const raiseA = thresholdRaiser(
    orderA,
    pending,
    (its, row) => its.floorA(row),
    (place, row, floor) => bounds.setThresholds(setThresholdsA, place, a, row, b, floor),
  );
  const raiseB = thresholdRaiser(
    orderB,
    pending,
    (its, row) => its.floorB(row),
    (place, row, floor) => bounds.setThresholds(setThresholdsB, place, b, row, a, floor),
  );
  let bounded = 0;
  const consider = (rowA: number, rowB: number, product: number) => {
    if (isSame && rowA >= rowB) return;
    pair.rowA = rowA;
    pair.rowB = rowB;
    bounds.bySketches(pair, product);
    for (const its of pending) its.consider(pair);
  };
  const read = () => {
    for (const its of pending) its.read();
  };
  if (pending.some(({ isBlind }) => isBlind)) {
    takeClosest(consider);
    for (const its of pending) its.read(false);
  }
  for (const tile of tiles) {
    raiseA(tile.firstA, tile.rowsA);
    raiseB(tile.firstB, tile.rowsB);
    bounded += pairsOf(tile, isSame);
    multiply(tile, consider);
    read();
  }
  const found = pending.map((its) => its.finish());
  const sum = (count: 'left' | 'scored') => pending.reduce((total, its) => total + its[count], 0);
  return { found, counts: { bounded, left: sum('left'), scored: sum('scored') } };
}

/** Pairs that may be of use to one question: those that sketches leave wait for their rows to be read, then to be scored. */
class PendingPairs {
  left = 0;
  scored = 0;
  /** How often floors may have risen. */
  offered = 0;
  readonly #boundByRows: (pair: Pair) => void;
  readonly #closeness: (rowA: number, rowB: number) => number;
  /** Each is offered a pair once, with the least that its closeness can be as far as it is known then. */
  readonly #byRows: Collector;
  readonly #answers: Collector;
  readonly #unread: WaitingPairs;
  readonly #unscored: WaitingPairs;
  readonly #pair: Pair = { rowA: 0, rowB: 0, least: 0, most: 0 };

  constructor(
    question: BlockQuestion,
    boundByRows: (pair: Pair) => void,
    closeness: (rowA: number, rowB: number) => number,
  ) {
    this.#boundByRows = boundByRows;
    this.#closeness = closeness;
    this.#byRows = createCollector(question);
    this.#answers = createCollector(question);
    const isLeastFirst = this.#answers.wantsLeastFirst === true;
    this.#unread = new WaitingPairs(isLeastFirst);
    this.#unscored = new WaitingPairs(isLeastFirst);
  }

  /** Whether nothing is known beforehand of what a pair needs. */
  get isBlind(): boolean {
    return this.#answers.isBlind === true;
  }

  /** The closeness that a pair needs to be of use to a row, by all that was offered. */
  floorA(row: number): number {
    return Math.max(this.#byRows.floorsA[row], this.#answers.floorsA[row]);
  }

  floorB(row: number): number {
    return Math.max(this.#byRows.floorsB[row], this.#answers.floorsB[row]);
  }

  /** Keeps a pair that is bounded by its sketches, if it can be of use. */
  consider({ rowA, rowB, least, most }: Pair): void {
    if (most < this.floorA(rowA) && most < this.floorB(rowB)) return;
    if (!this.#isUseful(rowA, rowB, least, most)) return;
    if (this.#unread.isFull) this.read();
    this.#unread.add(rowA, rowB, least, most);
  }

  finish(): PairResult {
    this.#score();
    return this.#answers.finish();
  }

  /** Reads the rows of pairs that wait for it; where they are not to be kept, for what they say of floors alone. */
  read(isKept = true): void {
    const pair = this.#pair;
    this.#unread.drain((rowA, rowB, least, most) => {
      if (!this.#isUseful(rowA, rowB, least, most)) return;
      this.left++;
      pair.rowA = rowA;
      pair.rowB = rowB;
      pair.least = least;
      pair.most = most;
      this.#boundByRows(pair);
      if (!this.#isUseful(rowA, rowB, pair.least, pair.most)) return;
      if (isKept) this.#keep(pair);
      if (pair.most > this.#answers.ceiling) return;
      this.#byRows.offer(rowA, rowB, pair.least);
      this.offered++;
    });
  }

  #keep({ rowA, rowB, least, most }: Pair): void {
    if (this.#unscored.isFull) {
      // Floors have risen since the pairs were found.
      this.#unscored.keep((...pair) => this.#isUseful(...pair));
      if (this.#unscored.isNearlyFull) this.#score();
    }
    this.#unscored.add(rowA, rowB, least, most);
  }

  #score(): void {
    this.#unscored.drain((rowA, rowB, least, most) => {
      if (!this.#isUseful(rowA, rowB, least, most)) return;
      this.scored++;
      const closeness = this.#closeness(rowA, rowB);
      if (closeness > this.#answers.ceiling) return;
      this.#answers.offer(rowA, rowB, closeness);
      this.offered++;
    });
  }

  #isUseful(rowA: number, rowB: number, least: number, most: number): boolean {
    // NaN, where a row is not finite, reaches nothing.
    const isClose = most >= this.#byRows.floorOf(rowA, rowB) && most >= this.#answers.floorOf(rowA, rowB);
    return isClose && least <= this.#ceilingOf(rowA, rowB);
  }

  #ceilingOf(rowA: number, rowB: number): number {
    const { ceiling } = this.#answers;
    return Math.min(ceiling, this.#answers.ceilingOf?.(rowA, rowB) ?? ceiling);
  }
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
  pending: readonly PendingPairs[],
  floorOf: (its: PendingPairs, row: number) => number,
  setThresholds: (place: number, row: number, floor: number) => void,
): (first: number, count: number) => void {
  const known = new Float64Array(rows.length).fill(Number.NaN);
  /** What had been offered when the floors of a group of places were looked at last. */
  const offeredThen = new Float64Array(Math.ceil(rows.length / groupRows)).fill(-1);
  const raise = (place: number) => {
    const row = rows[place];
    let floor = Number.POSITIVE_INFINITY;
    for (const its of pending) floor = Math.min(floor, floorOf(its, row));
    if (floor === known[place]) return;
    known[place] = floor;
    setThresholds(place, row, floor);
  };
  return (first, count) => {
    let offered = 0;
    for (const its of pending) offered += its.offered;
    for (let start = first; start < first + count; start += groupRows) {
      if (offeredThen[start / groupRows] === offered) continue;
      offeredThen[start / groupRows] = offered;
      for (let place = start; place < Math.min(start + groupRows, rows.length); place++) raise(place);
    }
  };
}
