/** Takes damaged files of a film away, so that the next build makes them anew. */
import { rmSync } from 'node:fs';
import { GialloError } from '../errors.js';
import { openFilmRows } from './film-rows.js';
import { openFilmSketches } from './film-sketches.js';
import type { FilmPaths } from './index-files.js';

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

/** A cache that is read-only keeps the file, and searches pass it over. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays.
  }
}
