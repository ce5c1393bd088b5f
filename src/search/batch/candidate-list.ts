/** Pairs of frames that bounds have left, in columns, of bounded number. */

export interface CandidatePair {
  readonly indexA: number;
  readonly indexB: number;
  /** The most that their closeness can be. */
  readonly most: number;
}

export class CandidateList {
  readonly #indexA: Int32Array;
  readonly #indexB: Int32Array;
  readonly #most: Float64Array;
  #length = 0;

  /** Room for `size` pairs, 2^20 at most. */
  constructor(size: number) {
    this.#indexA = new Int32Array(size);
    this.#indexB = new Int32Array(size);
    this.#most = new Float64Array(size);
  }

  get isFull(): boolean {
    return this.#length === this.#most.length;
  }

  add(indexA: number, indexB: number, most: number): void {
    this.#indexA[this.#length] = indexA;
    this.#indexB[this.#length] = indexB;
    this.#most[this.#length++] = most;
  }

  /** Calls `take` with each pair, those of the greatest bounds first, and forgets them. */
  drain(take: (pair: CandidatePair) => void): void {
    for (const at of this.#order()) {
      take({ indexA: this.#indexA[at], indexB: this.#indexB[at], most: this.#most[at] });
    }
    this.#length = 0;
  }

  /**
   * Places by falling bound, as good as that can be told in 2^32 steps: numbers made of a step and a place are sorted
   * natively, ten times as fast as places are by a function.
   */
  #order(): Float64Array {
    const bounds = this.#most.subarray(0, this.#length);
    const least = bounds.reduce((least, most) => Math.min(least, most), Number.POSITIVE_INFINITY);
    const greatest = bounds.reduce((greatest, most) => Math.max(greatest, most), Number.NEGATIVE_INFINITY);
    const steps = greatest > least ? (2 ** 32 - 1) / (greatest - least) : 0;
    const keys = Float64Array.from(
      bounds,
      (most, at) => Math.floor((greatest - most) * steps) * placeFactor + at,
    );
    return keys.sort().map((key) => key % placeFactor);
  }
}

const placeFactor = 2 ** 20;
