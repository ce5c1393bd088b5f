/**
 * What tells a film's content from another's without reading it. Archives: their size, and name, size and CRC-32 of each
 * array in the central directory; the time of change says nothing, since copies change it. An `.npy` has no checksum:
 * its size, times, inode and device, and those of the files beside it that may hold names. How the arrays are chosen is a
 * part of it, since other keys make another film of the same file.
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

/** How a film's arrays are chosen, as a part of what tells it from others. */
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

/** `size:mtime:ctime:inode:device` of a film’s file, and of those beside it; null for one that is not there. */
export function fileIdentities(path: string): (string | null)[] {
  return filesOf(path).map((file) => {
    const found = statOf(file, file === path);
    return found ? [found.size, found.mtimeNs, found.ctimeNs, found.ino, found.dev].join(':') : null;
  });
}

/** Undefined where there is no such file, as where its name would be too long. */
function statOf(path: string, isNeeded: boolean): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (!isNeeded && (code === 'ENOENT' || code === 'ENAMETOOLONG')) return undefined;
    throw fileError('read', path, cause);
  }
}
