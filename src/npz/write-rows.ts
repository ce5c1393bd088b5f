/**
 * Rows on their way into an array: float32 or float16 bytes, packed into blocks of one length, their CRC-32 and
 * number counted on the way.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { GialloError } from '../errors.js';
import { npyHeader } from './header.js';

/** The types that vectors are written in. */
type WrittenDtype = 'float32' | 'float16';

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
    const message = `${place}: ${name}: ${values[firstOverflow]} is too large for float16 (65504 at most)`;
    throw new GialloError('value-unrepresentable', message, {
      hint: 'write float32 instead: leave out --dtype',
    });
  }
  return new Uint8Array(halves.buffer);
}

const npyBlockLength = 1 << 20;

/**
 * Writes the vectors of rows as a bare `.npy` of any size to an empty file; the header twice, since the number of rows
 * is known last. Returns their filenames, which an `.npy` has no place for. Errors: `value-unrepresentable`; errors of
 * the file system, unchanged.
 */
export async function writeNpy(
  file: FileHandle,
  rows: AsyncIterable<NamedRows>,
  layout: WrittenLayout,
): Promise<readonly string[]> {
  const totals = noRows();
  const header = (frames: number) => npyHeader(descrOf[layout.dtype], [frames, layout.dim]);
  await file.writeFile(header(0));
  for await (const block of packRows(rows, layout, npyBlockLength, totals)) await file.writeFile(block);
  const final = header(totals.filenames.length);
  await file.write(final, 0, final.length, 0);
  return totals.filenames;
}

/** The smallest float32 that rounds to infinity: halfway from 65504, the largest float16, to the next step. */
const firstInfinite = 0x477f_f000;

interface Float16Values {
  /** IEEE binary16 bit patterns, one a value; owned by the caller. */
  readonly halves: Uint16Array;
  /** Position of the first finite value that is too large and became infinite, -1 if there is none. */
  readonly firstOverflow: number;
}

/**
 * float32 to float16 as numpy does it: round to nearest, ties to even, subnormals kept, NaNs keep the upper bits of
 * their payload. Node 20 has no Float16Array.
 *
 *   float32: s eeeeeeee mmmmmmmmmmmmmmmmmmmmmmm     float16: s eeeee mmmmmmmmmm
 */
export function toFloat16(values: Float32Array): Float16Values {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  let firstOverflow = -1;
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i];
    const magnitude = word & 0x7fff_ffff;
    if (magnitude >= firstInfinite && magnitude < 0x7f80_0000 && firstOverflow < 0) firstOverflow = i;
    halves[i] = ((word >>> 16) & 0x8000) | halfMagnitude(magnitude);
  }
  return { halves, firstOverflow };
}

function halfMagnitude(magnitude: number): number {
  if (magnitude > 0x7f80_0000) {
    // A payload whose upper bits are all 0 would turn a NaN into an infinity.
    const payload = (magnitude >>> 13) & 0x3ff;
    return 0x7c00 | (payload === 0 ? 1 : payload);
  }
  if (magnitude >= firstInfinite) return 0x7c00;
  if (magnitude >= 0x3880_0000) {
    // Normal: rebias the exponent by 112, then round away 13 bits; a carry goes into the exponent as it should.
    const rebiased = magnitude - 0x3800_0000;
    return (rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13;
  }
  if (magnitude < 0x3300_0000) return 0; // under half of the smallest subnormal, 2^-25
  const exponent = magnitude >>> 23;
  const mantissa = (magnitude & 0x7f_ffff) | 0x80_0000;
  const shift = 126 - exponent; // 14 to 24: the unit of subnormals is 2^-24
  const half = 1 << (shift - 1);
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
