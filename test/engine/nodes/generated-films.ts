/** A seeded collection that is hard to search: ties, repeats, near repeats, zero rows, extreme and non-finite rows. */
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeNpz } from '../../../src/npz/write-npz.js';
import { randomFrom } from '../../seeded-numbers.js';

export interface GeneratedFilm {
  readonly name: string;
  readonly frames: number;
  readonly dim: number;
}

/** Writes the films into an existing folder. */
export async function generateFilms(
  folder: string,
  films: readonly GeneratedFilm[],
  seed = 1963,
): Promise<void> {
  const random = randomFrom(seed);
  const shared = new Map<number, Float32Array[]>();
  for (const { name, frames, dim } of films) {
    const repeats = shared.get(dim) ?? Array.from({ length: 4 }, () => direction(random, dim));
    shared.set(dim, repeats);
    await write(join(folder, `${name}.npz`), filmRows(random, frames, dim, repeats), name, dim);
  }
}

function direction(random: () => number, dim: number): Float32Array {
  return Float32Array.from({ length: dim }, () => random() * 2 - 1);
}

/** Shots of some frames that drift; sometimes a row that other films have too, or a row unlike any picture. */
function filmRows(
  random: () => number,
  frames: number,
  dim: number,
  repeats: readonly Float32Array[],
): Float32Array[] {
  const rows: Float32Array[] = [];
  let view = direction(random, dim);
  while (rows.length < frames) {
    const draw = random();
    if (draw < 0.12) view = direction(random, dim);
    const row = view.map((value) => value + 0.02 * (random() - 0.5));
    if (draw > 0.9) rows.push(repeats[Math.floor(random() * repeats.length)].slice());
    else if (draw > 0.87) rows.push(new Float32Array(dim));
    else if (draw > 0.85) rows.push((rows.at(-1) ?? row).slice());
    else if (draw > 0.84) rows.push(row.map((value) => value * 1e30));
    else if (draw > 0.83) rows.push(row.map((value) => value * 1e-38));
    else if (draw > 0.82) rows.push(row.fill(Number.NaN, 0, 1));
    else rows.push(row);
  }
  return rows;
}

async function write(path: string, rows: readonly Float32Array[], name: string, dim: number): Promise<void> {
  const archive = await open(path, 'w+');
  const scratch = await open(`${path}.scratch`, 'w+');
  const blocks = async function* () {
    for (const [row, values] of rows.entries()) {
      // Some unusual names: quotes, umlauts, characters beyond the basic plane.
      yield { filenames: [`${name} '${row}' ä😀\\.jpg`], values };
    }
  };
  try {
    await writeNpz({ archive, scratch }, blocks(), {
      dim,
      dtype: 'float32',
      compression: 'stored',
      place: path,
    });
  } finally {
    await archive.close();
    await scratch.close();
    await rm(`${path}.scratch`);
  }
}
