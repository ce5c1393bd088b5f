/** Three films, two of them with pictures, to make sites from. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { type MadeFilm, writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

export async function makeFilms(): Promise<string> {
  const data = temporaryFolder();
  for (const one of [film('a', 9, 1), film('b', 7, 2), film('c', 5, 3)]) await writeFilm(data, one);
  for (const name of ['a', 'b']) {
    await mkdir(join(data, 'screenshots', name), { recursive: true });
    for (let i = 0; i < 5; i++) {
      await paint(join(data, 'screenshots', name, `${name} ${i}`), { r: 40 * i, g: 90, b: 200 });
    }
  }
  return data;
}

export function film(name: string, frames: number, seed: number): MadeFilm {
  const rows = Array.from({ length: frames }, (_, i) =>
    [1, 2, 3].map((n) => Math.round(Math.sin(seed * n + (i >> 1) * n * n) * 100) / 10),
  );
  return { name, dim: 3, rows };
}

export async function paint(path: string, background: { r: number; g: number; b: number }): Promise<void> {
  await sharp({ create: { width: 400, height: 300, channels: 3, background } })
    .png()
    .toFile(path);
}
