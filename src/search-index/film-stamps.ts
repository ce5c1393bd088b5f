/**
 * What tells in one look at the file system that films are as they were when the index was built, so that a search opens
 * no archive to find out: a stamp of each film's file, with the fingerprint that it had then, in one file of the index.
 */
import { join } from 'node:path';
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { GialloError, orError, orErrorSync } from '../errors.js';
import { choiceOf, fileIdentities, fingerprintOf } from './fingerprint.js';
import { openSectionFile } from './section-file.js';
import { createSectionFile } from './section-writer.js';

/** By the film's name. */
type Stamps = Readonly<Record<string, readonly [stamp: string, fingerprint: string]>>;

const kind = 'stamps';

function stampsPath(folder: string): string {
  return join(folder, 'collection.stamps');
}

/**
 * The stamp of a film's file: size, times, inode and device of the files it is read from, from one look at the file
 * system. The same stamp means the same fingerprint; another stamp does not mean another fingerprint. Undefined if the
 * file cannot be looked at.
 */
export function stampOf({ path }: FilmEntry, reading: ReadingOptions = {}): string | undefined {
  const identities = orErrorSync(() => fileIdentities(path));
  return identities instanceof GialloError ? undefined : stampFrom(identities, reading);
}

function stampFrom(identities: readonly (string | null)[], reading: ReadingOptions): string {
  return JSON.stringify([...identities, ...choiceOf(reading)]);
}

/** The stamps of the films' files, with their fingerprints; not of files that changed only just now. */
export async function stampsOf(films: readonly FilmEntry[], reading: ReadingOptions = {}): Promise<Stamps> {
  const stamps: Record<string, readonly [string, string]> = {};
  for (const entry of films) {
    const identities = orErrorSync(() => fileIdentities(entry.path));
    if (identities instanceof GialloError || !identities.every(isSettled)) continue;
    const fingerprint = await orError(() => fingerprintOf(entry, reading));
    const stamp = stampFrom(identities, reading);
    // Whether it is still the file of which the fingerprint is.
    if (fingerprint instanceof GialloError || stamp !== stampOf(entry, reading)) continue;
    stamps[entry.name] = [stamp, fingerprint];
  }
  return stamps;
}

/** A file that changed this recently may change again and keep its time: the clocks of file systems are coarse. */
const settledNs = 2_000_000_000n;

function isSettled(identity: string | null): boolean {
  if (identity === null) return true;
  const [, , changedNs] = identity.split(':');
  return BigInt(Date.now()) * 1_000_000n - BigInt(changedNs) > settledNs;
}

/** Writes stamps into the folder of an index. Errors: `file-unwritable`. */
export function writeStamps(folder: string, stamps: Stamps): void {
  const writer = createSectionFile<Stamps>(stampsPath(folder), kind);
  try {
    writer.finish(stamps);
  } finally {
    writer.abandon();
  }
}

/**
 * A function that tells the fingerprint of a film whose file is as it was when it was stamped; undefined of any other.
 * Where the stamps cannot be read it tells none, and the archives are looked at.
 */
export function openStamps(
  folder: string,
  reading: ReadingOptions | undefined,
): (entry: FilmEntry) => string | undefined {
  const file = orErrorSync(() => openSectionFile<Stamps>(stampsPath(folder), kind));
  if (!file || file instanceof GialloError) return () => undefined;
  file.close();
  const stamps = new Map(Object.entries(file.meta));
  return (entry) => {
    const [stamp, fingerprint] = stamps.get(entry.name) ?? [];
    return stamp !== undefined && stamp === stampOf(entry, reading) ? fingerprint : undefined;
  };
}
