/**
 * Stamps tell by one call of the file system that a film is as it was when the index was built, so that a search need
 * not open its archive. One file of the index has the stamp of each film's file, with the fingerprint of the film.
 */
import { join } from 'node:path';
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
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
 * The stamp of a film: size, times, inode and device of the files that it is read from, and the reading options. The
 * same stamp means the same fingerprint; another stamp may still mean the same fingerprint. Undefined if the file
 * system has no such file or fails.
 */
export function stampOf({ path }: FilmEntry, reading: ReadingOptions = {}): string | undefined {
  const identities = catchGialloSync(() => fileIdentities(path));
  return identities instanceof GialloError ? undefined : stampFrom(identities, reading);
}

function stampFrom(identities: readonly (string | null)[], reading: ReadingOptions): string {
  return JSON.stringify([...identities, ...choiceOf(reading)]);
}

/** The stamps of the films' files, with their fingerprints; not of files that changed only just now. */
export async function stampsOf(films: readonly FilmEntry[], reading: ReadingOptions = {}): Promise<Stamps> {
  const stamps: Record<string, readonly [string, string]> = {};
  for (const entry of films) {
    const identities = catchGialloSync(() => fileIdentities(entry.path));
    if (identities instanceof GialloError || !identities.every(isSettled)) continue;
    const fingerprint = await catchGiallo(() => fingerprintOf(entry, reading));
    const stamp = stampFrom(identities, reading);
    // Another stamp now means that the fingerprint may be that of another file.
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
 * Returns a function that gives the fingerprint of a film whose stamp is still the same, and undefined for any other
 * film. If the stamps cannot be read, it gives undefined for all films: their archives are opened instead.
 */
export function openStamps(
  folder: string,
  reading: ReadingOptions | undefined,
): (entry: FilmEntry) => string | undefined {
  const file = catchGialloSync(() => openSectionFile<Stamps>(stampsPath(folder), kind));
  if (!file || file instanceof GialloError) return () => undefined;
  file.close();
  const stamps = new Map(Object.entries(file.meta));
  return (entry) => {
    const [stamp, fingerprint] = stamps.get(entry.name) ?? [];
    return stamp !== undefined && stamp === stampOf(entry, reading) ? fingerprint : undefined;
  };
}
