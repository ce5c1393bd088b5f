/** Generates small films with ties, repeats, zero rows and non-finite rows, in folders that exist during one check. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { type Collection, openCollection } from '../../src/collection/collection.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';

export interface MadeFilm {
  readonly name: string;
  readonly dim: number;
  /** [frames][dim]; all of them float32 numbers. */
  readonly rows: readonly (readonly number[])[];
}

/** The names of the frames, by index. */
export function filenameOf(film: MadeFilm, index: number): string {
  return `${film.name} ${index}`;
}

/** Names out of order. By UTF-16 units the last but one would come after the last; by code points it comes before. */
const names = ['b', 'a.b', '2001', 'a', '\uff21', '\u{1f600}'];

/**
 * Up to `most` films of one dim. They have few different numbers, so that scores tie, and few frames and dims, so that
 * counterexamples are readable.
 */
export function madeFilms(most = 4, mostFrames = 7): fc.Arbitrary<MadeFilm[]> {
  return fc
    .record({
      dim: fc.integer({ min: 1, max: 3 }),
      names: fc.shuffledSubarray(names, { minLength: 1, maxLength: most }),
    })
    .chain(({ dim, names }) =>
      fc.tuple(
        ...names.map((name) => rowsOf(dim, mostFrames).map((rows): MadeFilm => ({ name, dim, rows }))),
      ),
    );
}

function rowsOf(dim: number, mostFrames: number): fc.Arbitrary<number[][]> {
  const usual = fc.constantFrom(-1, 0, 0.5, 1, 2);
  const row = fc.oneof(
    { weight: 12, arbitrary: fc.array(usual, { minLength: dim, maxLength: dim }) },
    { weight: 1, arbitrary: fc.constant(new Array<number>(dim).fill(0)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(Number.NaN, Number.POSITIVE_INFINITY)
        .map((odd) => [odd, ...new Array<number>(dim - 1).fill(1)]),
    },
  );
  return fc.array(row, { maxLength: mostFrames });
}

/** Writes the films to a folder, runs `check`, and removes the folder. */
export async function withCollection<T>(
  films: readonly MadeFilm[],
  check: (collection: Collection) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'giallo-test-'));
  try {
    for (const film of films) await writeFilm(folder, film);
    return await check(await openCollection(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function writeFilm(folder: string, film: MadeFilm): Promise<void> {
  await writeFile(join(folder, `${film.name}.npz`), archiveOf(film));
}

export function archiveOf(film: MadeFilm): Buffer {
  const values = Float32Array.from(film.rows.flat());
  const filenames = film.rows.map((_, index) => filenameOf(film, index));
  const longest = Math.max(1, ...filenames.map((name) => [...name].length));
  const codes = new Uint32Array(filenames.length * longest);
  filenames.forEach((name, row) => {
    [...name].forEach((character, i) => {
      codes[row * longest + i] = character.codePointAt(0) as number;
    });
  });
  return buildZip([
    {
      name: 'filenames.npy',
      raw: buildNpy(`<U${longest}`, [filenames.length], new Uint8Array(codes.buffer)),
    },
    {
      name: 'embeddings.npy',
      raw: buildNpy('<f4', [film.rows.length, film.dim], new Uint8Array(values.buffer)),
    },
  ]);
}
