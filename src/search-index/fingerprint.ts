/**
 * The fingerprint of a film: another content has another fingerprint, which is known without reading the content. That
 * of an archive has its size, and name, size and CRC-32 of each array in the central directory; not the time of change,
 * since a copy has another one. An `.npy` has no checksum: its fingerprint has the size, times, inode and device of the
 * file, and of the files beside it that may hold names. The reading options are part of it, since other keys make
 * another film of the same file.
 */
import { type BigIntStats, statSync } from 'node:fs';
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { isArrayFile, unicodeForms, withoutFilmEnding } from '../collection/names.js';
import { fileError } from '../errors.js';
import { openByteSourceSync } from '../npz/byte-source.js';
import { readDirectory } from '../npz/zip-directory.js';

/** The fingerprint of a film's file as it is now. Errors: those of `readDirectory`, `file-unreadable`. */
export async function fingerprintOf({ path }: FilmEntry, reading: ReadingOptions = {}): Promise<string> {
  const content = isArrayFile(path) ? fileIdentities(path) : await directoryContent(path);
  return JSON.stringify([...content, ...choiceOf(reading)]);
}

/** The reading options, as parts of a fingerprint. */
export function choiceOf({ embeddingsKey, filenamesKey, assume }: ReadingOptions): (string | null)[] {
  return [embeddingsKey, filenamesKey, assume].map((option) => option ?? null);
}

async function directoryContent(path: string): Promise<(string | number)[]> {
  const source = openByteSourceSync(path);
  try {
    const entries = await readDirectory(source);
    return [source.size, ...entries.flatMap(({ name, rawSize, crc32 }) => [name, rawSize, crc32])];
  } finally {
    await source.close();
  }
}

/** The film's file, then the files beside a bare array that may hold its names. */
function filesOf(path: string): string[] {
  if (!isArrayFile(path)) return [path];
  const stem = withoutFilmEnding(path);
  return [path, ...unicodeForms(`${stem}.txt`), ...unicodeForms(`${stem}.json`)];
}

/** `size:mtime:ctime:inode:device` of a film’s file, and of those beside it; null for one that does not exist. */
export function fileIdentities(path: string): (string | null)[] {
  return filesOf(path).map((file) => {
    const found = statOf(file, file === path);
    return found ? [found.size, found.mtimeNs, found.ctimeNs, found.ino, found.dev].join(':') : null;
  });
}

/** Undefined if a file that is not needed does not exist, or if its name would be too long. */
function statOf(path: string, isNeeded: boolean): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (!isNeeded && (code === 'ENOENT' || code === 'ENAMETOOLONG')) return undefined;
    throw fileError('read', path, cause);
  }
}
