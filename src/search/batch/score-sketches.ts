/**
 * Pairs of frames by their sketches: the same answers as scoring all pairs, at the cost of scoring the few that can
 * matter. In one pass over the products of the sketches, the rows of each pair that they leave are multiplied in float32,
 * which is sooner done than scoring and says nearly as much. The least that a pair can then score is offered to each
 * question's collector of proposals, which knows what the others need at least: the kernel gives out fewer and fewer. As
 * soon as some thousand pairs are left, and at the end, they are scored canonically, the most useful first, and offered to
 * the collector of answers, until its floors beat the bounds.
 *
 * A search for one frame goes the same two ways (`search/candidates.ts`), over rows where this goes over pairs, which
 * have two rows to keep them; the bounds are the same.
 */
import type { SketchedBlock } from './block-rows.js';
import { createCollector } from './collectors.js';
import type { BlockQuestion, Collector, PairResult, PairTask, ScoredPair } from './pair-task.js';
import type { RowStore } from './row-store.js';
import { type Pair, pairBounds, type RowOrder, type SketchTiler, type Tile } from './sketch-tiles.js';

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
  const { thresholdsA, thresholdsB, tiles, multiply } = tiler.lay(a, orderA, isSame ? a : b, orderB);
  const pair: Pair = { rowA: 0, rowB: 0, least: 0, most: 0 };
  let isRead = false;
  /** Knows more of the pair from its rows, once for all questions. */
  const readRows = () => {
    if (!isRead) bounds.byFloats(pair, rows.floatDot(a, pair.rowA, b, pair.rowB));
    isRead = true;
  };
  const closeness = (rowA: number, rowB: number) => rows.closeness(metric, a, rowA, b, rowB);
  const pending = questions.map((question) => new PendingPairs(question, closeness));
  const leastOf = (floorOf: (its: PendingPairs) => number) =>
    pending.reduce((least, its) => Math.min(least, floorOf(its)), Number.POSITIVE_INFINITY);
  const raiseA = thresholdRaiser(
    thresholdsA,
    orderA,
    (row) => leastOf((its) => its.floorA(row)),
    (row, floor) => bounds.threshold(a, row, b, floor),
  );
  const raiseB = thresholdRaiser(
    thresholdsB,
    orderB,
    (row) => leastOf((its) => its.floorB(row)),
    (row, floor) => bounds.threshold(b, row, a, floor),
  );
  let bounded = 0;
  for (const tile of tiles) {
    raiseA(tile.firstA, tile.rowsA);
    raiseB(tile.firstB, tile.rowsB);
    bounded += pairsOf(tile, isSame);
    multiply(tile, (rowA, rowB, product) => {
      if (isSame && rowA >= rowB) return;
      pair.rowA = rowA;
      pair.rowB = rowB;
      isRead = false;
      bounds.bySketches(pair, product);
      for (const its of pending) its.consider(pair, readRows);
    });
  }
  const found = pending.map((its) => its.finish());
  const sum = (count: 'left' | 'scored') => pending.reduce((total, its) => total + its[count], 0);
  return { found, counts: { bounded, left: sum('left'), scored: sum('scored') } };
}

/** Pairs that the bounds have left to one question, until they are scored. */
class PendingPairs {
  left = 0;
  scored = 0;
  readonly #closeness: (rowA: number, rowB: number) => number;
  readonly #proposals: Collector;
  readonly #answers: Collector;
  readonly #waiting: WaitingPairs;

  constructor(question: BlockQuestion, closeness: (rowA: number, rowB: number) => number) {
    this.#closeness = closeness;
    this.#proposals = createCollector(question);
    this.#answers = createCollector(question);
    this.#waiting = new WaitingPairs(this.#answers.wantsLeastFirst === true);
  }

