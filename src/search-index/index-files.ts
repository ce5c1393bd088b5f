/** Which files an index consists of, and which of them are of no use any more. */
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileError } from '../errors.js';
import { basisPath } from './basis-file.js';
import { filmFileStem } from './cache-folder.js';
import { temporaryName } from './section-writer.js';

/** Says in each index's folder which collection it is of, for people and for `clear --everywhere`. */
export const markerName = 'collection.json';

/** Where the rows and the sketches of a film lie in an index's folder. */
export function filmPaths(
  folder: string,
  film: string,
): { readonly rows: string; readonly sketches: string } {
  const stem = join(folder, filmFileStem(film));
  return { rows: `${stem}.rows`, sketches: `${stem}.sketches` };
}

/** Makes the folder of a collection's index. Errors: `file-unwritable`. */
export function makeIndexFolder(folder: string, dataFolder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, markerName), `${JSON.stringify({ v: 1, data: resolve(dataFolder) })}\n`);
  } catch (cause) {
    throw fileError('write', folder, cause);
  }
}

/** Removes what builds that were killed have left, and what this process has. */
export function removeLeftovers(folder: string): void {
  for (const file of readdirSync(folder)) {
    const writer = temporaryName.exec(file)?.[1];
    if (writer && (Number(writer) === process.pid || isAbandoned(join(folder, file), Number(writer)))) {
      rmSync(join(folder, file), { force: true });
    }
  }
}

/** Removes the files of films and bases other than these, and returns how many films that was. */
export function removeOthers(folder: string, films: readonly string[], bases: ReadonlySet<string>): number {
  const kept = new Set([join(folder, markerName), ...[...bases].map((id) => basisPath(folder, id))]);
  for (const film of films) for (const path of Object.values(filmPaths(folder, film))) kept.add(path);
  const others = readdirSync(folder)
    .map((file) => join(folder, file))
    .filter((path) => !kept.has(path) && /\.(rows|sketches|basis)$/.test(path));
  for (const path of others) rmSync(path, { force: true });
  return others.filter((path) => path.endsWith('.rows')).length;
}

/** A minute: a build that is alive writes to its file all the time, even where its process cannot be seen from here. */
const quietMs = 60_000;

function isAbandoned(path: string, writer: number): boolean {
  try {
    if (Date.now() - statSync(path).mtimeMs < quietMs) return false;
    process.kill(writer, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
