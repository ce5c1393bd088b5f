/**
 * If one question reads a film twice (for the query's own row, then in the search), the film is inflated once: what was
 * read stays in memory in between, if it fits.
 */
import type { RowBlock } from '../npz/rows.js';
import type { Film } from './film.js';

/** Films with more raw bytes than this are streamed again instead. */
export const heldBytesLimit = 256 * 2 ** 20;

/**
 * A film that reads the names of `film` once, and begins at once to read its rows: zlib inflates them while the caller
 * finds out which of them it needs. There is one block of all rows, which must not be changed; errors of reading are
 * thrown to each caller that asks for it. Closing it ends the reading and closes the film.
 */
export function holdFilm(film: Film, signal?: AbortSignal): Film {
  const closing = new AbortController();
  const reading = readBlock(film, AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]));
  reading.catch(() => undefined);
  let filenames: ReturnType<Film['readFilenames']> | undefined;
  return {
    ...film,
    readFilenames() {
      filenames ??= film.readFilenames();
      return filenames;
    },
    async *readBlocks() {
      yield await reading;
    },
    async close() {
      closing.abort();
      await reading.catch(() => undefined);
      await film.close();
    },
  };
}

async function readBlock(film: Film, signal?: AbortSignal): Promise<RowBlock> {
  const values = new Float32Array(film.frames * film.dim);
  let becameInfinite = 0;
  for await (const block of film.readBlocks(signal)) {
    values.set(block.values, block.firstRow * film.dim);
    becameInfinite += block.becameInfinite;
  }
  return { firstRow: 0, rows: film.frames, values, becameInfinite };
}

/** All rows of a film [frames x dim], in memory that the caller owns. */
export async function readAllRows(film: Film): Promise<Float32Array> {
  return (await readBlock(film)).values;
}

/**
 * Copies of the named rows, in the order of `indices` (each within 0 to frames - 1). Reads the film whole, since its
 * checksum is known only at the end: a wrong row is never handed out.
 */
export async function readRowsAt(
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
