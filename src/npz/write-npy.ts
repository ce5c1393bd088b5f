/**
 * Vectors as a bare `.npy` array of any size. The header is written twice, since the number of rows is known last.
 */
import type { FileHandle } from 'node:fs/promises';
import { npyHeader } from './write-header.js';
import { descrOf, type NamedRows, noRows, packRows, type WrittenLayout } from './write-rows.js';

const blockLength = 1 << 20;

/**
 * Writes the vectors of rows to an empty file and returns their filenames, which an `.npy` has no place for. Errors:
 * `value-unrepresentable`; errors of the file system as they are.
 */
export async function writeNpy(
  file: FileHandle,
  rows: AsyncIterable<NamedRows>,
  layout: WrittenLayout,
): Promise<readonly string[]> {
  const totals = noRows();
  const header = (frames: number) => npyHeader(descrOf[layout.dtype], [frames, layout.dim]);
  await file.writeFile(header(0));
  for await (const block of packRows(rows, layout, blockLength, totals)) await file.writeFile(block);
  const final = header(totals.filenames.length);
  await file.write(final, 0, final.length, 0);
  return totals.filenames;
}
