/**
 * Frames as CSV: `filename,v0,v1,...`, RFC 4180 but for line ends, which are LF.
 */
import type { FileHandle } from 'node:fs/promises';
import { requireUnicode } from './frame-names.js';
import type { FrameBlock } from './frames.js';
import { RowText } from './row-text.js';

/**
 * Writes frames to an empty file and returns how many there were. Each number reads back to the same float32 bits;
 * `NaN`, `Infinity` and `-Infinity` stand for themselves. Errors: `value-unrepresentable` for a filename that UTF-8
 * cannot hold, naming `place`; errors of the file system as they are.
 */
export async function writeCsv(
  file: FileHandle,
  blocks: AsyncIterable<FrameBlock>,
  dim: number,
  place: string,
): Promise<number> {
  const text = new RowText();
  let frames = 0;
  text.text(`${['filename', ...Array.from({ length: dim }, (_, i) => `v${i}`)].join(',')}\n`);
  for await (const { filenames, values } of blocks) {
    filenames.forEach((filename, row) => {
      requireUnicode(filename, place);
      text.text(`${quoted(filename)},`);
      text.numbers(values.subarray(row * dim, (row + 1) * dim), String);
      text.text('\n');
    });
    frames += filenames.length;
    await text.flush(file);
  }
  await text.flush(file);
  return frames;
}

function quoted(field: string): string {
  return /[",\n\r]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
