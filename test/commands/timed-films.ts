/** Makes films with times, and asks about them. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from '../recording-io.js';
import { runGiallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films');

/** Two films with filenames numbered from 1: Alpha with 3 frames per second and a video, Beta without times. */
export function folderOfFilms(
  films: object = { 'Alpha.1968.mkv': { fps: 2, video: 'alpha.mp4', rate: '25' } },
): string {
  const folder = temporaryFolder({ 'films.json': JSON.stringify({ v: 1, films }), 'alpha.mp4': '' });
  for (const name of ['Alpha.1968.mkv.npz', 'Beta.1971.mp4.npz'])
    copyFileSync(join(golden, name), join(folder, name));
  return folder;
}

/** The stdout of a command that must succeed. */
export async function answered(argv: readonly string[], surroundings?: Surroundings): Promise<string> {
  const { status, stdout, stderr } = await runGiallo(argv, surroundings);
  assert.equal(status, 0, stderr);
  return stdout;
}
