/**
 * The arrays of a file: the members of an `.npz`, or the one array of an `.npy`. Opening reads the zip directory and
 * at most 4 KiB of each array; content is streamed afterwards, as often as it is asked for.
 */
import { catchGiallo, GialloError, isMachineError } from '../errors.js';
import { hex32 } from '../files/file-names.js';
import { firstOf } from '../word-lists.js';
import { type ByteSource, openByteSource, openSettledByteSource, readInPieces } from './byte-source.js';
import { dtypeOf, type ElementType } from './dtypes.js';
import {
  beginsAsArray,
  elementCount,
  holdsHeader,
  maxHeaderLength,
  type NpyHeader,
  parseHeader,
} from './header.js';
import { signatureLength } from './other-formats.js';
import { joinArraysLine, packAgainLine } from './python-lines.js';
import { readDirectory, type ZipEntry } from './zip-directory.js';
import { type MemberReading, openMember, readMember } from './zip-member.js';

/** One array as it lies in its file. */
export interface StoredArray {
  /** The key that numpy gives it: the member's name without `.npy`. */
  readonly name: string;
  /** The member's whole name; null in an `.npy`. */
  readonly member: string | null;
  /** The file. */
  readonly path: string;
  /** What errors call it: file and member. */
  readonly place: string;
  readonly header: NpyHeader;
  readonly dtype: ElementType;
  readonly compression: 'stored' | 'deflated' | 'none';
  /** Bytes in the file, and bytes of the whole `.npy`, header included. */
  readonly bytes: number;
  readonly rawBytes: number;
  /** Eight hexadecimal digits, as the archive declares it; null in an `.npy`. */
  readonly crc32: string | null;
  /**
   * The content after the header, in pieces that are valid until the next is asked for. It counts only when the
   * generator has ended without an error: then its length and CRC-32 are right (`readMember`), and the file is still the
   * one that was opened. An `.npy` ignores how a member is to be read. Errors: `archive-corrupt`, `file-unreadable`.
   */
  readData(reading?: MemberReading): AsyncGenerator<Uint8Array>;
}

