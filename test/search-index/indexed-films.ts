/** Films in a folder of their own, and an index of them beside it. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Collection, openCollection } from '../../src/collection/collection.js';
import type { ReadingOptions } from '../../src/collection/film-arrays.js';
import { toFloat16 } from '../../src/npz/write-rows.js';
import type { IndexUse, SearchContext } from '../../src/search/context.js';
import { type FilmStateName, inspectFilms } from '../../src/search-index/film-state.js';
import { indexFolder } from '../../src/search-index/index-folder.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Vectors as a file holds them. */
export interface FilmRowsMade {
  readonly dim: number;
  /** [frames x dim], row-major. */
  readonly values: Float32Array;
}

/** An archive of these rows, its frames named `0.jpg`, `1.jpg` and so on. */
export function archiveOf({ dim, values }: FilmRowsMade, dtype: '<f4' | '<f2' = '<f4'): Buffer {
  const frames = values.length / dim;
  const names = Array.from({ length: frames }, (_, i) => `${i}.jpg`);
  const width = Math.max(1, ...names.map((name) => name.length));
  const letters = Buffer.from(names.map((name) => name.padEnd(width, '\0')).join(''));
  const numbers = dtype === '<f2' ? toFloat16(values).halves : values;
  return buildZip([
    { name: 'filenames.npy', raw: buildNpy(`|S${width}`, [frames], letters) },
    {
      name: 'embeddings.npy',
      raw: buildNpy(dtype, [frames, dim], bytesOf(numbers)),
    },
  ]);
}

/** An `.npy` of these rows without names, as `numpy.save` writes it. */
export function bareArrayOf({ dim, values }: FilmRowsMade): Buffer {
  return buildNpy('<f4', [values.length / dim, dim], bytesOf(values));
}

export interface IndexedFilms {
  readonly data: string;
  readonly cacheRoot: string;
  /** The folder of the index, which may not exist. */
  readonly folder: string;
  open(): Promise<Collection>;
  /** A context that uses the index; `uses` receives what each search read. */
  context(uses?: IndexUse[]): SearchContext;
  /** The files of the index and their bytes, by name; without the stamps, which depend on when files were changed. */
  files(): Map<string, Buffer>;
}

/** Writes these files to a data folder, with a cache folder for an index, which is not built. */
export function indexedFilms(files: Readonly<Record<string, Uint8Array>>): IndexedFilms {
  const root = temporaryFolder(
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [join('data', name), bytes])),
  );
  const [data, cacheRoot] = [join(root, 'data'), join(root, 'cache')];
  mkdirSync(data, { recursive: true });
  const folder = indexFolder(cacheRoot, data);
  return {
    data,
    cacheRoot,
    folder,
    open: () => openCollection(data),
    context: (uses = []) => ({
      index: { dataFolder: data, cacheRoot },
      onIndexUse: (use) => void uses.push(use),
    }),
    files: () =>
      new Map(
        readdirSync(folder)
          .filter((name) => !name.endsWith('.stamps'))
          .sort()
          .map((name) => [name, readFileSync(join(folder, name))]),
      ),
  };
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** All files of the index except the note that says where the collection is. */
export function contentOf(films: IndexedFilms): Map<string, string> {
  return new Map(
    [...films.files()].map(([name, bytes]) => [
      name,
      name === 'collection.json' ? '' : bytes.toString('latin1'),
    ]),
  );
}

/** The name of the file of the basis. */
export function basisOf(films: IndexedFilms): string {
  return [...films.files().keys()].find((name) => name.endsWith('.basis')) as string;
}

/** The state of each film in the index, by its name. */
export async function statesOf(
  films: IndexedFilms,
  reading?: ReadingOptions,
): Promise<Record<string, FilmStateName>> {
  const states = await inspectFilms(films.folder, (await films.open()).films, reading);
  return Object.fromEntries(states.map(({ entry, state }) => [entry.name, state]));
}
