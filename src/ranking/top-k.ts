/** The k first of a stream of hits in the order of `compareHits`, in O(n log k) time and O(k) memory. */
import { compareHits, type Hit } from './hit.js';

/** A bounded binary heap whose root is the last of the kept hits. */
export class TopK {
  readonly #limit: number;
  readonly #heap: Hit[] = [];

  /** `limit` may be larger than anything ever offered, `Infinity` included: memory follows what is kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Keeps the hit if it is among the first k so far. */
  offer(hit: Hit): void {
    const heap = this.#heap;
    if (heap.length < this.#limit) {
      heap.push(hit);
      this.#siftUp(heap.length - 1);
    } else if (this.#limit > 0 && compareHits(hit, heap[0]) < 0) {
      heap[0] = hit;
      this.#siftDown(0);
    }
  }

  /** True where a hit of this closeness could not be kept, whatever its film and index. */
  excludes(closeness: number): boolean {
    return this.#heap.length >= this.#limit && !(this.#limit > 0 && closeness >= this.#heap[0].closeness);
  }

  /** The closeness below which nothing is kept any more: minus infinity while there is room. */
  floor(): number {
    return this.#heap.length < this.#limit
      ? Number.NEGATIVE_INFINITY
      : (this.#heap[0]?.closeness ?? Number.POSITIVE_INFINITY);
  }

  /** The kept hits, closest first. */
  sorted(): Hit[] {
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
