/**
 * The bytes of one member of a zip archive: its head for a few microseconds, or the whole of it as a stream that is
 * checked against the directory's length and CRC-32.
 */
import { constants, crc32, inflateRawSync } from 'node:zlib';
import { hex32 } from '../files/file-names.js';
import { type ByteSource, readInPieces } from './byte-source.js';
import type { MemberDecoder } from './member-decoder.js';
import { checkReadable, type ZipEntry } from './zip-directory.js';
import { corrupt, viewOf } from './zip-end-record.js';

const localSignature = 0x04034b50;
const localHeaderLength = 30;
/** How much of a member is read to learn its header, and how much if that is not enough. */
const headLength = 4096;
const longHeadLength = 16_384;
/** Compressed bytes tried first for a head: they hold what numpy writes, and expand to 528 KB at the most. */
const firstTry = 512;

/** A member whose local header has been read. */
export interface ZipMember {
  readonly entry: ZipEntry;
  /** Offset of the compressed bytes. */
  readonly payload: number;
  /**
   * The first bytes of the content, at least as many as were asked for where 16 KiB of the compressed member hold them.
   * Neither length nor CRC-32 is checked.
   */
  readonly head: Uint8Array;
}

/** Opens a member with as much of its head as `isEnough` asks for. Errors: those of `checkReadable`, `archive-corrupt`. */
export async function openMember(
  source: ByteSource,
  entry: ZipEntry,
  isEnough: (head: Uint8Array) => boolean,
): Promise<ZipMember> {
  checkReadable(source, entry);
  // One read brings the local header and the head; numpy's extra field is 20 bytes, names are short.
  const available = entry.byteLimit - entry.byteOffset;
  const start = await source.read(entry.byteOffset, Math.min(available, headLength + 256));
  const payload = payloadPlace(source, entry, start);
  const length = Math.min(entry.compressedSize, headLength);
  const skipped = payload - entry.byteOffset;
  const held = start.subarray(skipped, skipped + length);
  const compressed = held.length === length ? held : await source.read(payload, length);
  const expand = (bytes: Uint8Array) => (entry.method === 0 ? bytes : inflateStart(source, entry, bytes));
  let head = entry.method === 0 ? compressed : expand(compressed.subarray(0, firstTry));
  if (!isEnough(head)) head = expand(compressed);
  if (!isEnough(head) && length < entry.compressedSize) {
    head = expand(await source.read(payload, Math.min(entry.compressedSize, longHeadLength)));
  }
  return { entry, payload, head };
}

function inflateStart(source: ByteSource, entry: ZipEntry, compressed: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw inflateError(source, entry, error);
  }
}

/**
 * The whole content of a member, in pieces of at most 2 MiB, each valid until the next is asked for. The last piece is
 * out before the CRC-32 is checked: what was read counts only when the generator has ended without an error. Errors:
 * `archive-corrupt`, `file-unreadable`.
 */
export async function* readMember(
  source: ByteSource,
  { entry, payload }: ZipMember,
  { marks, isReadAlone }: MemberReading = {},
): AsyncGenerator<Uint8Array> {
  const { openMemberDecoder } = await import('./member-decoder.js');
  const decoder = openMemberDecoder(entry, { isReadAlone });
  let rawBytes = 0;
  let sum = 0;
  try {
    for await (const raw of decoded(source, entry, payload, decoder)) {
      rawBytes += raw.length;
      if (rawBytes > entry.rawSize) break;
      sum = marks ? runCrc32(raw, rawBytes - raw.length, sum, marks) : crc32(raw, sum);
      yield raw;
    }
  } finally {
    decoder.close();
  }
  requireComplete(source, entry, rawBytes, sum, decoder.unusedBytes());
}

async function* decoded(source: ByteSource, entry: ZipEntry, payload: number, decoder: MemberDecoder) {
  for await (const piece of readInPieces(source, payload, entry.compressedSize)) {
    decoder.push(piece);
    for (;;) {
      const raw = await decoder.pull().catch((error) => {
        throw inflateError(source, entry, error);
      });
      if (raw === undefined) break;
      yield raw;
    }
    if (decoder.unusedBytes() > 0) return;
  }
}

