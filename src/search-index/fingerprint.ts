/**
 * What tells a film's content from another's without reading it. Archives: their size, and name, size and CRC-32 of each
 * array in the central directory; the time of change says nothing, since copies change it. An `.npy` has no checksum:
 * its size, time and inode, and those of the files beside it that may hold names. How the arrays are chosen is a part of
 * it, since other keys make another film of the same file.
 */
import { statSync } from 'node:fs';
import type { FilmEntry, ReadingOptions } from '../collection/film.js';
import { isArrayFile, withoutFilmEnding } from '../collection/names.js';
import { fileError } from '../errors.js';
import { OpenFile } from '../files/open-files.js';
import type { ByteSource } from '../npz/byte-source.js';
import { readDirectory } from '../npz/zip-directory.js';

/** The fingerprint of a film's file as it is now. Errors: those of `readDirectory`, `file-unreadable`. */
export async function fingerprintOf({ path }: FilmEntry, reading: ReadingOptions = {}): Promise<string> {
  const content = isArrayFile(path) ? fileIdentities(path) : await directoryContent(path);
  const { embeddingsKey, filenamesKey, assume } = reading;
  const choice = [embeddingsKey, filenamesKey, assume].map((option) => option ?? null);
  return JSON.stringify([...content, ...choice]);
}

async function directoryContent(path: string): Promise<(string | number)[]> {
  const source = openSource(path);
  try {
    const entries = await readDirectory(source);
    return [source.size, ...entries.flatMap(({ name, rawSize, crc32 }) => [name, rawSize, crc32])];
  } finally {
    await source.close();
  }
}

/** A source that answers at once: for a hundred archives, promises of the file system would take the time. */
function openSource(path: string): ByteSource {
  const file = orFileError(path, () => OpenFile.openSync(path));
  const fill = async (target: Uint8Array, byteOffset: number) => {
    const count = orFileError(path, () => file.readSync(target, 0, target.length, byteOffset));
    if (count < target.length) throw fileError('read', path, new Error('it became shorter'));
  };
  return {
    path,
    size: Number(file.stats.size),
    fill,
    async read(byteOffset, byteLength) {
      const bytes = new Uint8Array(byteLength);
      await fill(bytes, byteOffset);
      return bytes;
    },
    requireUnchanged: async () => {},
    close: async () => file.close(),
  };
}

function fileIdentities(path: string): (string | null)[] {
  const stem = withoutFilmEnding(path);
  return [path, `${stem}.txt`, `${stem}.json`].map((file) => {
    const found = orFileError(file, () => statSync(file, { bigint: true, throwIfNoEntry: file === path }));
    return found ? [found.size, found.mtimeNs, found.ino].join(':') : null;
  });
}

function orFileError<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fileError('read', path, cause);
  }
}
