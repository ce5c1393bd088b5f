/**
 * Films that are read twice by one question (for the query's own row, then in the search) are inflated once: their
 * rows stay in memory between, where they fit.
 */
import type { Film, RowBlock } from './film.js';

/** Films with more raw bytes than this are streamed again instead. */
export const heldBytesLimit = 256 * 2 ** 20;

/**
 * The same film with its rows kept from the first reading on. The blocks are views of the kept rows: read only.
 * A first reading that fails or is abandoned keeps nothing.
 */
export function holdRows(film: Film): Film {
  let held: RowBlock | undefined;
  return {
    ...film,
    async *readBlocks(signal) {
      if (held) {
        yield held;
        return;
      }
      const values = new Float32Array(film.frames * film.dim);
      let becameInfinite = 0;
      for await (const block of film.readBlocks(signal)) {
        values.set(block.values, block.firstRow * film.dim);
        becameInfinite += block.becameInfinite;
        yield block;
      }
      held = { firstRow: 0, rows: film.frames, values, becameInfinite };
    },
  };
}

/** All rows of a film, [frames x dim], the caller's own. */
export async function readAllRows(film: Film, signal?: AbortSignal): Promise<Float32Array> {
  const values = new Float32Array(film.frames * film.dim);
  for await (const block of film.readBlocks(signal)) values.set(block.values, block.firstRow * film.dim);
  return values;
}

/**
 * Copies of the named rows, in the order of `indices` (each within 0 to frames - 1). Reads the film whole, since its
 * checksum is known only at the end: a wrong row is never handed out.
 */
export async function readRows(
  film: Film,
  indices: readonly number[],
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const found = new Map<number, Float32Array>();
  const wanted = new Set(indices);
  for await (const { firstRow, rows, values } of film.readBlocks(signal)) {
    for (const index of wanted) {
      const row = index - firstRow;
      if (row >= 0 && row < rows) found.set(index, values.slice(row * film.dim, (row + 1) * film.dim));
    }
  }
  return indices.map((index) => found.get(index) as Float32Array);
}
