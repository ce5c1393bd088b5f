/** Pairs of rows that wait for the next step of their scoring, which takes them in the order of their bounds. */

/** The most pairs that wait. Floors rise meanwhile, and so fewer pairs need the next step. */
const room = 2 ** 12;

interface Columns {
  readonly rowA: Int32Array;
  readonly rowB: Int32Array;
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** Released columns, for the next task: otherwise each task would leave garbage to collect. */
const spare: Columns[] = [];

function makeColumns(): Columns {
  return {
    rowA: new Int32Array(room),
    rowB: new Int32Array(room),
    least: new Float64Array(room),
    most: new Float64Array(room),
  };
}

/** A bounded number of pairs of rows, in columns, with the lower and upper bounds of their closeness. */
export class WaitingPairs {
  readonly #columns = spare.pop() ?? makeColumns();
  readonly #isLeastFirst: boolean;
  #length = 0;

  /** Pairs are drained in the order of their upper bounds: the largest first, or the least first. */
  constructor(isLeastFirst: boolean) {
    this.#isLeastFirst = isLeastFirst;
  }

  get isFull(): boolean {
    return this.#length === room;
  }

  /** Whether so little room is left that the next `keep` would come soon. */
  get isNearlyFull(): boolean {
    return this.#length > room * 0.75;
  }

  add(rowA: number, rowB: number, least: number, most: number): void {
    const columns = this.#columns;
    columns.rowA[this.#length] = rowA;
    columns.rowB[this.#length] = rowB;
    columns.least[this.#length] = least;
    columns.most[this.#length++] = most;
  }

  /** Forgets the pairs that are not useful. */
  keep(isUseful: (rowA: number, rowB: number, least: number, most: number) => boolean): void {
    const length = this.#length;
    this.#length = 0;
    const { rowA, rowB, least, most } = this.#columns;
    for (let at = 0; at < length; at++) {
      if (isUseful(rowA[at], rowB[at], least[at], most[at]))
        this.add(rowA[at], rowB[at], least[at], most[at]);
    }
  }

  /** Calls `take` with each pair in order, then forgets all pairs. */
  drain(take: (rowA: number, rowB: number, least: number, most: number) => void): void {
    if (this.#length === 0) return;
    const { rowA, rowB, least, most } = this.#columns;
    for (const at of this.#order()) take(rowA[at], rowB[at], least[at], most[at]);
    this.#length = 0;
  }

  /** Gives the memory back. The object must not be used afterwards. */
  release(): void {
    spare.push(this.#columns);
  }

  /**
   * The places of pairs in the order of their bounds, which are rounded to 2^32 steps. Numbers made of a step and a
   * place are sorted natively, ten times faster than places by a function.
   */
  #order(): Float64Array {
    const bounds = this.#columns.most.subarray(0, this.#length);
    let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const most of bounds) {
      least = Math.min(least, most);
      greatest = Math.max(greatest, most);
    }
    const steps = greatest > least ? (2 ** 32 - 1) / (greatest - least) : 0;
    const keys = new Float64Array(this.#length);
    for (let at = 0; at < keys.length; at++) {
      const distance = this.#isLeastFirst ? bounds[at] - least : greatest - bounds[at];
      keys[at] = Math.floor(distance * steps) * placeFactor + at;
    }
    keys.sort();
    for (let at = 0; at < keys.length; at++) keys[at] %= placeFactor;
    return keys;
  }
}

const placeFactor = 2 ** 20;
