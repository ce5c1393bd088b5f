/**
 * Rows of films in the kernel's memory, read when their first score is asked for: candidates touch a part of the rows,
 * and each of those many times. Room is bounded, whatever the films' size; the rows that came first go first.
 */
import { takeMemory } from '../../kernel/kernel-memory.js';
import { paddedDim } from '../../kernel/scalar.js';
import { preferredImplementation } from '../../kernel/wasm.js';
import { closenessFrom, type Metric } from '../../ranking/metric.js';

/** Rows that can be read one at a time. */
export interface StoredRows {
  readonly block: {
    readonly frames: number;
    readonly dim: number;
    /** n2 of each row. */
    readonly squaredNorms: Float64Array;
  };
  /** Reads one row into `target` [dim]. */
  readRow(row: number, target: Float32Array): void;
}

export interface RowStore {
  readonly dim: number;
  /** The canonical closeness of a row of `a` and a row of `b`, of the store's dim. Errors: those of `readRow`. */
  closeness(metric: Metric, a: StoredRows, rowA: number, b: StoredRows, rowB: number): number;
  /** Gives the memory back. */
  release(): void;
}

/** The rows of two films of usual length, or nearly. */
const roomBytes = 64 * 2 ** 20;

/** A store without rows, for films of `dim` numbers a row. */
export function openRowStore(dim: number, bytes = roomBytes): RowStore {
  const rowBytes = paddedDim(dim) * Float32Array.BYTES_PER_ELEMENT;
  const places = Math.max(2, Math.floor(bytes / rowBytes));
  const out = places * rowBytes;
  const end = out + Float64Array.BYTES_PER_ELEMENT;
  const { kernel, buffer, release } = takeMemory(end, preferredImplementation());
  const result = new Float64Array(buffer, out, 1);
  const placesOf = new WeakMap<StoredRows, Int32Array>();
  /** Which row of which film has each place. */
  const filmAt: Int32Array[] = [];
  const rowAt = new Int32Array(places);
  let next = 0;

  const tableOf = (film: StoredRows) => {
    const table = placesOf.get(film) ?? new Int32Array(film.block.frames).fill(-1);
    placesOf.set(film, table);
    return table;
  };
  /** The place of a row, which is not `kept`. */
  const placeOf = (film: StoredRows, row: number, kept: number): number => {
    const table = tableOf(film);
    if (table[row] >= 0) return table[row];
    if (next === kept) next = (next + 1) % places;
    const place = next;
    if (filmAt[place]) filmAt[place][rowAt[place]] = -1;
    delete filmAt[place];
    const address = place * rowBytes;
    film.readRow(row, new Float32Array(buffer, address, dim));
    new Float32Array(buffer, address + dim * 4, paddedDim(dim) - dim).fill(0);
    filmAt[place] = table;
    rowAt[place] = row;
    table[row] = place;
    next = (next + 1) % places;
    return place;
  };
  return {
    dim,
    closeness(metric, a, rowA, b, rowB) {
      const placeA = placeOf(a, rowA, -1);
      const placeB = placeOf(b, rowB, placeA);
      const sums = metric === 'euclidean' ? kernel.pairSquaredDistances : kernel.pairDots;
      sums(placeA * rowBytes, placeB * rowBytes, 1, paddedDim(dim), out);
      return closenessFrom(metric, result[0], a.block.squaredNorms[rowA], b.block.squaredNorms[rowB]);
    },
    release,
  };
}
