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
import { fileError, GialloError, orErrorSync } from '../errors.js';
import { openByteSourceSync } from '../npz/byte-source.js';
import { readDirectory } from '../npz/zip-directory.js';
import { stampsPath } from './index-files.js';
import { openSectionFile } from './section-file.js';
import { createSectionFile } from './section-writer.js';

/** The fingerprint of a film's file as it is now. Errors: those of `readDirectory`, `file-unreadable`. */
export async function fingerprintOf({ path }: FilmEntry, reading: ReadingOptions = {}): Promise<string> {
  const content = isArrayFile(path) ? fileIdentities(path) : await directoryContent(path);
  return JSON.stringify([...content, ...choiceOf(reading)]);
}

function choiceOf({ embeddingsKey, filenamesKey, assume }: ReadingOptions): (string | null)[] {
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

function fileIdentities(path: string): (string | null)[] {
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

/** A file that changed this recently may change again and keep its time: the clocks of file systems are coarse. */
const settledNs = 2_000_000_000n;

/**
 * The stamp of a film's file: size, times, inode and device of the files it is read from, from one look at the file
 * system. The same stamp means the same fingerprint; another stamp does not mean another fingerprint. Undefined if the
 * file cannot be looked at, or if it changed only just now and `hasToBeSettled`.
 */
export function stampOf(
  { path }: FilmEntry,
  reading: ReadingOptions = {},
  hasToBeSettled = false,
): string | undefined {
  const stamp = orErrorSync(() => fileIdentities(path));
  if (stamp instanceof GialloError) return undefined;
  const now = BigInt(Date.now()) * 1_000_000n;
  const isSettled = (identity: string | null) =>
    identity === null || now - BigInt(identity.split(':')[2]) > settledNs;
  return hasToBeSettled && !stamp.every(isSettled)
    ? undefined
    : JSON.stringify([...stamp, ...choiceOf(reading)]);
}

/** By the film's name. */
export type Stamps = Readonly<Record<string, readonly [stamp: string, fingerprint: string]>>;

/** The kind of the one file of stamps: so a search looks at a film with one call to the file system. */
const stampsKind = 'stamps';

/** Writes the stamps into the folder of an index. Errors: `file-unwritable`. */
export function writeStamps(folder: string, stamps: Stamps): void {
  const writer = createSectionFile<Stamps>(stampsPath(folder), stampsKind);
  try {
    writer.finish(stamps);
  } finally {
    writer.abandon();
  }
}

/** The stamps of an index; none where they cannot be read, for which the archives are looked at. */
export function readStamps(
  folder: string,
): ReadonlyMap<string, readonly [stamp: string, fingerprint: string]> {
  const file = orErrorSync(() => openSectionFile<Stamps>(stampsPath(folder), stampsKind));
  if (!file || file instanceof GialloError) return new Map();
  file.close();
  return new Map(Object.entries(file.meta));
}
