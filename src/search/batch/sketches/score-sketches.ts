/**
 * Scores pairs of frames of two blocks with the help of their sketches. The answers are the same as from scoring all
 * pairs, but only the few pairs that can matter are scored:
 *
 * 1. The kernel goes over the pairs tile by tile, and drops those that cannot reach a floor. 2. The rows of the other
 * pairs are multiplied in float32, the closest pairs first. This is faster than scoring them, and its bounds are nearly
 * as good as the score. The lower bound of each pair is offered to a collector of the question: its floors rise, and
 * the kernel drops more and more pairs. 3. Whenever some thousand pairs wait, and at the end, they are scored
 * canonically, the most promising first, and offered to the collector of the answer. Pairs whose bounds its floors have
 * passed are not scored.
 *
 * A search for one frame does the same with rows in the place of pairs (`search/candidates.ts`), by the same bounds.
 */
import type { SketchedBlock } from '../block-rows.js';
import { createCollector } from '../collectors.js';
import type { AskedBlocks, BlockQuestion, Collector, PairResult, ScoredPair } from '../pair-task.js';
import { mostLeftPairs } from '../scoring-costs.js';
import type { Pair } from './pair-bounds.js';
import type { RowStore } from './row-store.js';
import { type Asker, createPass } from './sketch-pass.js';
import type { SketchTiler } from './sketch-tiles.js';
import { WaitingPairs } from './waiting-pairs.js';

/** Kernel memory that is used by one task after the other. */
export interface ScoringMemory {
  readonly tiler: SketchTiler;
  /** For blocks of the task's dim. */
  readonly rows: RowStore;
}

/**
 * What the questions keep of two blocks; of one block, of the pairs with rowA < rowB. Undefined if the sketches leave so
 * many pairs that scoring all pairs is faster: as with random vectors, which no basis describes. Errors: those of
 * reading rows.
 */
export function scoreSketches(
  a: SketchedBlock,
  b: SketchedBlock,
  { metric, questions }: AskedBlocks,
  { tiler, rows }: ScoringMemory,
): ScoredPair | undefined {
  const closeness = (rowA: number, rowB: number) => rows.closeness(metric, a, rowA, b, rowB);
  const boundByRows = (pair: Pair) => {
    pass.bounds.byFloats(pair, rows.floatDot(a, pair.rowA, b, pair.rowB));
  };
  const pending = questions.map((question) => new PendingPairs(question, boundByRows, closeness));
  const pass = createPass(a, b, metric, tiler, pending);
  const sum = (count: 'left' | 'scored') => pending.reduce((total, pairs) => total + pairs[count], 0);
  const mostLeft = mostLeftPairs(pass.pairs, a.block.dim);
  /** Whether few enough pairs are left. */
  const readAll = () => {
    for (const pairs of pending) pairs.read();
    return sum('left') <= mostLeft;
  };
  pass.overClosest();
  readAll();
  pass.overAll(readAll);
  if (sum('left') > mostLeft) {
    for (const pairs of pending) pairs.release();
    return undefined;
  }
  const found = pending.map((pairs) => pairs.finish());
  return { found, counts: { bounded: pass.bounded(), left: sum('left'), scored: sum('scored') } };
}

/**
 * What the questions keep of some pairs of two blocks, with the lower bound by their sketches in the place of the
 * closeness. Reads no rows.
 */
export function surveySketches(
  a: SketchedBlock,
  b: SketchedBlock,
  { metric, questions }: AskedBlocks,
  tiler: SketchTiler,
): PairResult[] {
  const surveys = questions.map((question) => new Survey(createCollector(question)));
  createPass(a, b, metric, tiler, surveys).overFirsts();
  return surveys.map((survey) => survey.finish());
}

/** Offers the lower bounds of pairs to the collector of one question. */
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
 * The pairs that one question may need. They wait first for their rows to be read and multiplied, then to be scored.
 */
class PendingPairs implements Asker {
  /** Pairs whose rows were read, and pairs that were scored. */
  left = 0;
  scored = 0;
  offered = 0;
  readonly #boundByRows: (pair: Pair) => void;
  readonly #closeness: (rowA: number, rowB: number) => number;
  /** Is offered the lower bounds of pairs, to know the floors early. */
  readonly #lowerBounds: Collector;
  /** Is offered the closeness of pairs. */
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
    this.#lowerBounds = createCollector(question);
    this.#answers = createCollector(question);
    const isLeastFirst = this.#answers.wantsLeastFirst === true;
    this.#unread = new WaitingPairs(isLeastFirst);
    this.#unscored = new WaitingPairs(isLeastFirst);
  }

  get isBlind(): boolean {
    return this.#answers.isBlind === true;
  }

  floorA(row: number): number {
    return Math.max(this.#lowerBounds.floorsA[row], this.#answers.floorsA[row]);
  }

  floorB(row: number): number {
    return Math.max(this.#lowerBounds.floorsB[row], this.#answers.floorsB[row]);
  }

  /** Keeps a pair, with the bounds by its sketches, if the answer may hold it. */
  consider({ rowA, rowB, least, most }: Pair): void {
    if (most < this.floorA(rowA) && most < this.floorB(rowB)) return;
    if (!this.#isUseful(rowA, rowB, least, most)) return;
    if (this.#unread.isFull) this.read();
    this.#unread.add(rowA, rowB, least, most);
  }

  finish(): PairResult {
    this.#score();
    const found = this.#answers.finish(this.#lowerBounds.end?.());
    this.release();
    return found;
  }

  /** Gives its memory back, after `finish` or instead of it. */
  release(): void {
    for (const held of [this.#unread, this.#unscored, this.#lowerBounds, this.#answers]) held.release?.();
  }

  /** Reads the rows of the pairs that wait for it, and bounds these pairs by their product in float32. */
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
      this.#lowerBounds.offer(rowA, rowB, pair.least);
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
    // NaN, if a row is not finite, reaches no floor.
    const isClose =
      most >= this.#lowerBounds.floorOf(rowA, rowB) && most >= this.#answers.floorOf(rowA, rowB);
    return isClose && least <= this.#ceilingOf(rowA, rowB);
  }

  #ceilingOf(rowA: number, rowB: number): number {
    const { ceiling } = this.#answers;
    return Math.min(ceiling, this.#answers.ceilingOf?.(rowA, rowB) ?? ceiling);
  }
}
