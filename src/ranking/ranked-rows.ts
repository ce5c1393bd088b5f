/**
 * The k first hits of many questions at once, packed: 16 bytes a hit, so that the unfinished films of a dump are held
 * in k x 16 bytes a row. Each row keeps its hits sorted; a hit is put in its place by shifting those after it. All rows
 * have the same room, which is doubled when one of them is full: it follows what is found, not what is asked for.
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

export class RankedRows {
  readonly #limit: number;
  readonly #count: Int32Array;
  /** Hits that each row has room for: row r is at r x room. */
  #room: number;
  #columns: Columns;

  /** For up to `limit` hits of each of `rows` questions. Errors: `output-too-large` where no memory holds the rows. */
  constructor(rows: number, limit: number) {
    this.#limit = limit;
    this.#room = Math.min(limit, firstRoom);
    this.#columns = allocate(rows, this.#room);
    this.#count = new Int32Array(rows);
  }

  /** Keeps the hit if it is among the first of its row so far. Errors: `output-too-large`. */
  offer(row: number, hit: Hit): void {
    const count = this.#count[row];
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareHits(this.#at(row, middle), hit) < 0) low = middle + 1;
      else high = middle;
    }
    if (low >= this.#limit) return;
    if (count === this.#room && count < this.#limit) this.#grow();
    const kept = Math.min(count, this.#limit - 1);
    const start = row * this.#room;
    const { closeness, film, index } = this.#columns;
    for (const values of [closeness, film, index]) {
      values.copyWithin(start + low + 1, start + low, start + kept);
    }
    closeness[start + low] = hit.closeness;
    film[start + low] = hit.film;
    index[start + low] = hit.index;
    this.#count[row] = kept + 1;
  }

  /** The closeness below which a row can keep no hit: minus infinity until it is full. */
  floorOf(row: number): number {
    if (this.#count[row] < this.#limit) return Number.NEGATIVE_INFINITY;
    return this.#limit === 0 ? Number.POSITIVE_INFINITY : this.#at(row, this.#limit - 1).closeness;
  }

  /** The kept hits of a row, closest first. */
  hitsOf(row: number): Hit[] {
    return Array.from({ length: this.#count[row] }, (_, i) => this.#at(row, i));
  }

  #at(row: number, place: number): Hit {
    const position = row * this.#room + place;
    const { closeness, film, index } = this.#columns;
    return { closeness: closeness[position], film: film[position], index: index[position] };
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