export interface ArrayFile {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** By name; for an array that cannot be read, the error that says why. */
  readonly arrays: ReadonlyMap<string, StoredArray | GialloError>;
  /** Errors: `file-unreadable` if the file has changed since it was opened. */
  requireUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an `.npz`. Like numpy, it takes every member that begins like an array, whatever its ending. Errors: those of
 * `readDirectory`, `file-unreadable`.
 */
export async function openNpz(path: string, assume?: 'bfloat16'): Promise<ArrayFile> {
  return openNpzIn(await openByteSource(path), assume);
}

/** Opens an `.npz` from an open source, which is closed with the file. Errors: as `openNpz`. */
export async function openNpzIn(archive: ByteSource, assume?: 'bfloat16'): Promise<ArrayFile> {
  const { path } = archive;
  return opened(archive, async (source) => {
    const entries = await readDirectory(source);
    const members = new Set(entries.map(({ name }) => name));
    const arrays = new Map<string, StoredArray | GialloError>();
    for (const entry of entries) {
      if (isNoArray(entry.name)) continue;
      const name = arrayName(entry.name, members);
      const array = arrays.has(name)
        ? repeatedMember(path, entry.name)
        : await catchGiallo(() => openArray(source, entry, name, assume));
      if (array) arrays.set(name, array);
    }
    if (arrays.size === 0 && entries.length > 0) throw noArrays(path, entries);
    return arrays;
  });
}

/** The error for an archive without arrays; the names of its members tell what it holds instead. */
function noArrays(path: string, entries: readonly ZipEntry[]): GialloError {
  const names = entries.map(({ name }) => name);
  const has = (ending: RegExp) => names.some((name) => ending.test(name));
  const message = (what: string) => `${path}: ${what}, found ${firstOf(names, 3)}`;
  if (has(/(^|\/)data\.pkl$/)) {
    const hint = 'load it with torch.load, and save its tensors with numpy.savez: embeddings=tensor.numpy()';
    return new GialloError('array-missing', message('a PyTorch file without arrays'), { hint });
  }
  if (has(/\.(npz|npy)$/i)) {
    return new GialloError('array-missing', message('an archive of archives'), { hint: 'unpack it' });
  }
  return new GialloError('array-missing', message('no arrays'), { hint: 'save them with numpy.savez' });
}

/**
 * Folders, and the files that macOS adds to an archive, are no arrays, whatever their ending. `.npy` is one: numpy
 * writes it for an empty key.
 */
function isNoArray(member: string): boolean {
  return member.endsWith('/') || member.split('/').some((part) => /^(__MACOSX$|\._)/.test(part));
}

/** The name without `.npy` in small letters or capitals; an array in small letters keeps the name for itself. */
function arrayName(member: string, members: ReadonlySet<string>): string {
  const name = member.replace(/\.npy$/i, '');
  return member.endsWith('.npy') || !members.has(`${name}.npy`) ? name : member.replace(/\.npy$/, '');
}

function repeatedMember(path: string, member: string): GialloError {
  const message = `${path}: the archive holds ${member} more than once: an array was saved into it again`;
  const hint = `to keep only the last one, which numpy reads, run: ${packAgainLine(path)}`;
  return new GialloError('member-repeated', message, { hint });
}

/** What is read of an `.npy` first: longer headers are rare. */
const usualHeadLength = 4096;

/** Opens an `.npy`: its array is named `name`. Errors: `header-invalid`, `file-unreadable`. */
export async function openNpy(path: string, name: string, assume?: 'bfloat16'): Promise<ArrayFile> {
  return openNpyIn(await openSettledByteSource(path), name, assume);
}

/** Opens an `.npy` from an open source, which is closed with the file. Errors: as `openNpy`. */
export async function openNpyIn(file: ByteSource, name: string, assume?: 'bfloat16'): Promise<ArrayFile> {
  const { path } = file;
  return opened(file, async (source) => {
    const start = await source.read(0, Math.min(source.size, usualHeadLength));
    const isWhole = holdsHeader(start) || start.length === source.size;
    const head = isWhole ? start : await source.read(0, Math.min(source.size, maxHeaderLength));
    const header = parseHeader(path, head);
    const dtype = dtypeOf(header, assume);
    await requireOneArray(source, header, dtype);
    const array: StoredArray = {
      name,
      member: null,
      path,
      place: path,
      header,
      dtype,
      compression: 'none',
      bytes: source.size,
      rawBytes: source.size,
      crc32: null,
      readData: () =>
        unchangedToEnd(source, readInPieces(source, header.byteLength, source.size - header.byteLength)),
    };
    return new Map([[name, array]]);
  });
}

/** Errors: `header-invalid` if a second array follows the first, as `numpy.save` appends to an open file. */
async function requireOneArray(source: ByteSource, header: NpyHeader, { itemBytes }: ElementType) {
  const { path, size, isInMemory } = source;
  const end = header.byteLength + elementCount(header.shape) * (itemBytes ?? Number.POSITIVE_INFINITY);
  if (!(end < size) || !beginsAsArray(await source.read(end, Math.min(signatureLength, size - end)))) return;
  const message = `${path}: several arrays were saved into it, one after another; an .npy holds one`;
  const hint = isInMemory ? undefined : `to join its vectors and its names, run: ${joinArraysLine(path)}`;
  throw new GialloError('header-invalid', message, { hint });
}

/** The arrays that can be read, in the file's order. */
export function readableArrays(file: ArrayFile): readonly StoredArray[] {
  return [...file.arrays.values()].filter((array): array is StoredArray => !(array instanceof GialloError));
}

async function opened(
  source: ByteSource,
  readArrays: (source: ByteSource) => Promise<ArrayFile['arrays']>,
): Promise<ArrayFile> {
  const { path, size } = source;
  try {
    const { requireUnchanged, close } = source;
    return { path, size, arrays: await readArrays(source), requireUnchanged, close };
  } catch (error) {
    await requireUnchangedAt(source, error).finally(() => source.close());
    throw error;
  }
}

/** Opens a member as an array; undefined if it is none, by its ending and its first bytes. */
async function openArray(
  source: ByteSource,
  entry: ZipEntry,
  name: string,
  assume: 'bfloat16' | undefined,
): Promise<StoredArray | undefined> {
  const place = `${source.path}: ${entry.name}`;
  const isNamedAsArray = /\.npy$/i.test(entry.name);
  const member = await catchGiallo(() => openMember(source, entry, holdsHeader));
  if (!isNamedAsArray && (member instanceof GialloError || !beginsAsArray(member.head))) return undefined;
  if (member instanceof GialloError) throw member;
  const header = parseHeader(place, member.head);
  return {
    name,
    member: entry.name,
    path: source.path,
    place,
    header,
    dtype: dtypeOf(header, assume),
    compression: entry.method === 0 ? 'stored' : 'deflated',
    bytes: entry.compressedSize,
    rawBytes: entry.rawSize,
    crc32: hex32(entry.crc32),
    readData: (reading) =>
      unchangedToEnd(source, withoutHeader(readMember(source, member, reading), header.byteLength)),
  };
}

/** The pieces; after the last, throws unless the file is still the one that was opened. */
async function* unchangedToEnd(source: ByteSource, pieces: AsyncGenerator<Uint8Array>) {
  try {
    yield* pieces;
  } catch (error) {
    await requireUnchangedAt(source, error);
    throw error;
  }
  await source.requireUnchanged();
}

/**
 * Requires, after an error, that the file is unchanged: what looks like damage may be a file that is just being
 * written.
 */
async function requireUnchangedAt(source: ByteSource, error: unknown): Promise<void> {
  if (error instanceof GialloError && !isMachineError(error)) await source.requireUnchanged();
}

async function* withoutHeader(pieces: AsyncIterable<Uint8Array>, headerLength: number) {
  let toSkip = headerLength;
  for await (const piece of pieces) {
    const skipped = Math.min(toSkip, piece.length);
    toSkip -= skipped;
    if (skipped < piece.length) yield piece.subarray(skipped);
  }
}

/** Errors: `header-invalid` unless header and elements take exactly the bytes that the array has. */
export function checkExactSize(array: StoredArray): void {
  const { header, dtype, rawBytes, place } = array;
  if (dtype.itemBytes === undefined) return;
  const needed = header.byteLength + elementCount(header.shape) * dtype.itemBytes;
  if (needed !== rawBytes) {
    const shape = shapeText(header.shape);
    const message = `${place}: shape ${shape} of ${dtype.label} needs ${needed} bytes, and the array has ${rawBytes}`;
    throw new GialloError('header-invalid', message);
  }
}

/** A shape as Python writes it: `(5, 3072)`, `(5,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
