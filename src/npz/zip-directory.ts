/**
 * The central directory of a zip archive: the only place where names, sizes, offsets and CRC-32s are right whatever
 * wrote the archive. fflate tells neither offset nor CRC, hence this reader. Everything in it is checked before it is
 * used.
 */
import { GialloError } from '../errors.js';
import { type ByteSource, openByteSourceSync } from './byte-source.js';
import { packAgainLine } from './python-lines.js';
import { corrupt, type DirectoryPlace, locateDirectory, safeUint64, viewOf } from './zip-end-record.js';

/** One member of an archive, as the central directory describes it. */
export interface ZipEntry {
  /** As stored; hostile: neither a path nor a property name. */
  readonly name: string;
  /** Compression method: 0 stored, 8 deflated, others of APPNOTE.TXT 4.4.5. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc32: number;
  readonly compressedSize: number;
  readonly rawSize: number;
  /** Offset of the local header. */
  readonly byteOffset: number;
  /** No byte of this member lies at or past this offset: the next member or the directory begins there. */
  readonly byteLimit: number;
}

const entrySignature = 0x02014b50;
const entryLength = 46;
const localHeaderLength = 30;
const signatureMark = 0x05054b50;
const zip64ExtraId = 0x0001;
/** A million members have directories of about 100 MB; more is no collection of arrays. */
const maxDirectoryLength = 1 << 28;

/**
 * Reads and checks the whole directory: members lie apart from each other and before the directory. Errors:
 * `not-an-archive`, `archive-truncated`, `archive-corrupt`.
 */
export async function readDirectory(source: ByteSource): Promise<readonly ZipEntry[]> {
  const place = await locateDirectory(source);
  if (place.entries * entryLength > place.byteLength) {
    throw corrupt(source, `${place.entries} entries cannot fit in a directory of ${place.byteLength} bytes`);
  }
  if (place.byteLength > maxDirectoryLength) {
    throw corrupt(source, `its directory claims to take ${place.byteLength} bytes`);
  }
  const bytes = await source.read(place.byteOffset, place.byteLength);
  const entries: UnplacedEntry[] = [];
  let at = 0;
  for (let n = 0; n < place.entries; n++) {
    const { entry, nextAt } = readEntry(source, bytes, at);
    entries.push(entry);
    at = nextAt;
  }
  // A count that is too small would hide members; only a signature (4.3.13) may follow the last of them.
  const isAll =
    at === bytes.length || (at + 4 <= bytes.length && viewOf(bytes).getUint32(at, true) === signatureMark);
  if (!isAll) throw corrupt(source, `${bytes.length - at} bytes follow the last entry of its directory`);
  return withLimits(source, entries, place);
}

/** Whether an archive has a member for the array of this name. Errors: those of `readDirectory`, `file-unreadable`. */
export async function hasArray(path: string, array: string): Promise<boolean> {
  const source = openByteSourceSync(path);
  try {
    return (await readDirectory(source)).some(({ name }) => name.replace(/\.npy$/i, '') === array);
  } finally {
    await source.close();
  }
}

type UnplacedEntry = Omit<ZipEntry, 'byteLimit'>;

function readEntry(source: ByteSource, bytes: Uint8Array, at: number) {
  const view = viewOf(bytes);
  if (at + entryLength > bytes.length || view.getUint32(at, true) !== entrySignature) {
    throw corrupt(source, `no directory entry at byte ${at} of its directory`);
  }
  const nameEnd = at + entryLength + view.getUint16(at + 28, true);
  const extraEnd = nameEnd + view.getUint16(at + 30, true);
  const nextAt = extraEnd + view.getUint16(at + 32, true);
  if (nextAt > bytes.length) throw corrupt(source, 'its last directory entry is cut off');

  const flags = view.getUint16(at + 8, true);
  const name = decodeName(bytes.subarray(at + entryLength, nameEnd));
  const wide = zip64Fields(bytes, nameEnd, extraEnd);
  let wideAt = 0;
  // Each field of the zip64 extra is present only where its 32-bit counterpart is all ones, in this order.
  const widened = (fieldAt: number): number => {
    const narrow = view.getUint32(fieldAt, true);
    if (narrow !== 0xffffffff) return narrow;
    if (wide === undefined || wideAt + 8 > wide.byteLength) return narrow;
    wideAt += 8;
    return safeUint64(source, wide, wideAt - 8);
  };
  const rawSize = widened(at + 24);
  const compressedSize = widened(at + 20);
  const entry: UnplacedEntry = {
    name,
    method: view.getUint16(at + 10, true),
    isEncrypted: (flags & 0x2041) !== 0,
    crc32: view.getUint32(at + 16, true),
    compressedSize,
    rawSize,
    byteOffset: widened(at + 42),
  };
  return { entry, nextAt };
}

