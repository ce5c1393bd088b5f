/**
 * Random access to the bytes of one file. Everything that reads archives goes through it, so that errors of the file
 * system are wrapped in one place and offsets beyond 4 GiB are nothing special.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { fileError, GialloError } from '../errors.js';

/** An open file; whoever opened it closes it. */
export interface ByteSource {
  readonly path: string;
  /** Bytes in the file when it was opened. */
  readonly size: number;
  /** Exactly the bytes asked for, in memory of their own; `file-unreadable` where the file does not have them. */
  read(byteOffset: number, byteLength: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Opens a regular file for reading; anything else (a folder, a pipe) is `file-unreadable`. */
export async function openByteSource(path: string): Promise<ByteSource> {
  // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
  const handle = await wrapped(path, open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)));
  try {
    const stats = await wrapped(path, handle.stat());
    if (!stats.isFile()) {
      const found = stats.isDirectory() ? 'a folder' : 'a device or a pipe';
      throw new GialloError('file-unreadable', `${path}: a regular file was expected, found ${found}`);
    }
    return {
      path,
      size: stats.size,
      read: (byteOffset, byteLength) => readExactly(path, handle, byteOffset, byteLength),
      close: () => wrapped(path, handle.close()),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The bytes of a range in order, in pieces of at most `pieceLength` bytes. */
export async function* readInPieces(
  source: ByteSource,
  byteOffset: number,
  byteLength: number,
  pieceLength: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let done = 0; done < byteLength; done += pieceLength) {
    yield await source.read(byteOffset + done, Math.min(pieceLength, byteLength - done));
  }
}

/** One system call reads at most 2 GiB. */
const maxReadLength = 1 << 30;

async function readExactly(path: string, handle: FileHandle, byteOffset: number, byteLength: number) {
  const bytes = new Uint8Array(byteLength);
  let done = 0;
  while (done < byteLength) {
    const length = Math.min(maxReadLength, byteLength - done);
    const { bytesRead } = await wrapped(path, handle.read(bytes, done, length, byteOffset + done));
    if (bytesRead === 0) {
      throw new GialloError(
        'file-unreadable',
        `${path}: expected ${byteLength} bytes at ${byteOffset}, the file ended after ${done} of them`,
      );
    }
    done += bytesRead;
  }
  return bytes;
}

async function wrapped<T>(path: string, pending: Promise<T>): Promise<T> {
  try {
    return await pending;
  } catch (error) {
    throw fileError('read', path, error);
  }
}
