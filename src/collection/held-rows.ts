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
 * finds out which of them it needs. Its blocks come as they are read, stay, and must not be changed; an error of reading
 * is thrown to each caller that comes to it. Closing it ends the reading and closes the film.
 */
export function holdFilm(film: Film, signal?: AbortSignal): Film {
  const closing = new AbortController();
  const first = holdBlocks(
    film.readBlocks(AbortSignal.any([closing.signal, ...(signal ? [signal] : [])]), true),
  );
  let filenames: ReturnType<Film['readFilenames']> | undefined;
  const held: Film = {
    ...film,
    readFilenames() {
      filenames ??= film.readFilenames();
      return filenames;
    },
    async *readBlocks() {
      for (let at = await first; at; at = await at.next) yield at.block;
    },
    async close() {
      closing.abort();
      await readToEnd(held).catch(() => undefined);
      await film.close();
    },
  };
  return held;
}

interface HeldBlock {
  readonly block: RowBlock;
  /** Undefined after the last. */
  readonly next: Promise<HeldBlock | undefined>;
}

/** Reads the blocks that are left, one after the other. */
function holdBlocks(blocks: AsyncGenerator<RowBlock>): Promise<HeldBlock | undefined> {
  const read = blocks
    .next()
    .then(({ value: block, done }) => (done ? undefined : { block, next: holdBlocks(blocks) }));
  read.catch(() => undefined); // Nobody may come to it.
  return read;
}

/** Reads a film for its errors. */
export async function readToEnd(film: Film): Promise<void> {
  for await (const _ of film.readBlocks());
}

/** All rows of a film [frames x dim], in memory that the caller owns. */
export async function readAllRows(film: Film): Promise<Float32Array> {
  const all = new Float32Array(film.frames * film.dim);
  for await (const { firstRow, values } of film.readBlocks()) all.set(values, firstRow * film.dim);
  return all;
}

/**
 * Copies of the named rows, in the order of `indices` (each within 0 to frames - 1). They are right if the film can be
 * read to its end, where its checksum is known: this is waited for, unless `isEarly`.
 */
export async function readRowsAt(
  film: Film,
  indices: readonly number[],
  { signal, isEarly = false }: { readonly signal?: AbortSignal | undefined; readonly isEarly?: boolean } = {},
): Promise<Float32Array[]> {
  const found = new Map<number, Float32Array>();
  const wanted = new Set(indices);
  for await (const { firstRow, rows, values } of film.readBlocks(signal)) {
    for (const index of wanted) {
      const row = index - firstRow;
      if (row >= 0 && row < rows) found.set(index, values.slice(row * film.dim, (row + 1) * film.dim));
    }
    if (isEarly && found.size === wanted.size) break;
  }
  return indices.map((index) => found.get(index) as Float32Array);
}
