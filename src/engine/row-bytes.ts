/**
 * A film's rows as ClickHouse's RowBinary, and a checksum of them that the server can compute too.
 *
 *     push   film      frame  shot  filename  n2   vector
 *     u64    n, utf-8  u32    u32   n, utf-8  f64  n, n x f32       n: LEB128; all little-endian
 */
import { crc32 } from 'node:zlib';
import type { RowBlock } from '../npz/rows.js';

/** What is stored of each row beside its vector, with one item for each frame. */
export interface RowFacts {
  readonly film: string;
  readonly filenames: readonly string[];
  readonly shotOf: Int32Array;
  /** The canonical n2 of each row. */
  readonly squaredNorms: Float64Array;
}

/** The columns of `blockBytes`, in order. */
export const rowColumns = 'push, film, frame, shot, filename, n2, vector';

/** The rows of a block as bytes, which the caller owns. `push` is a decimal. */
export function blockBytes(push: string, facts: RowFacts, block: RowBlock): Uint8Array {
  const dim = block.values.length / block.rows;
  const film = Buffer.from(facts.film);
  const names = Array.from({ length: block.rows }, (_, row) =>
    Buffer.from(facts.filenames[block.firstRow + row]),
  );
  const fixed = 8 + stringLength(film) + 4 + 4 + 8 + varintLength(dim) + dim * 4;
  const bytes = Buffer.allocUnsafe(names.reduce((sum, name) => sum + fixed + stringLength(name), 0));
  const vectors = Buffer.from(block.values.buffer, block.values.byteOffset, block.values.byteLength);
  const number = BigInt(push);
  let at = 0;
  for (const [row, name] of names.entries()) {
    const frame = block.firstRow + row;
    at = bytes.writeBigUInt64LE(number, at);
    at = writeString(bytes, film, at);
    at = bytes.writeUInt32LE(frame, at);
    at = bytes.writeUInt32LE(facts.shotOf[frame], at);
    at = writeString(bytes, name, at);
    at = bytes.writeBigUInt64LE(bitsOf(facts.squaredNorms[frame]), at);
    at = writeVarint(bytes, dim, at);
    at += vectors.copy(bytes, at, row * dim * 4, (row + 1) * dim * 4);
  }
  return bytes;
}

/**
 * A checksum of rows: the sum, modulo 2^64, of frame + 1 times the content of the row, which is the words of its
 * vector, n2, shot and the CRC-32 of its filename. It changes if a row is missing, doubled, moved or changed by a bit.
 */
export function blockChecksum(facts: RowFacts, block: RowBlock): bigint {
  const dim = block.values.length / block.rows;
  const words = new Uint32Array(block.values.buffer, block.values.byteOffset, block.values.length);
  let checksum = 0n;
  for (let row = 0; row < block.rows; row++) {
    const frame = block.firstRow + row;
    // Exact up to 2 million numbers a row.
    let sum = facts.shotOf[frame] + crc32(Buffer.from(facts.filenames[frame]));
    for (let i = row * dim; i < (row + 1) * dim; i++) sum += words[i];
    checksum += BigInt(frame + 1) * (BigInt(sum) + bitsOf(facts.squaredNorms[frame]));
  }
  return BigInt.asUintN(64, checksum);
}

/** The checksum in SQL, over the rows of one push; sums and products of UInt64 wrap. */
export const checksumSql = `sum((toUInt64(frame) + 1) * (arraySum(x -> toUInt64(reinterpretAsUInt32(x)), vector)
  + reinterpretAsUInt64(n2) + shot + CRC32(filename)))`;

/** All kinds of NaN as one, so that both sides see the same bits. */
function bitsOf(value: number): bigint {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0];
  return Number.isNaN(value) ? 0x7ff8000000000000n : bits;
}

function stringLength(text: Buffer): number {
  return varintLength(text.length) + text.length;
}

function writeString(bytes: Buffer, text: Buffer, at: number): number {
  const start = writeVarint(bytes, text.length, at);
  return start + text.copy(bytes, start);
}

function varintLength(value: number): number {
  return value < 0x80 ? 1 : 1 + varintLength(value >>> 7);
}

function writeVarint(bytes: Buffer, value: number, at: number): number {
  if (value < 0x80) return bytes.writeUInt8(value, at);
  return writeVarint(bytes, value >>> 7, bytes.writeUInt8((value & 0x7f) | 0x80, at));
}
