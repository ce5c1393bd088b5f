/**
 * Frames as `{"filename": [numbers], ...}`: one frame a line, in the order of the frames.
 */
import type { FileHandle } from 'node:fs/promises';
import { GialloError } from '../errors.js';
import { type OnDuplicate, uniqueNames } from './frame-names.js';
import type { FrameBlock } from './frames.js';
import { RowText } from './row-text.js';

export interface JsonWriting {
  /** `null` writes NaN as `null`, which a reader must expect. */
  readonly nan: 'refuse' | 'null';
  readonly onDuplicate: OnDuplicate;
}

/**
 * Writes frames to an empty file and returns how many there were. Each number reads back to the same float32 bits and
 * has no digit more than that takes. `place` is named in errors: `value-unrepresentable` for NaN unless it is asked for
 * as null, and for infinities; `names-duplicate`; errors of the file system as they are.
 */
export async function writeJson(
  file: FileHandle,
  blocks: AsyncIterable<FrameBlock>,
  dim: number,
  options: JsonWriting,
  place: string,
): Promise<number> {
  const text = new RowText();
  const keyOf = uniqueNames(options.onDuplicate);
  let frames = 0;
  text.text('{');
  for await (const { filenames, values } of blocks) {
    filenames.forEach((filename, row) => {
      const key = keyOf(filename);
      if (key === undefined) throw duplicate(filename, place);
      text.text(`${frames++ === 0 ? '' : ','}\n${JSON.stringify(key)}:[`);
      const vector = values.subarray(row * dim, (row + 1) * dim);
      text.numbers(vector, (value, at) => nonFinite(value, at, filename, options, place));
      text.text(']');
    });
    await text.flush(file);
  }
  text.text(frames === 0 ? '}\n' : '\n}\n');
  await text.flush(file);
  return frames;
}

function nonFinite(value: number, at: number, filename: string, { nan }: JsonWriting, place: string): string {
  if (Number.isNaN(value) && nan === 'null') return 'null';
  const message = `${place}: ${JSON.stringify(filename)}: JSON cannot hold ${value}, at position ${at}`;
  const hint = Number.isNaN(value)
    ? '--nan null writes NaN as null'
    : 'CSV, .npy and Parquet have infinities';
  throw new GialloError('value-unrepresentable', message, { hint });
}

function duplicate(filename: string, place: string): GialloError {
  const message = `${place}: the filename ${JSON.stringify(filename)} comes twice`;
  return new GialloError('names-duplicate', message, {
    hint: '--on-duplicate suffix appends #2, #3 and so on',
  });
}
