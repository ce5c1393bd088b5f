/**
 * The arrays of a file: the members of an `.npz`, or the one array of an `.npy`. Opening reads the zip directory and
 * at most 4 KiB of each array; content is streamed afterwards, as often as it is asked for.
 */
import { GialloError, orError } from '../errors.js';
import { type ByteSource, openByteSource, readInPieces } from './byte-source.js';
import { type ElementType, readDtype } from './dtypes.js';
import { elementCount, holdsHeader, maxHeaderLength, type NpyHeader, parseHeader } from './header.js';
import { readDirectory, type ZipEntry } from './zip-directory.js';
import { hex32, readMember, readMemberHead } from './zip-member.js';

/** One array as it lies in its file. */
export interface StoredArray {
  /** The key that numpy gives it: the member's name without `.npy`. */
  readonly name: string;
  /** Where errors about it are: file and member. */
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
   * The content after the header, in pieces that are valid until the next is asked for; checked for length and
   * CRC-32 at its end, see `readMember`. Errors: `archive-corrupt`, `file-unreadable`.
   */
  readData(): AsyncGenerator<Uint8Array>;
}

export interface ArrayFile {
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  /** By name; an array whose header cannot be read is there as the error that says why. */
  readonly arrays: ReadonlyMap<string, StoredArray | GialloError>;
  close(): Promise<void>;
}

/** Opens an `.npz`; members that are no `.npy` are left out. Errors: those of `readDirectory`, `file-unreadable`. */
export async function openNpz(path: string, assume?: 'bfloat16'): Promise<ArrayFile> {
  return opened(path, async (source) => {
    const arrays = new Map<string, StoredArray | GialloError>();
    for (const entry of await readDirectory(source)) {
      if (!entry.name.endsWith('.npy')) continue;
      arrays.set(entry.name.slice(0, -'.npy'.length), await orError(() => openMember(source, entry, assume)));
    }
    return arrays;
  });
}

/** Opens an `.npy`: its array is named `name`. Errors: `header-invalid`, `file-unreadable`. */
export async function openNpy(path: string, name: string, assume?: 'bfloat16'): Promise<ArrayFile> {
  return opened(path, async (source) => {
    const header = parseHeader(path, await source.read(0, Math.min(source.size, maxHeaderLength)));
    const array: StoredArray = {
      name,
      place: path,
      header,
      dtype: dtypeOf(header, assume),
      compression: 'none',
      bytes: source.size,
      rawBytes: source.size,
      crc32: null,
      readData: () => readInPieces(source, header.byteLength, source.size - header.byteLength),
    };
    return new Map([[name, array]]);
  });
}

/** The arrays whose headers can be read, in the file's order. */
export function readableArrays(file: ArrayFile): readonly StoredArray[] {
  return [...file.arrays.values()].filter((array): array is StoredArray => !(array instanceof GialloError));
}

async function opened(
  path: string,
  readArrays: (source: ByteSource) => Promise<ArrayFile['arrays']>,
): Promise<ArrayFile> {
  const source = await openByteSource(path);
  try {
    return { path, size: source.size, arrays: await readArrays(source), close: () => source.close() };
  } catch (error) {
    await source.close();
    throw error;
  }
}

async function openMember(source: ByteSource, entry: ZipEntry, assume?: 'bfloat16'): Promise<StoredArray> {
  const place = `${source.path}: ${entry.name}`;
  const header = parseHeader(place, await readMemberHead(source, entry, holdsHeader));
  return {
    name: entry.name.slice(0, -'.npy'.length),
    place,
    header,
    dtype: dtypeOf(header, assume),
    compression: entry.method === 0 ? 'stored' : 'deflated',
    bytes: entry.compressedSize,
    rawBytes: entry.rawSize,
    crc32: hex32(entry.crc32),
    readData: () => withoutHeader(readMember(source, entry), header.byteLength),
  };
}

function dtypeOf(header: NpyHeader, assume: 'bfloat16' | undefined): ElementType {
  // The text of a structured type is no type string: it is never understood, and shown as it is.
  return header.isStructured ? readDtype(`structured ${header.descr}`) : readDtype(header.descr, assume);
}

async function* withoutHeader(pieces: AsyncIterable<Uint8Array>, headerLength: number) {
  let toSkip = headerLength;
  for await (const piece of pieces) {
    const skipped = Math.min(toSkip, piece.length);
    toSkip -= skipped;
    if (skipped < piece.length) yield piece.subarray(skipped);
  }
}

/** Throws `header-invalid` unless header and elements take exactly the bytes that the array has. */
export function checkExactSize(array: StoredArray): void {
  const { header, dtype, rawBytes, place } = array;
  if (dtype.itemBytes === undefined) return;
  const needed = header.byteLength + elementCount(header.shape) * dtype.itemBytes;
  if (needed !== rawBytes) {
    const shape = shapeText(header.shape);
    const message = `${place}: shape ${shape} of ${dtype.label} takes ${needed} bytes, the array has ${rawBytes}`;
    throw new GialloError('header-invalid', message);
  }
}

/** A shape as Python writes it: `(5, 3072)`, `(5,)`, `()`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
