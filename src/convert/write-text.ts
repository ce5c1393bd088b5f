/**
 * Frames as text, a frame a line in the order of the frames: JSON, `{"filename": [numbers], ...}`, and CSV,
 * `filename,v0,v1,...` by RFC 4180 but with LF at the ends of lines.
 */
import type { FileHandle } from 'node:fs/promises';
import { GialloError } from '../errors.js';
import { csvField } from '../escape.js';
import { formatNumber, maxNumberLength } from './format-number.js';
import { type FramesToWrite, type JsonOptions, requireUnicode, uniqueNames } from './frames.js';

/**
 * Writes frames to an empty file and returns how many there were. Each number reads back to the same float32 bits and
 * has no digit more than that takes. `place` is named in errors: `value-unrepresentable` for NaN unless it is asked for
 * as null, and for infinities; `names-duplicate`; errors of the file system, unchanged.
 */
export async function writeJson(
  file: FileHandle,
  { blocks, dim, place }: FramesToWrite,
  options: JsonOptions,
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

function nonFinite(value: number, at: number, filename: string, { nan }: JsonOptions, place: string): string {
  if (Number.isNaN(value) && nan === 'null') return 'null';
  const message = `${place}: ${JSON.stringify(filename)}: JSON cannot hold ${value}, at position ${at}`;
  const hint = Number.isNaN(value)
    ? '--nan null writes NaN as null'
    : 'CSV, .npy and Parquet can hold infinity';
  throw new GialloError('value-unrepresentable', message, { hint });
}

function duplicate(filename: string, place: string): GialloError {
  const message = `${place}: the filename ${JSON.stringify(filename)} appears twice`;
  return new GialloError('names-duplicate', message, {
    hint: '--on-duplicate suffix appends #2, #3 and so on',
  });
}

const comma = 0x2c;

/**
 * Writes frames to an empty file and returns how many there were. Each number reads back to the same float32 bits;
 * `NaN`, `Infinity` and `-Infinity` stand for themselves. Errors: `value-unrepresentable` for a filename that UTF-8
 * cannot hold, naming `place`; errors of the file system, unchanged.
 */
export async function writeCsv(file: FileHandle, { blocks, dim, place }: FramesToWrite): Promise<number> {
  const text = new RowText();
  let frames = 0;
  text.text(`${['filename', ...Array.from({ length: dim }, (_, i) => `v${i}`)].join(',')}\n`);
  for await (const { filenames, values } of blocks) {
    filenames.forEach((filename, row) => {
      requireUnicode(filename, place);
      text.text(`${csvField(filename)},`);
      text.numbers(values.subarray(row * dim, (row + 1) * dim), String);
      text.text('\n');
    });
    frames += filenames.length;
    await text.flush(file);
  }
  await text.flush(file);
  return frames;
}

/** Text that is being put together; written and emptied block by block, so memory stays flat. */
class RowText {
  #bytes = Buffer.allocUnsafeSlow(1 << 20);
  #length = 0;

  /** Appends text as UTF-8. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** Appends numbers with commas between them; `textOf` gives the text of those that are not finite. */
  numbers(values: Float32Array, textOf: (value: number, at: number) => string): void {
    this.#reserve(values.length * (maxNumberLength + 1));
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) bytes[at++] = comma;
      const value = values[i];
      at = Number.isFinite(value)
        ? formatNumber(value, bytes, at)
        : at + bytes.write(textOf(value, i), at, 'latin1');
    }
    this.#length = at;
  }

  /** Writes what has been appended and begins anew. */
  async flush(file: FileHandle): Promise<void> {
    await file.writeFile(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