  /** The closeness that a pair needs to be of use to a row: that of what was proposed, or scored already. */
  floorA(row: number): number {
    return Math.max(this.#proposals.floorsA[row], this.#answers.floorsA[row]);
  }

  floorB(row: number): number {
    return Math.max(this.#proposals.floorsB[row], this.#answers.floorsB[row]);
  }

  /** Keeps a pair, if it can be of use. */
  consider(pair: Pair, readRows: () => void): void {
    const { rowA, rowB } = pair;
    if (pair.most < this.floorA(rowA) && pair.most < this.floorB(rowB)) return;
    if (!this.#isUseful(rowA, rowB, pair.least, pair.most)) return;
    this.left++;
    readRows();
    if (!this.#isUseful(rowA, rowB, pair.least, pair.most)) return;
    if (this.#waiting.isFull) this.#makeRoom();
    this.#waiting.add(rowA, rowB, pair.least, pair.most);
    if (pair.most <= this.#answers.ceiling) this.#proposals.offer(rowA, rowB, pair.least);
  }

  finish(): PairResult {
    this.#forgetUseless();
    this.#score();
    return this.#answers.finish();
  }

  #makeRoom(): void {
    this.#forgetUseless();
    if (this.#waiting.isNearlyFull) this.#score();
  }

  /** Floors have risen since the pairs were found. */
  #forgetUseless(): void {
    this.#waiting.keep((rowA, rowB, least, most) => this.#isUseful(rowA, rowB, least, most));
  }

  #score(): void {
    this.#waiting.drain((rowA, rowB, least, most) => {
      if (!this.#isUseful(rowA, rowB, least, most)) return;
      this.scored++;
      const closeness = this.#closeness(rowA, rowB);
      if (closeness <= this.#answers.ceiling) this.#answers.offer(rowA, rowB, closeness);
    });
  }

  #isUseful(rowA: number, rowB: number, least: number, most: number): boolean {
    // NaN, where a row is not finite, reaches nothing.
    const isClose = most >= this.#answers.floorOf(rowA, rowB) && most >= this.#proposals.floorOf(rowA, rowB);
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
  return Int32Array.from({ length: frames }, (_, row) => row);
}

/**
 * A frame of each shot first, then the others: frames of one shot are much alike, so what is found for one tells all of
 * them early what they need.
 */
function shotsInTurn(opened: SketchedBlock): RowOrder {
  const { shotOf } = opened.block;
  const isFirst = (row: number) => row === 0 || shotOf[row] !== shotOf[row - 1];
  const rows = inOrder(opened);
  const order = new Int32Array(rows.length);
  const firsts = rows.filter(isFirst);
  order.set(firsts);
  order.set(
    rows.filter((row) => !isFirst(row)),
    firsts.length,
  );
  return order;
}

/** Sets the thresholds of a tile's places where the floors of their rows have risen. */
function thresholdRaiser(
  thresholds: Int32Array,
  order: RowOrder,
  floorOf: (row: number) => number,
  thresholdOf: (row: number, floor: number) => number,
): (first: number, count: number) => void {
  const known = new Float64Array(thresholds.length).fill(Number.NaN);
  return (first, count) => {
    for (let place = first; place < first + count; place++) {
      const row = order[place];
      const floor = floorOf(row);
      if (floor === known[place]) continue;
      known[place] = floor;
      thresholds[place] = thresholdOf(row, floor);
    }
  };
}

/** Pairs that wait to be scored at most: with few, scores raise the floors for what is yet to come. 2^20 could wait. */
const room = 2 ** 12;

/** Pairs of rows in columns, of bounded number. */
class WaitingPairs {
  readonly #rowA = new Int32Array(room);
  readonly #rowB = new Int32Array(room);
  readonly #least = new Float64Array(room);
  readonly #most = new Float64Array(room);
  readonly #isLeastFirst: boolean;
  #length = 0;

  /** They are drained by what their closeness is at most: the greatest first, or the least. */
  constructor(isLeastFirst: boolean) {
    this.#isLeastFirst = isLeastFirst;
  }

  get isFull(): boolean {
    return this.#length === room;
  }

  /** Whether there is little room, so that looking for useless pairs is hardly worth it. */
  get isNearlyFull(): boolean {
    return this.#length > room * 0.75;
  }

  add(rowA: number, rowB: number, least: number, most: number): void {
    this.#rowA[this.#length] = rowA;
    this.#rowB[this.#length] = rowB;
    this.#least[this.#length] = least;
    this.#most[this.#length++] = most;
  }

  /** Forgets the pairs that are not useful. */
  keep(isUseful: (rowA: number, rowB: number, least: number, most: number) => boolean): void {
    const length = this.#length;
    this.#length = 0;
    for (let at = 0; at < length; at++) {
      const [rowA, rowB, least, most] = [this.#rowA[at], this.#rowB[at], this.#least[at], this.#most[at]];
      if (isUseful(rowA, rowB, least, most)) this.add(rowA, rowB, least, most);
    }
  }

  /** Calls `take` with each pair in the order wanted, and forgets them. */
  drain(take: (rowA: number, rowB: number, least: number, most: number) => void): void {
    for (const at of this.#order()) take(this.#rowA[at], this.#rowB[at], this.#least[at], this.#most[at]);
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
