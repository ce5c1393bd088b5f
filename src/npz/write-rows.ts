/**
 * Rows on their way into an array: float32 or float16 bytes, packed into blocks of one length, their CRC-32 and
 * number counted on the way.
 */
import { crc32 } from 'node:zlib';
import { GialloError } from '../errors.js';
import { toFloat16 } from './write-float16.js';

/** The types that vectors are written in. */
export type WrittenDtype = 'float32' | 'float16';

export const descrOf: Readonly<Record<WrittenDtype, string>> = { float32: '<f4', float16: '<f2' };

/** Consecutive frames with their vectors, [filenames x dim] row-major; the memory may be reused for the next. */
export interface NamedRows {
  readonly filenames: readonly string[];
  readonly values: Float32Array;
}

/** What has been seen of an array so far. */
export interface RowTotals {
  readonly filenames: string[];
  crc32: number;
  length: number;
}

export interface WrittenLayout {
  readonly dim: number;
  readonly dtype: WrittenDtype;
  /** Named in errors. */
  readonly place: string;
}

/**
 * The bytes of rows, little-endian, in blocks of `blockLength` bytes of fresh memory (the last may be shorter); keeps
 * `totals`. Errors: `value-unrepresentable` for a finite value that float16 cannot hold, naming the frame.
 */
export async function* packRows(
  rows: AsyncIterable<NamedRows>,
  layout: WrittenLayout,
  blockLength: number,
  totals: RowTotals,
): AsyncGenerator<Uint8Array> {
  let block = Buffer.allocUnsafeSlow(blockLength);
  let filled = 0;
  for await (const { filenames, values } of rows) {
    const bytes = rowBytes(values, filenames, layout);
    for (const name of filenames) totals.filenames.push(name);
    totals.crc32 = crc32(bytes, totals.crc32);
    totals.length += bytes.length;
    for (let used = 0; used < bytes.length; ) {
      const taken = Math.min(bytes.length - used, blockLength - filled);
      block.set(bytes.subarray(used, used + taken), filled);
      used += taken;
      filled += taken;
      if (filled < blockLength) continue;
      yield block;
      block = Buffer.allocUnsafeSlow(blockLength);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}

/** Totals before the first row. */
export function noRows(): RowTotals {
  return { filenames: [], crc32: 0, length: 0 };
}

function rowBytes(
  values: Float32Array,
  filenames: readonly string[],
  { dim, dtype, place }: WrittenLayout,
): Uint8Array {
  if (dtype === 'float32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const { halves, firstOverflow } = toFloat16(values);
  if (firstOverflow >= 0) {
    const name = JSON.stringify(filenames[Math.floor(firstOverflow / dim)]);
    const message = `${place}: ${name}: a number within float16's range (65504) was expected, found ${values[firstOverflow]}`;
    throw new GialloError('value-unrepresentable', message, { hint: 'write float32 instead' });
  }
  return new Uint8Array(halves.buffer);
}
