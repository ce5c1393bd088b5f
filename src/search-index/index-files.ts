/** The files of an index: where they are, and the removal of those that it no longer needs. */
import { existsSync, lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { GialloError, orUndefined, withFileError } from '../errors.js';
import {
  makeFolder,
  removeEmptyFolder,
  removeFile,
  renameInto,
  temporaryPath,
} from '../files/temporary-files.js';
import { basisPath } from './basis-file.js';
import { filmFileStem, hasIndexFolder } from './index-folder.js';

/** A file in the folder of each index that names the collection, for people and for `clear --everywhere`. */
export const markerName = 'collection.json';

/** The files of a film. */
export interface FilmPaths {
  readonly rows: string;
  readonly sketches: string;
}

/** Where the files of a film lie in an index's folder. */
export function filmPaths(folder: string, film: string): FilmPaths {
  const stem = join(folder, filmFileStem(film));
  return { rows: `${stem}.rows`, sketches: `${stem}.sketches` };
}

/** Makes the folder of a collection's index. Errors: `file-unwritable`. */
export function makeIndexFolder(folder: string, dataFolder: string): void {
  if (!hasIndexFolder(folder)) makeFolder(folder);
  const marker = `${JSON.stringify({ v: 1, data: resolve(dataFolder) })}\n`;
  const temporary = temporaryPath(folder);
  try {
    withFileError('write', folder, () => writeFileSync(temporary, marker));
    renameInto(temporary, join(folder, markerName));
  } finally {
    // It is there only if there was no room for it.
    orUndefined(() => rmSync(temporary, { force: true }));
  }
}

/** Errors: `file-unwritable` if the index was cleared since `makeIndexFolder`. */
export function requireNotCleared(folder: string): void {
  if (existsSync(join(folder, markerName))) return;
  throw new GialloError(
    'file-unwritable',
    `${folder}: the search index was cleared while it was being built`,
    {
      hint: 'run `giallo index build` again',
    },
  );
}

/**
 * Removes the files of all films but `films`, and of all bases but `bases` if that is given. Returns the number of
 * films removed. Errors: `file-unwritable`.
 */
export function removeOtherFiles(
  folder: string,
  films: readonly string[],
  bases: ReadonlySet<string> | undefined,
): number {
  const kept = new Set([...(bases ?? [])].map((id) => basisPath(folder, id)));
  const endings = bases ? /\.(rows|sketches|basis)$/ : /\.(rows|sketches)$/;
  for (const film of films) for (const path of Object.values(filmPaths(folder, film))) kept.add(path);
  const others = withFileError('read', folder, () => readdirSync(folder))
    .map((file) => join(folder, file))
    .filter((path) => !kept.has(path) && endings.test(path));
  const removed = others.filter(removeIndexFile);
  return removed.filter((path) => path.endsWith('.rows')).length;
}

/**
 * Removes a file of an index, or an empty folder in its place, and returns whether it did. A folder with files in it
 * stays: they are not of giallo. Errors: `file-unwritable`.
 */
export function removeIndexFile(path: string): boolean {
  removeEmptyFolder(path);
  if (isFolder(path)) return false;
  removeFile(path);
  return true;
}

/** The error for a film if one of its files cannot be written, since a folder with files in it has its name. */
export function obstacleTo(paths: FilmPaths): GialloError | undefined {
  const path = Object.values(paths).find((path) => isFolder(path) && !isEmpty(path));
  return path === undefined
    ? undefined
    : new GialloError(
        'file-unwritable',
        `${path}: a file of the search index belongs there, but it is a folder with files in it`,
        { hint: 'move it away, then run `giallo index build` again' },
      );
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isEmpty(folder: string): boolean {
  return orUndefined(() => readdirSync(folder))?.length === 0;
}
