/**
 * Rows of blocks in the kernel's memory. A row is read when it is first needed, and stays while there is room: the
 * pairs to score have only some of the rows, but each of these many times. The room is bounded, whatever the size of
 * the films. Two thirds of it are for rows of `a`, since two blocks take turns as `a` with each `b`; one third for rows
 * of `b`. In each part, new rows take the places of the oldest.
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

/** Scores a row of `a` with a row of `b`; both have the store's dim. Errors: those of `readRow`. */
export interface RowStore {
  readonly dim: number;
  /** The most rows that a block may have. */
  readonly frames: number;
  /** The canonical closeness of two rows. */
  closeness(metric: Metric, a: StoredRows, rowA: number, b: StoredRows, rowB: number): number;
  /** The dot product of two rows in float32, which takes less than half the time. */
  floatDot(a: StoredRows, rowA: number, b: StoredRows, rowB: number): number;
  /** Gives the memory back. */
  release(): void;
}

/** Bytes for most of the rows that three films of usual length are asked for. With twice as many, no work is faster. */
const roomBytes = 32 * 2 ** 20;

/**
 * An empty store for blocks of at most `frames` rows of `dim` numbers. Larger ones would gain nothing: they would keep
 * rows of blocks that are not needed again.
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
      // In one block, reading the second row may overwrite the first: the address of the first is asked for again.
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

/** Rows of any number of blocks, each padded with zeros, in a bounded number of places. */
class HeldRows {
  readonly #dim: number;
  readonly #places: number;
  readonly #start: number;
  readonly #values: Float32Array;
  /** The place of each row of a block; -1 if the row is not held. */
  readonly #tables = new WeakMap<StoredRows, Int32Array>();
  /** The block used last, and its table. */
  #block: StoredRows | undefined;
  #table: Int32Array = new Int32Array(0);
  /** The table and the row that each place is held for. */
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

  /** The address of a row, which is read if it is not held. */
  addressOf(block: StoredRows, row: number): number {
    if (block !== this.#block) this.#turnTo(block);
    if (this.#table[row] < 0) this.#read(block, row);
    return this.#start + this.#table[row] * paddedDim(this.#dim) * Float32Array.BYTES_PER_ELEMENT;
  }

  #turnTo(rows: StoredRows): void {
    const known = this.#tables.get(rows);
    this.#table = known ?? new Int32Array(rows.block.frames).fill(-1);
    if (!known) this.#tables.set(rows, this.#table);
    this.#block = rows;
  }

  #read(block: StoredRows, row: number): void {
    if (this.#next === this.#places) this.#next = 0;
    const place = this.#next++;
    const before = this.#tableAt[place];
    if (before) before[this.#rowAt[place]] = -1;
    this.#tableAt[place] = undefined;
    const start = place * paddedDim(this.#dim);
    block.readRow(row, this.#values.subarray(start, start + this.#dim));
    this.#values.fill(0, start + this.#dim, start + paddedDim(this.#dim));
    this.#tableAt[place] = this.#table;
    this.#rowAt[place] = row;
    this.#table[row] = place;
  }
}