function zip64Fields(bytes: Uint8Array, from: number, end: number): DataView | undefined {
  const view = viewOf(bytes);
  for (let at = from; at + 4 <= end; ) {
    const dataEnd = at + 4 + view.getUint16(at + 2, true);
    if (dataEnd > end) return undefined;
    if (view.getUint16(at, true) === zip64ExtraId) return viewOf(bytes.subarray(at + 4, dataEnd));
    at = dataEnd;
  }
  return undefined;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 whatever the flag says, since many writers leave it out; where it cannot be UTF-8, CP437 as numpy reads it. */
function decodeName(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128])).join('');
  }
}

/** The characters of the bytes from 128, in the code page of the first PCs, which APPNOTE appendix D names. */
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function withLimits(
  source: ByteSource,
  entries: readonly UnplacedEntry[],
  place: DirectoryPlace,
): readonly ZipEntry[] {
  const byOffset = [...entries].sort((a, b) => a.byteOffset - b.byteOffset);
  const limits = new Map<UnplacedEntry, number>();
  for (const [position, entry] of byOffset.entries()) {
    const limit = byOffset[position + 1]?.byteOffset ?? place.byteOffset;
    if (entry.byteOffset + localHeaderLength + entry.compressedSize > limit) {
      const where = `${entry.compressedSize} bytes at ${entry.byteOffset}`;
      throw corrupt(
        source,
        `member ${entry.name} (${where}) reaches past byte ${limit}, where another part begins`,
      );
    }
    limits.set(entry, limit);
  }
  return entries.map((entry) => ({ ...entry, byteLimit: limits.get(entry) ?? place.byteOffset }));
}

/** Refuses a member that cannot be read, before a byte of it is read: see the codes. */
export function checkReadable(source: ByteSource, entry: ZipEntry): void {
  const place = `${source.path}: ${entry.name}`;
  if (entry.isEncrypted) {
    const hint = 'unpack it with its password and pack it again without one';
    throw new GialloError('archive-encrypted', `${place}: the member is encrypted`, { hint });
  }
  if (entry.method !== 0 && entry.method !== 8) {
    const name = methodNames.get(entry.method) ?? 'unknown';
    const message = `${place}: expected stored or deflated, found compression method ${entry.method} (${name})`;
    const hint = pythonMethods.has(entry.method)
      ? `to save it as numpy does, run: ${packAgainLine(source.path)}`
      : 'save it again with numpy.savez_compressed';
    throw new GialloError('compression-unsupported', message, { hint });
  }
  if (entry.method === 0 && entry.rawSize !== entry.compressedSize) {
    const sizes = `${entry.compressedSize} and ${entry.rawSize}`;
    throw corrupt(
      source,
      `member ${entry.name} is stored without compression, but its two sizes differ: ${sizes} bytes`,
    );
  }
  // Deflate codes at most 258 bytes in two bits: 1032 to 1.
  if (entry.rawSize > 1032 * entry.compressedSize + 65536) {
    const sizes = `${entry.compressedSize} bytes cannot hold the ${entry.rawSize} bytes it declares`;
    throw new GialloError('size-absurd', `${place}: ${sizes}`);
  }
}

/** Other methods that Python reads. */
const pythonMethods: ReadonlySet<number> = new Set([12, 14]);

const methodNames: ReadonlyMap<number, string> = new Map([
  [1, 'shrink'],
  [6, 'implode'],
  [9, 'deflate64'],
  [12, 'bzip2'],
  [14, 'lzma'],
  [93, 'zstandard'],
  [95, 'xz'],
  [98, 'ppmd'],
  [99, 'AES encryption'],
]);
