/**
 * The bytes of one member of a zip archive: its head for a few microseconds, or the whole of it as a stream that is
 * checked against the directory's length and CRC-32.
 */
import { constants, crc32, inflateRawSync } from 'node:zlib';
import { GialloError } from '../errors.js';
import { type ByteSource, readInPieces } from './byte-source.js';
import type { MemberDecoder } from './member-decoder.js';
import { checkReadable, type ZipEntry } from './zip-directory.js';
import { corrupt, viewOf } from './zip-end-record.js';

const localSignature = 0x04034b50;
const localHeaderLength = 30;
/** What is read of a member to learn its header, and what where that is not enough. */
const headLength = 4096;
const longHeadLength = 16_384;
/** Compressed bytes tried first for a head: they hold what numpy writes, and expand to 528 KB at the most. */
const firstTry = 512;

/**
 * The first bytes of a member's content, at least as many as `isEnough` asks for where 16 KiB of the compressed member
 * hold them. Neither length nor CRC-32 is checked. Errors: those of `checkReadable`, `archive-corrupt`.
 */
export async function readMemberHead(
  source: ByteSource,
  entry: ZipEntry,
  isEnough: (head: Uint8Array) => boolean,
): Promise<Uint8Array> {
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
  const first = entry.method === 0 ? compressed : expand(compressed.subarray(0, firstTry));
  if (isEnough(first)) return first;
  const second = expand(compressed);
  if (isEnough(second) || length === entry.compressedSize) return second;
  return expand(await source.read(payload, Math.min(entry.compressedSize, longHeadLength)));
}

function inflateStart(source: ByteSource, entry: ZipEntry, compressed: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(compressed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    throw inflateError(source, entry, error);
  }
}

/**
 * The whole content of a member, in pieces of at most 1 MiB, each valid until the next is asked for. The last piece is
 * out before the CRC-32 is checked: what was read counts only when the generator has ended without an error. Errors:
 * those of `checkReadable`, `archive-corrupt`, `file-unreadable`.
 */
export async function* readMember(source: ByteSource, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  checkReadable(source, entry);
  const start = await source.read(entry.byteOffset, localHeaderLength);
  const payload = payloadPlace(source, entry, start);
  const { openMemberDecoder } = await import('./member-decoder.js');
  const decoder = openMemberDecoder(entry);
  let rawBytes = 0;
  let sum = 0;
  try {
    for await (const raw of decoded(source, entry, payload, decoder)) {
      rawBytes += raw.length;
      if (rawBytes > entry.rawSize) break;
      sum = crc32(raw, sum);
      yield raw;
    }
  } finally {
    decoder.close();
  }
  checkWhole(source, entry, rawBytes, sum, decoder.unusedBytes());
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

function checkWhole(
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

/** A CRC-32 as eight hexadecimal digits. */
export function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}

/** Of the local header only its own length is believed: its sizes may be 0, all ones or real. */
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
    throw corrupt(source, `member ${entry.name} runs into what begins at ${entry.byteLimit}`);
  }
  return payload;
}

function inflateError(source: ByteSource, entry: ZipEntry, cause: unknown): GialloError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const message = `${source.path}: the archive is damaged: member ${entry.name} cannot be decompressed: ${said}`;
  return new GialloError('archive-corrupt', message, { cause });
}
