/**
 * Rows of two films in the kernel's memory, each read when its first score is asked for: candidates touch a part of the
 * rows, and each of those many times.
 */
import { preferredImplementation, takeMemory } from '../../kernel/kernel-memory.js';
import { paddedDim } from '../../kernel/scalar.js';

export interface StoredRows {
  readonly frames: number;
  readonly dim: number;
  /** Reads one row into `target` [dim]. */
  readRow(row: number, target: Float32Array): void;
}

export interface RowStore {
  /** The canonical dot product of a row of `a` with a row of `b`. */
  dot(rowA: number, rowB: number): number;
  /** Gives the memory back. */
  release(): void;
}

/** A store for two films of one dim; where they are the same object its rows are held once. */
export function openRowStore(a: StoredRows, b: StoredRows): RowStore {
  const dim = paddedDim(a.dim);
  const rowBytes = dim * Float32Array.BYTES_PER_ELEMENT;
  const startB = a === b ? 0 : a.frames * rowBytes;
  const out = startB + b.frames * rowBytes;
  const { kernel, buffer, release } = takeMemory(
    out + Float64Array.BYTES_PER_ELEMENT,
    preferredImplementation(),
  );
  const result = new Float64Array(buffer, out, 1);
  const loader = (film: StoredRows, start: number) => {
    const isLoaded = new Uint8Array(film.frames);
    return (row: number) => {
      const address = start + row * rowBytes;
      if (!isLoaded[row]) {
        film.readRow(row, new Float32Array(buffer, address, film.dim));
        new Float32Array(buffer, address + film.dim * 4, dim - film.dim).fill(0);
        isLoaded[row] = 1;
      }
      return address;
    };
  };
  const addressA = loader(a, 0);
  const addressB = a === b ? addressA : loader(b, startB);
  return {
    dot(rowA, rowB) {
      kernel.pairDots(addressA(rowA), addressB(rowB), 1, dim, out);
      return result[0];
    },
    release,
  };
}
