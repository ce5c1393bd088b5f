/**
 * Finds the central directory of a zip archive from the records at its end (APPNOTE.TXT 4.3.14 to 4.3.16). If there is
 * none, the error says what the file is instead.
 *
 *     ... entries | central directory | [zip64 end record] [zip64 locator] | end record | comment
 */
import { GialloError } from '../errors.js';
import type { ByteSource } from './byte-source.js';
import { otherFormat, signatureLength } from './other-formats.js';
import { packAgainLine } from './python-lines.js';

/** Where the central directory lies in the file; checked to lie before the end records. */
export interface DirectoryPlace {
  readonly entries: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

const endSignature = 0x06054b50;
const endLength = 22;
const zip64LocatorSignature = 0x07064b50;
const zip64LocatorLength = 20;
const zip64EndSignature = 0x06064b50;
const zip64EndLength = 56;
const maxCommentLength = 0xffff;
/** An end record without a comment, and the locator before it. */
const shortTailLength = endLength + zip64LocatorLength;

/** Locates the central directory. Errors: `not-an-archive`, `archive-truncated`, `archive-corrupt`. */
export async function locateDirectory(source: ByteSource): Promise<DirectoryPlace> {
  const { tail, end } = await readTail(source);
  const tailOffset = source.size - tail.byteLength;
  const locator = end - zip64LocatorLength;
  const isZip64 = locator >= 0 && tail.getUint32(locator, true) === zip64LocatorSignature;
  const [place, endOffset] = isZip64
    ? await readZip64End(source, tail, locator)
    : [readEnd(source, tail, end), tailOffset + end];
  const before = endOffset - place.byteOffset - place.byteLength;
  // Offsets count from the start of the archive. If it is appended to another one, they would lead into that one.
  if (before > 0 && (await beginsAt(source, before))) throw bytesBeforeError(source, before);
  if (before !== 0) {
    const where = `${place.byteLength} bytes at ${place.byteOffset}`;
    throw corrupt(
      source,
      `its directory (${where}) does not end at byte ${endOffset}, where its end records begin`,
    );
  }
  return place;
}

/**
 * The end of the file and the place of the end record in it. The end record can be 64 KiB before the end, but hardly
 * ever is. So a short tail is read first, which saves time when a hundred archives are looked at.
 */
async function readTail(source: ByteSource): Promise<{ readonly tail: DataView; readonly end: number }> {
  const readEndOf = async (length: number) => viewOf(await source.read(source.size - length, length));
  const short = Math.min(source.size, shortTailLength);
  const shortTail = await readEndOf(short);
  const end = short - endLength;
  const hasNoComment =
    end >= zip64LocatorLength &&
    shortTail.getUint32(end, true) === endSignature &&
    shortTail.getUint16(end + 20, true) === 0;
  if (hasNoComment) return { tail: shortTail, end };
  const tail = await readEndOf(Math.min(source.size, endLength + maxCommentLength + zip64LocatorLength));
  const found = findEndRecord(tail);
  if (found === undefined) throw await noEndRecordError(source);
  return { tail, end: found };
}

/** The last end record whose comment ends the file, else the last one that is followed by other bytes. */
function findEndRecord(tail: DataView): number | undefined {
  let followed: number | undefined;
  for (let at = tail.byteLength - endLength; at >= 0; at--) {
    if (tail.getUint32(at, true) !== endSignature) continue;
    const commentEnd = at + endLength + tail.getUint16(at + 20, true);
    if (commentEnd === tail.byteLength) return at;
    if (commentEnd < tail.byteLength) followed ??= at;
  }
  return followed;
}

function readEnd(source: ByteSource, tail: DataView, at: number): DirectoryPlace {
  const entries = tail.getUint16(at + 10, true);
  const isWhole = tail.getUint16(at + 4, true) === 0 && tail.getUint16(at + 8, true) === entries;
  if (!isWhole) throw corrupt(source, 'its end record says that it is one of several disks');
  return {
    entries,
    byteLength: tail.getUint32(at + 12, true),
    byteOffset: tail.getUint32(at + 16, true),
  };
}

async function readZip64End(
  source: ByteSource,
  tail: DataView,
  locator: number,
): Promise<[DirectoryPlace, number]> {
  const declared = safeUint64(source, tail, locator + 8);
  if (declared + zip64EndLength > source.size) {
    throw corrupt(source, `its zip64 end record would begin at ${declared}, past the end of the file`);
  }
  // If there are bytes before the archive, the record is where they shift it to: before its locator.
  const shifted = source.size - tail.byteLength + locator - zip64EndLength;
  const isAt = async (offset: number) =>
    viewOf(await source.read(offset, 4)).getUint32(0, true) === zip64EndSignature;
  const endOffset = !(await isAt(declared)) && shifted > declared ? shifted : declared;
  const record = viewOf(await source.read(endOffset, zip64EndLength));
  if (record.getUint32(0, true) !== zip64EndSignature) {
    throw corrupt(source, `there is no zip64 end record at ${declared}`);
  }
  const entries = safeUint64(source, record, 32);
  if (record.getUint32(16, true) !== 0 || safeUint64(source, record, 24) !== entries) {
    throw corrupt(source, 'its zip64 end record says that it is one of several disks');
  }
  const byteLength = safeUint64(source, record, 40);
  return [{ entries, byteLength, byteOffset: safeUint64(source, record, 48) }, endOffset];
}

/** The error for a file without an end record, which says what the file is. */
async function noEndRecordError(source: ByteSource): Promise<GialloError> {
  if (source.size === 0) {
    return new GialloError('not-an-archive', `${source.path}: not a zip archive: the file is empty`);
  }
  const start = await source.read(0, Math.min(signatureLength, source.size));
  if (await beginsAt(source, 0)) {
    const message = `${source.path}: the archive is cut off after ${source.size} bytes; its end record is missing`;
    return new GialloError('archive-truncated', message, { hint: 'copy or download it again' });
  }
  const format = otherFormat(start);
  const message = `${source.path}: not a zip archive${format ? `, but ${format.what}` : ''}`;
  return new GialloError('not-an-archive', message, { hint: format?.hint });
}

/** Whether the first member of an archive begins here. */
async function beginsAt(source: ByteSource, offset: number): Promise<boolean> {
  const start = await source.read(offset, Math.min(4, source.size - offset));
  return Buffer.from(start).toString('latin1') === 'PK\x03\x04';
}

function bytesBeforeError({ path }: ByteSource, bytes: number): GialloError {
  const message = `${path}: there are ${bytes} bytes before the archive; it was probably appended to another file`;
  const hint = `to keep only the archive, the last one in the file, run: ${packAgainLine(path)}`;
  return new GialloError('archive-corrupt', message, { hint });
}

/** A 64-bit field as a number; `archive-corrupt` if it is too large to be an offset, a size or a count. */
export function safeUint64(source: ByteSource, view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw corrupt(source, `it holds an impossible number: ${value}`);
  return value;
}

/** The error for an archive that contradicts itself. */
export function corrupt(source: ByteSource, what: string, cause?: unknown): GialloError {
  const hint = 'copy it again from a good original, or make it again';
  return new GialloError('archive-corrupt', `${source.path}: the archive is damaged: ${what}`, {
    hint,
    cause,
  });
}

/** A view of exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
