/** A hit, the order of hits in answers, and the first k of n hits in that order, in O(n log k) time and O(k) memory. */

/** A frame with its closeness to a question. */
export interface Hit {
  /** Position of the film among the films searched, in code point order of their names. */
  readonly film: number;
  readonly index: number;
  /** Larger is closer, whatever the metric; never NaN. */
  readonly closeness: number;
}

/** The order of answers: closest first; then film name by code points; then index. Total, so that ties are stable. */
export function compareHits(a: Hit, b: Hit): number {
  return b.closeness - a.closeness || a.film - b.film || a.index - b.index;
}

/** A bounded binary heap whose root is the last of the kept hits. */
export class TopK<Kept extends Hit = Hit> {
  readonly #limit: number;
  readonly #heap: Kept[] = [];

  /** `limit` may be any number, even `Infinity`: memory grows with the hits that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps the hit if it is among the first k so far. */
  offer(hit: Kept): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(hit);
      this.#siftUp(heap.length - 1);
    } else if (this.#limit > 0 && compareHits(hit, heap[0]) < 0) {
      heap[0] = hit;
      this.#siftDown(0);
    }
  }

  /** Whether a hit of this closeness cannot be kept, whatever its film and index. */
  excludes(closeness: number): boolean {
    return this.#heap.length >= this.#limit && !(this.#limit > 0 && closeness >= this.#heap[0].closeness);
  }

  /** The closeness below which no more hits are kept: minus infinity while there is room. */
  floor(): number {
    return this.#heap.length < this.#limit
      ? Number.NEGATIVE_INFINITY
      : (this.#heap[0]?.closeness ?? Number.POSITIVE_INFINITY);
  }

  /** The kept hits, in any order. */
  get kept(): readonly Kept[] {
    return this.#heap;
  }

  /** The kept hits, closest first. */
  sorted(): Kept[] {
    return [...this.#heap].sort(compareHits);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (compareHits(heap[at], heap[parent]) <= 0) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    let at = start;
    for (;;) {
      let last = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && compareHits(heap[child], heap[last]) > 0) last = child;
      }
      if (last === at) return;
      this.#swap(at, last);
      at = last;
    }
  }

  #swap(a: number, b: number): void {
    const heap = this.#heap;
    [heap[a], heap[b]] = [heap[b], heap[a]];
  }
}
