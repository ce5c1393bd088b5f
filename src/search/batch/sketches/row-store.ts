/**
 * Rows of blocks in the kernel's memory, read when they are wanted: candidates touch a part of the rows, and each of
 * those many times. Room is bounded, whatever the films' size. Two thirds are for the first blocks of this pair and of
 * the next one, which take turns with each second block. In both parts the oldest rows make room for new ones.
 */
import { takeMemory } from '../../../kernel/kernel-memory.js';
import { paddedDim } from '../../../kernel/scalar.js';
import { preferredImplementation } from '../../../kernel/wasm.js';
import { closenessFrom, type Metric } from '../../../ranking/metric.js';

/** Rows that can be read one at a time. */
export interface StoredRows {
  readonly block: {
    readonly frames: number;
    readonly dim: number;
    /** n2 of each row. */
    readonly squaredNorms: Float64Array;
  };
  /** Reads a row into `target` [dim]. */
  readRow(row: number, target: Float32Array): void;
}

/** Rows of `a` and of `b`, both of the store's dim, are scored; errors of all methods: those of `readRow`. */
export interface RowStore {
  readonly dim: number;
  /** Rows of the largest block that it has room for. */
  readonly frames: number;
  /** The canonical closeness of two rows. */
  closeness(metric: Metric, a: StoredRows, rowA: number, b: StoredRows, rowB: number): number;
  /** Their dot product in float32, which takes less than half the time. */
  floatDot(a: StoredRows, rowA: number, b: StoredRows, rowB: number): number;
  /** Gives the memory back. */
  release(): void;
}

/** The rows of two films of usual length, or nearly, in the first part, and of one in the second. */
const roomBytes = 64 * 2 ** 20;

/**
 * A store without rows, for blocks of at most `frames` rows of `dim` numbers. A block is of use while it is in turn: more
 * room would fill with rows that are not asked for again.
 */
export function openRowStore(dim: number, frames: number, bytes = roomBytes): RowStore {
  const rowBytes = paddedDim(dim) * Float32Array.BYTES_PER_ELEMENT;
  const places = Math.max(2, Math.min(frames, Math.floor(bytes / 3 / rowBytes)));
  const startB = 2 * places * rowBytes;
  const out = startB + places * rowBytes;
  const end = out + Float64Array.BYTES_PER_ELEMENT;
  const { kernel, buffer, release } = takeMemory(end, preferredImplementation());
  const result = new Float64Array(buffer, out, 1);
  const ofA = new HeldRows(dim, 2 * places, 0, buffer);
  const ofB = new HeldRows(dim, places, startB, buffer);
  return {
    dim,
    frames,
    closeness(metric, a, rowA, b, rowB) {
      // Of one block with itself, reading the second row may take the place of the first.
      ofA.addressOf(a, rowA);
      const atB = (a === b ? ofA : ofB).addressOf(b, rowB);
      const sums = metric === 'euclidean' ? kernel.pairSquaredDistances : kernel.pairDots;
      sums(ofA.addressOf(a, rowA), atB, 1, paddedDim(dim), out);
      return closenessFrom(metric, result[0], a.block.squaredNorms[rowA], b.block.squaredNorms[rowB]);
    },
    floatDot(a, rowA, b, rowB) {
      ofA.addressOf(a, rowA);
      const atB = (a === b ? ofA : ofB).addressOf(b, rowB);
      return kernel.floatDot(ofA.addressOf(a, rowA), atB, paddedDim(dim));
    },
    release,
  };
}

/** Rows in places of their own, each padded with zeros. */
class HeldRows {
  readonly #dim: number;
  readonly #places: number;
  readonly #start: number;
  readonly #values: Float32Array;
  /** The place of each row of a film; -1 where it is not held. */
  readonly #tables = new WeakMap<StoredRows, Int32Array>();
  /** The one that was asked for last. */
  #film: StoredRows | undefined;
  #table: Int32Array = new Int32Array(0);
  /** Which row of which table has each place. */
  readonly #tableAt: (Int32Array | undefined)[] = [];
  readonly #rowAt: Int32Array;
  #next = 0;

  constructor(dim: number, places: number, start: number, buffer: ArrayBufferLike) {
    this.#dim = dim;
    this.#places = places;
    this.#start = start;
    this.#values = new Float32Array(buffer, start, places * paddedDim(dim));
    this.#rowAt = new Int32Array(places);
  }

  /** Where a row lies, read where it is not held. */
  addressOf(film: StoredRows, row: number): number {
    if (film !== this.#film) this.#turnTo(film);
    if (this.#table[row] < 0) this.#read(film, row);
    return this.#start + this.#table[row] * paddedDim(this.#dim) * Float32Array.BYTES_PER_ELEMENT;
  }

  #turnTo(film: StoredRows): void {
    const known = this.#tables.get(film);
    this.#table = known ?? new Int32Array(film.block.frames).fill(-1);
    if (!known) this.#tables.set(film, this.#table);
    this.#film = film;
  }

  #read(film: StoredRows, row: number): void {
    if (this.#next === this.#places) this.#next = 0;
    const place = this.#next++;
    const before = this.#tableAt[place];
    if (before) before[this.#rowAt[place]] = -1;
    this.#tableAt[place] = undefined;
    const start = place * paddedDim(this.#dim);
    film.readRow(row, this.#values.subarray(start, start + this.#dim));
    this.#values.fill(0, start + this.#dim, start + paddedDim(this.#dim));
    this.#tableAt[place] = this.#table;
    this.#rowAt[place] = row;
    this.#table[row] = place;
  }
}
