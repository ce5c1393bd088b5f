/**
 * The first k hits of many questions, packed in 16 bytes a hit: a dump holds the hits of many films at once. A *row*
 * has the hits of one question, in a binary heap whose root is the last of them. All rows have room for the same number
 * of hits. When one of them is full, this room is doubled: memory grows with the hits found, not with k.
 */
import { GialloError } from '../errors.js';
import { compareHits, type Hit } from './top-k.js';

/** Hits that each row has room for at first. */
const firstRoom = 64;

interface Columns {
  readonly closeness: Float64Array;
  readonly film: Int32Array;
  readonly index: Int32Array;
}

/** Released columns, for the next task of the same size: otherwise each task would leave garbage to collect. */
const spare: Columns[] = [];
/** The columns of two collectors, each with one for either direction. */
const mostSpare = 4;

/** The first hits of each row so far, in the order of `compareHits`. */
export class RankedRows {
  readonly #limit: number;
  #count: Int32Array;
  /** How many hits each row has room for: row r begins at r x room. */
  #room: number;
  #columns: Columns;

  /** For up to `limit` hits in each of `rows` rows. Errors: `output-too-large` if they do not fit in memory. */
  constructor(rows: number, limit: number) {
    this.#limit = limit;
    this.#room = Math.min(limit, firstRoom);
    this.#columns = allocate(rows, this.#room);
    this.#count = new Int32Array(rows);
  }

  /** Keeps the hit if it is among the first of its row so far. Errors: `output-too-large`. */
  offer(row: number, hit: Hit): void {
    const count = this.#count[row];
    if (count < this.#limit) {
      if (count === this.#room) this.#grow();
      this.#count[row] = count + 1;
      this.#siftUp(row * this.#room, count, hit);
    } else if (count > 0 && this.#isBefore(hit, row * this.#room)) {
      this.#siftDown(row * this.#room, count, hit);
    }
  }

  /** Puts the hit into the heap at `start`, at the place that is free there or above it. */
  #siftUp(start: number, free: number, hit: Hit): void {
    let at = free;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#isBefore(hit, start + parent)) break;
      this.#move(start + parent, start + at);
      at = parent;
    }
    this.#put(start + at, hit);
  }

  /** Puts the hit into the heap of `count` hits at `start`, in place of its root. */
  #siftDown(start: number, count: number, hit: Hit): void {
    let at = 0;
    for (let child = 1; child < count; child = 2 * at + 1) {
      if (child + 1 < count && this.#areInOrder(start + child, start + child + 1)) child++;
      if (!this.#isBefore(hit, start + child)) break;
      this.#move(start + child, start + at);
      at = child;
    }
    this.#put(start + at, hit);
  }

  /** Whether the hit comes before the kept one at a place, in the order of `compareHits`. */
  #isBefore(hit: Hit, at: number): boolean {
    const { closeness, film, index } = this.#columns;
    return (hit.closeness - closeness[at] || film[at] - hit.film || index[at] - hit.index) > 0;
  }

  /** Whether of two kept hits the one at the first place comes before the other. */
  #areInOrder(first: number, second: number): boolean {
    const { closeness, film, index } = this.#columns;
    return (
      (closeness[first] - closeness[second] || film[second] - film[first] || index[second] - index[first]) > 0
    );
  }

  #move(from: number, to: number): void {
    const { closeness, film, index } = this.#columns;
    closeness[to] = closeness[from];
    film[to] = film[from];
    index[to] = index[from];
  }

  #put(at: number, hit: Hit): void {
    const { closeness, film, index } = this.#columns;
    closeness[at] = hit.closeness;
    film[at] = hit.film;
    index[at] = hit.index;
  }

  /** The closeness below which a row keeps no more hits: minus infinity until it has `limit` of them. */
  floorOf(row: number): number {
    if (this.#count[row] < this.#limit) return Number.NEGATIVE_INFINITY;
    return this.#limit === 0 ? Number.POSITIVE_INFINITY : this.#columns.closeness[row * this.#room];
  }

  /** How many hits all rows keep. */
  get total(): number {
    let sum = 0;
    for (const count of this.#count) sum += count;
    return sum;
  }

  /** Gives the kept hits to `take`: row by row, those of a row in any order. */
  forEach(take: (row: number, film: number, index: number, closeness: number) => void): void {
    const { closeness, film, index } = this.#columns;
    for (let row = 0; row < this.#count.length; row++) {
      const start = row * this.#room;
      const end = start + this.#count[row];
      for (let at = start; at < end; at++) take(row, film[at], index[at], closeness[at]);
    }
  }

  /** The kept hits of a row, closest first. */
  hitsOf(row: number): Hit[] {
    const { closeness, film, index } = this.#columns;
    const start = row * this.#room;
    return Array.from({ length: this.#count[row] }, (_, i) => ({
      closeness: closeness[start + i],
      film: film[start + i],
      index: index[start + i],
    })).sort(compareHits);
  }

  /** Gives the memory back, for others of the same size. The object must not be used afterwards. */
  release(): void {
    spare.push(this.#columns);
    if (spare.length > mostSpare) spare.shift();
    this.#columns = allocate(0, 0);
    this.#count = new Int32Array(0);
  }

  #grow(): void {
    const [from, room] = [this.#columns, Math.min(this.#limit, 2 * this.#room)];
    const to = allocate(this.#count.length, room);
    for (const [row, count] of this.#count.entries()) {
      const [start, end] = [row * this.#room, row * this.#room + count];
      to.closeness.set(from.closeness.subarray(start, end), row * room);
      to.film.set(from.film.subarray(start, end), row * room);
      to.index.set(from.index.subarray(start, end), row * room);
    }
    this.#columns = to;
    this.#room = room;
  }
}

function allocate(rows: number, room: number): Columns {
  const places = rows * room;
  const known = places === 0 ? -1 : spare.findIndex(({ index }) => index.length === places);
  if (known >= 0) return spare.splice(known, 1)[0];
  try {
    return {
      closeness: new Float64Array(places),
      film: new Int32Array(places),
      index: new Int32Array(places),
    };
  } catch (cause) {
    const message = `${rows} frames x ${room} results do not fit in memory`;
    throw new GialloError('output-too-large', message, { hint: 'ask for fewer with -k', cause });
  }
}
