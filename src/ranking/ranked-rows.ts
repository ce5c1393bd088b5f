/**
 * The k first hits of many questions at once, packed: 16 bytes a hit, so that the unfinished films of a dump are held
 * in k x 16 bytes a row. Each row keeps its hits sorted; a hit is put in its place by shifting those after it.
 */
import { compareHits, type Hit } from './hit.js';

export class RankedRows {
  readonly #limit: number;
  readonly #closeness: Float64Array;
  readonly #film: Int32Array;
  readonly #index: Int32Array;
  readonly #count: Int32Array;

  /** Room for `limit` hits of each of `rows` questions. */
  constructor(rows: number, limit: number) {
    this.#limit = limit;
    this.#closeness = new Float64Array(rows * limit);
    this.#film = new Int32Array(rows * limit);
    this.#index = new Int32Array(rows * limit);
    this.#count = new Int32Array(rows);
  }

  /** Keeps the hit if it is among the first of its row so far. */
  offer(row: number, hit: Hit): void {
    const start = row * this.#limit;
    const count = this.#count[row];
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareHits(this.#at(start + middle), hit) < 0) low = middle + 1;
      else high = middle;
    }
    if (low >= this.#limit) return;
    const kept = Math.min(count, this.#limit - 1);
    for (const values of [this.#closeness, this.#film, this.#index]) {
      values.copyWithin(start + low + 1, start + low, start + kept);
    }
    this.#closeness[start + low] = hit.closeness;
    this.#film[start + low] = hit.film;
    this.#index[start + low] = hit.index;
    this.#count[row] = kept + 1;
  }

  /** The closeness below which a row can keep no hit: minus infinity until it is full. */
  floorOf(row: number): number {
    if (this.#count[row] < this.#limit) return Number.NEGATIVE_INFINITY;
    return this.#limit === 0 ? Number.POSITIVE_INFINITY : this.#closeness[(row + 1) * this.#limit - 1];
  }

  /** The kept hits of a row, closest first. */
  hitsOf(row: number): Hit[] {
    return Array.from({ length: this.#count[row] }, (_, i) => this.#at(row * this.#limit + i));
  }

  #at(position: number): Hit {
    return {
      closeness: this.#closeness[position],
      film: this.#film[position],
      index: this.#index[position],
    };
  }
}
