/** Which files an index consists of, and which of them are of no use any more. */
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileError } from '../errors.js';
import { makeFolder } from '../files/temporary-files.js';
import { basisPath } from './basis-file.js';
import { filmFileStem } from './cache-folder.js';

/** Says in each index's folder which collection it is of, for people and for `clear --everywhere`. */
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
  try {
    makeFolder(folder);
    writeFileSync(join(folder, markerName), `${JSON.stringify({ v: 1, data: resolve(dataFolder) })}\n`);
  } catch (cause) {
    throw fileError('write', folder, cause);
  }
}

/**
 * Removes the files of films and bases other than these, and returns how many films that was. Errors:
 * `file-unwritable`.
 */
export function removeOthers(folder: string, films: readonly string[], bases: ReadonlySet<string>): number {
  const kept = new Set([join(folder, markerName), ...[...bases].map((id) => basisPath(folder, id))]);
  for (const film of films) for (const path of Object.values(filmPaths(folder, film))) kept.add(path);
  const others = filesIn(folder)
    .map((file) => join(folder, file))
    .filter((path) => !kept.has(path) && /\.(rows|sketches|basis)$/.test(path));
  remove(others);
  return others.filter((path) => path.endsWith('.rows')).length;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw fileError('read', folder, cause);
  }
}

function remove(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmSync(path, { force: true });
    } catch (cause) {
      throw fileError('write', path, cause);
    }
  }
}
