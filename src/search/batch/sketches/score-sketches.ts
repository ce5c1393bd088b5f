/**
 * Pairs of frames by their sketches: the same answers as scoring all pairs, at the cost of scoring the few that can
 * matter. The kernel goes over the pairs tile by tile. The rows of the pairs that a tile leaves are multiplied in
 * float32, the closest first, which is faster than scoring and says nearly as much. The lower bound of such a pair is
 * offered to each question's collector of proposals. Its floors rise, and the kernel leaves fewer and fewer pairs.
 * Whenever some thousand pairs are left, and at the end, they are scored canonically, the most useful first, and
 * offered to the collector of answers, until its floors exceed the bounds of the rest.
 *
 * A search for one frame goes the same two ways (`search/candidates.ts`), over rows where this goes over pairs, which
 * have two rows to keep them; the bounds are the same.
 */
import type { SketchedBlock } from '../block-rows.js';
import { createCollector } from '../collectors.js';
import type { BlockQuestion, Collector, PairResult, PairTask, ScoredPair } from '../pair-task.js';
import type { Pair } from './pair-bounds.js';
import type { RowStore } from './row-store.js';
import { type Asker, createPass } from './sketch-pass.js';
import type { SketchTiler } from './sketch-tiles.js';
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
  const closeness = (rowA: number, rowB: number) => rows.closeness(metric, a, rowA, b, rowB);
  const boundByRows = (pair: Pair) => {
    pass.bounds.byFloats(pair, rows.floatDot(a, pair.rowA, b, pair.rowB));
  };
  const pending = questions.map((question) => new PendingPairs(question, boundByRows, closeness));
  const pass = createPass(a, b, metric, tiler, pending);
  const readAll = () => {
    for (const its of pending) its.read();
  };
  pass.overClosest();
  readAll();
  pass.overAll(readAll);
  const found = pending.map((its) => its.finish());
  const sum = (count: 'left' | 'scored') => pending.reduce((total, its) => total + its[count], 0);
  return { found, counts: { bounded: pass.bounded(), left: sum('left'), scored: sum('scored') } };
}

/**
 * What the questions would keep of some pairs of two blocks if each pair were only as close as the lower bound of its
 * sketches. No row is read.
 */
export function surveySketches(
  a: SketchedBlock,
  b: SketchedBlock,
  { metric, questions }: Pick<PairTask, 'metric' | 'questions'>,
  tiler: SketchTiler,
): ScoredPair {
  const surveys = questions.map((question) => new Survey(createCollector(question)));
  createPass(a, b, metric, tiler, surveys).overFirsts();
  return { found: surveys.map((its) => its.finish()), counts: { bounded: 0, left: 0, scored: 0 } };
}

/** Offers one question what pairs are at least. */
class Survey implements Asker {
  readonly isBlind = false;
  offered = 0;
  readonly #collector: Collector;

  constructor(collector: Collector) {
    this.#collector = collector;
  }

  floorA(row: number): number {
    return this.#collector.floorsA[row];
  }

  floorB(row: number): number {
    return this.#collector.floorsB[row];
  }

  consider({ rowA, rowB, least, most }: Pair): void {
    if (!(least >= this.#collector.floorOf(rowA, rowB)) || most > this.#collector.ceiling) return;
    this.#collector.offer(rowA, rowB, least);
    this.offered++;
  }

  finish(): PairResult {
    const found = this.#collector.finish();
    this.#collector.release?.();
    return found;
  }
}

/**
 * Pairs that may be of use to one question. The pairs that sketches leave wait first for their rows to be read, then to
 * be scored.
 */
class PendingPairs implements Asker {
  left = 0;
  scored = 0;
  offered = 0;
  readonly #boundByRows: (pair: Pair) => void;
  readonly #closeness: (rowA: number, rowB: number) => number;
  /** Offered the least that the closeness of a pair can be. */
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
    const found = this.#answers.finish(this.#byRows.end?.());
    for (const its of [this.#unread, this.#unscored, this.#byRows, this.#answers]) its.release?.();
    return found;
  }

  /** Reads the rows of pairs that wait for it. */
  read(): void {
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
      this.#keep(pair);
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
