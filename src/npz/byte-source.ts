/**
 * Random access to the bytes of one file. Everything that reads archives goes through it, so that errors of the file
 * system are wrapped in one place, and offsets beyond 4 GiB need no special care.
 */
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError, GialloError, withFileError } from '../errors.js';
import { OpenFile } from '../files/open-files.js';
import { giveSpare, takeSpare } from './spare-memory.js';

/** An open file. The caller that opened it must close it. */
export interface ByteSource {
  readonly path: string;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  /** Whether it is no file, but bytes that came from elsewhere. */
  readonly isInMemory?: boolean;
  /** Exactly the bytes asked for, in new memory. Errors: `file-unreadable`, also if the file is too short. */
  read(byteOffset: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Fills `target` from `byteOffset` on; errors as `read`. */
  fill(target: Uint8Array<ArrayBuffer>, byteOffset: number): Promise<void>;
  /** Errors: `file-unreadable` if the file has changed since it was opened. */
  requireUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a regular file for reading; anything else (a folder, a pipe) is `file-unreadable`. */
export async function openByteSource(path: string): Promise<ByteSource> {
  return sourceOf(await openFile(path));
}

/**
 * The same for a file without a checksum: only its times show that it is written while it is read. Times have ticks of
 * at most 10 ms. So if the file was written a moment ago, this waits until the tick is over: a second write in the same
 * tick would not show.
 */
export async function openSettledByteSource(path: string): Promise<ByteSource> {
  const file = await openFile(path);
  const age = Date.now() - Number(file.stats.ctimeMs);
  if (age < 0 || age >= settledMs) return sourceOf(file);
  file.close();
  await sleep(settledMs - age);
  return openByteSource(path);
}

const settledMs = 20;

/**
 * The bytes of a small file that does not change meanwhile; undefined if there is none. Errors: `size-absurd` above
 * `maxBytes`; `file-unreadable`, also for a pipe or a device, which might never give anything.
 */
export async function readSmallFile(path: string, maxBytes: number): Promise<Uint8Array | undefined> {
  const source = await openIfThere(path);
  if (source === undefined) return undefined;
  try {
    if (source.size > maxBytes) {
      const message = `${path}: too large: ${source.size} bytes; at most ${maxBytes} are read`;
      throw new GialloError('size-absurd', message);
    }
    const bytes = await source.read(0, source.size);
    await source.requireUnchanged();
    return bytes;
  } finally {
    await source.close();
  }
}

/**
 * A synchronous source: for the directories of a hundred archives, promises of the file system would take most of the
 * time. Errors: as `openByteSource`.
 */
export function openByteSourceSync(path: string): ByteSource {
  const file = regularFile(withFileError('read', path, () => OpenFile.openSync(path)));
  return withRead({
    path,
    size: Number(file.stats.size),
    fill: async (target, byteOffset) => fillSync(file, target, byteOffset),
    requireUnchanged: () => requireUnchanged(file),
    close: async () => file.close(),
  });
}

/** The source with `read`, which fills new memory. */
function withRead(source: Omit<ByteSource, 'read'>): ByteSource {
  return {
    ...source,
    async read(byteOffset, byteLength) {
      const bytes = new Uint8Array(byteLength);
      await source.fill(bytes, byteOffset);
      return bytes;
    },
  };
}

function fillSync(file: OpenFile, target: Uint8Array, byteOffset: number): void {
  const count = withFileError('read', file.path, () => file.readSync(target, 0, target.length, byteOffset));
  if (count < target.length)
    throw fileError('read', file.path, new Error('the file became shorter while it was being read'));
}

/** Opens a file as `openSettledByteSource` does; undefined if there is none. A name that is too long has none. */
export async function openIfThere(path: string): Promise<ByteSource | undefined> {
  try {
    // Mostly there is none: then nothing waits for the thread pool.
    if (!withFileError('read', path, () => statSync(path, { throwIfNoEntry: false }))) return undefined;
    return await openSettledByteSource(path);
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw error;
  }
}

/** Bytes in memory, for example from a pipe. `place` says where they came from, for errors. */
export function sourceOfBytes(bytes: Uint8Array, place: string): ByteSource {
  return withRead({
    path: place,
    size: bytes.length,
    isInMemory: true,
    fill: async (target, byteOffset) => fillWith(bytes, place, target, byteOffset),
    requireUnchanged: async () => {},
    close: async () => {},
  });
}

function fillWith(bytes: Uint8Array, place: string, target: Uint8Array, byteOffset: number): void {
  const found = bytes.subarray(byteOffset, byteOffset + target.length);
  target.set(found);
  const missing = target.length - found.length;
  if (missing === 0) return;
  const message = `${place}: too short: ${missing} of the ${target.length} bytes at ${byteOffset} are missing`;
  throw new GialloError('file-unreadable', message);
}

async function openFile(path: string): Promise<OpenFile> {
  const file = await OpenFile.open(path).catch((error) => {
    throw fileError('read', path, error);
  });
  return regularFile(file);
}

function regularFile(file: OpenFile): OpenFile {
  const { path, stats } = file;
  if (stats.isFile()) return file;
  file.close();
  const found = stats.isDirectory() ? 'a folder' : 'a device or a pipe';
  throw new GialloError('file-unreadable', `${path}: not a regular file, but ${found}`);
}

/** A file that is no longer than this is read whole and at once: each turn of the thread pool takes longer. */
const smallFileLength = 1 << 16;

function sourceOf(file: OpenFile): ByteSource {
  const { path } = file;
  const size = Number(file.stats.size);
  let whole: Uint8Array | undefined;
  return withRead({
    path,
    size,
    async fill(target, byteOffset) {
      if (size > smallFileLength) return fill(file, target, byteOffset);
      whole ??= readWhole(file, size);
      return fillWith(whole, path, target, byteOffset);
    },
    requireUnchanged: () => requireUnchanged(file),
    close: async () => file.close(),
  });
}

function readWhole(file: OpenFile, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  fillSync(file, bytes, 0);
  return bytes;
}

function requireUnchanged(file: OpenFile): Promise<void> {
  return file.requireUnchanged().catch((error) => {
    throw fileError('read', file.path, error);
  });
}

/** A piece costs one turn of the thread pool: at 2 MiB that hardly shows, and memory stays small. */
const pieceLength = 1 << 21;

/**
 * The bytes of a range in order, in pieces that are valid until the next is asked for. While one is used the next is
 * read; none is under way any more when the generator has ended.
 */
export async function* readInPieces(
  source: ByteSource,
  byteOffset: number,
  byteLength: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const memories: Uint8Array<ArrayBuffer>[] = [];
  const read = async (number: number) => {
    const done = number * pieceLength;
    const length = Math.min(pieceLength, byteLength - done);
    memories[number % 2] ??= takeSpare(length) ?? new Uint8Array(length);
    const piece = memories[number % 2].subarray(0, byteLength - done);
    await source.fill(piece, byteOffset + done);
    return piece;
  };
  const pieces = Math.ceil(byteLength / pieceLength);
  let ahead = pieces > 0 ? read(0) : undefined;
  try {
    for (let number = 0; ahead; number++) {
      const piece = await ahead;
      ahead = number + 1 < pieces ? read(number + 1) : undefined;
      // Thrown when its turn comes, and not before.
      ahead?.catch(() => undefined);
      yield piece;
    }
    for (const memory of memories) giveSpare(memory);
  } finally {
    await ahead?.catch(() => undefined);
  }
}

/** One system call reads at most 2 GiB. */
const maxReadLength = 1 << 30;

async function fill(file: OpenFile, target: Uint8Array, byteOffset: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const length = Math.min(maxReadLength, target.length - done);
    const bytesRead = await file.read(target, done, length, byteOffset + done).catch((error) => {
      throw fileError('read', file.path, error);
    });
    if (bytesRead === 0) {
      const missing = `${target.length - done} of the ${target.length} bytes at ${byteOffset} are missing`;
      throw new GialloError('file-unreadable', `${file.path}: the file is too short: ${missing}`);
    }
    done += bytesRead;
  }
}
