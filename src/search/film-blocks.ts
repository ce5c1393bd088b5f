/** The rows of a film in blocks of a size that the kernel takes. */
import type { Film, RowBlock } from '../collection/film.js';

/** The film's blocks, none of more than `maxRows` rows; views that are valid until the next one is asked for. */
export async function* blocksOf(film: Film, maxRows: number, signal?: AbortSignal): AsyncGenerator<RowBlock> {
  for await (const block of film.readBlocks(signal)) {
    for (let start = 0; start < block.rows; start += maxRows) {
      const rows = Math.min(maxRows, block.rows - start);
      const values = block.values.subarray(start * film.dim, (start + rows) * film.dim);
      const becameInfinite = start === 0 ? block.becameInfinite : 0;
      yield { firstRow: block.firstRow + start, rows, values, becameInfinite };
    }
  }
}