function requireComplete(
  source: ByteSource,
  entry: ZipEntry,
  rawBytes: number,
  sum: number,
  unused: number,
): void {
  if (rawBytes > entry.rawSize) {
    throw corrupt(source, `member ${entry.name} holds more than the ${entry.rawSize} bytes it declares`);
  }
  if (rawBytes < entry.rawSize) {
    throw corrupt(source, `member ${entry.name} holds ${rawBytes} bytes and declares ${entry.rawSize}`);
  }
  if (unused > 0) throw corrupt(source, `member ${entry.name} has bytes after the end of its deflate stream`);
  if (sum !== entry.crc32) {
    const found = `${hex32(sum)}, declared as ${hex32(entry.crc32)}`;
    throw corrupt(source, `member ${entry.name} has a wrong CRC-32: ${found}`);
  }
}

export interface MemberReading {
  /** Receives CRC-32s on the way. They cost nothing, since all bytes go into the one that is checked. */
  readonly marks?: RunningCrc32 | undefined;
  /** Whether nothing else is read meanwhile. */
  readonly isReadAlone?: boolean | undefined;
}

/** CRC-32s at marks in a member's content: each is that of all bytes before the mark. Marks are `step` bytes apart. */
export interface RunningCrc32 {
  /** The offset of the first mark. */
  readonly firstByte: number;
  readonly step: number;
  /** Receives the CRC-32 at each mark. */
  readonly sums: Uint32Array;
}

/**
 * The CRC-32 of all bytes up to the end of a piece, which begins at `start`; `before` is that of the bytes before it.
 */
function runCrc32(piece: Uint8Array, start: number, before: number, marks: RunningCrc32): number {
  const { firstByte, step, sums } = marks;
  let sum = before;
  for (let used = 0; used < piece.length; ) {
    const at = start + used;
    const mark = at < firstByte ? 0 : Math.floor((at - firstByte) / step) + 1;
    const end = Math.min(piece.length, firstByte + mark * step - start);
    sum = crc32(piece.subarray(used, end), sum);
    used = end;
    if (start + used === firstByte + mark * step && mark < sums.length) sums[mark] = sum;
  }
  return sum;
}

/** Writes the CRC-32s of the bytes between each mark and the next to `parts`: the inverse of `joinCrc32`. */
export function cutCrc32({ step, sums }: RunningCrc32, parts: Uint32Array): void {
  const power = powerOf(step);
  for (let i = 0; i + 1 < sums.length; i++) parts[i] = multiply(power, sums[i]) ^ sums[i + 1];
}

/** The polynomial of zip's CRC-32, reflected, without its leading term. */
const polynomial = 0xedb8_8320;
/** The polynomial 1. */
const one = 0x8000_0000;
/** The polynomial x^8, by which a CRC-32 is multiplied for each byte that follows. */
const oneByte = 0x0080_0000;

/**
 * The CRC-32 of `first` followed by `second`, where `second` is `secondLength` bytes long: an array's header is known
 * only after its rows, but comes before them. As `crc32_combine` of zlib 1.2.12: multiplication of polynomials over
 * GF(2), bits reflected.
 */
export function joinCrc32(first: number, second: number, secondLength: number): number {
  return (multiply(powerOf(secondLength), first) ^ second) >>> 0;
}

/** The polynomial x^(8 length), by which a CRC-32 is multiplied for `length` bytes that follow. */
function powerOf(length: number): number {
  let power = one;
  let square = oneByte;
  for (let left = length; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return power;
}

/** a * b modulo the polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let term = b;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= term;
    term = (term & 1) === 0 ? term >>> 1 : (term >>> 1) ^ polynomial;
  }
  return product >>> 0;
}

/**
 * The offset of the payload. Only the length of the local header is used: the sizes in it may be 0, all ones or right.
 */
function payloadPlace(source: ByteSource, entry: ZipEntry, start: Uint8Array): number {
  const view = viewOf(start);
  if (start.length < localHeaderLength || view.getUint32(0, true) !== localSignature) {
    throw corrupt(
      source,
      `member ${entry.name} does not begin at ${entry.byteOffset}, as the directory says`,
    );
  }
  const headerLength = localHeaderLength + view.getUint16(26, true) + view.getUint16(28, true);
  const payload = entry.byteOffset + headerLength;
  if (payload + entry.compressedSize > entry.byteLimit) {
    throw corrupt(
      source,
      `member ${entry.name} reaches past byte ${entry.byteLimit}, where another part begins`,
    );
  }
  return payload;
}

function inflateError(source: ByteSource, entry: ZipEntry, cause: unknown): Error {
  const said = cause instanceof Error ? cause.message : String(cause);
  return corrupt(source, `member ${entry.name} cannot be decompressed: ${said}`, cause);
}
