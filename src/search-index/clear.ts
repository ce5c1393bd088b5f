/** Removes whole indexes, and damaged index files of films. Other files in a cache folder stay. */
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileError, GialloError, orUndefined, withFileError } from '../errors.js';
import { isTemporary } from '../files/temporary-files.js';
import { openFilmRows } from './film-rows.js';
import { openFilmSketches } from './film-sketches.js';
import { type FilmPaths, markerName, removeIndexFile } from './index-files.js';

export interface Cleared {
  /** How many indexes were removed. */
  readonly indexes: number;
  readonly bytes: number;
}

/** Removes the index in `folder`, if there is one. Errors: `file-unwritable`. */
export function clearIndex(folder: string): Cleared {
  const files = filesIn(folder).filter((file) => file === markerName || isIndexFile(file));
  let bytes = 0;
  let removed = 0;
  for (const path of files.map((file) => join(folder, file))) {
    const size = withFileError('write', path, () => lstatSync(path, { throwIfNoEntry: false })?.size ?? 0);
    if (!removeIndexFile(path)) continue;
    bytes += size;
    removed++;
  }
  if (removed > 0 && filesIn(folder).length === 0) withFileError('write', folder, () => rmdirSync(folder));
  return { indexes: removed > 0 ? 1 : 0, bytes };
}

/** Removes the indexes of all collections under `root`. Errors: `file-unwritable`. */
export function clearAllIndexes(root: string): Cleared {
  const folders = filesIn(root).filter((name) => filesIn(join(root, name)).includes(markerName));
  const cleared = folders.map((name) => clearIndex(join(root, name)));
  return { indexes: cleared.length, bytes: cleared.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Bytes of all files of the index in `folder`. */
export function indexBytes(folder: string): number {
  return filesIn(folder)
    .filter(isIndexFile)
    .reduce((sum, file) => sum + (lstatSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0), 0);
}

function isIndexFile(file: string): boolean {
  // An earlier version named temporary files after the file that they became.
  return isTemporary(file) || /\.(rows|sketches|basis|stamps|heads)(\.\d+-[0-9a-z]+\.tmp)?$/.test(file);
}

/** The names of the files in a folder; none if there is no such folder. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw fileError('read', folder, cause);
  }
}

/**
 * Reads the rows and the sketches of a film whole, and removes those that are damaged; what cannot be read or removed
 * stays. Never throws a GialloError.
 */
export function removeDamaged({ rows, sketches }: FilmPaths): void {
  for (const [path, open] of [
    [rows, openFilmRows],
    [sketches, openFilmSketches],
  ] as const) {
    if (isDamaged(() => open(path))) remove(path);
  }
}

function isDamaged(open: () => { check(): void; close(): void } | undefined): boolean {
  let file: ReturnType<typeof open>;
  try {
    file = open();
    file?.check();
    return false;
  } catch (error) {
    if (error instanceof GialloError) return error.code === 'index-damaged';
    throw error;
  } finally {
    file?.close();
  }
}

function remove(path: string): void {
  // In a read-only cache the file stays, and searches pass it over.
  orUndefined(() => rmSync(path, { force: true }));
}
