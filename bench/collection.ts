/**
 * The films that the cases read. `generate.py` writes them once into `bench/.data`, with a folder for each size of
 * films. A collection of n films is a folder of links to the first n, so that all collections share their films.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { type Python, scriptPath } from './python.js';
import { type CollectionSize, requireRoom } from './room.js';

export interface Collection extends CollectionSize {
  readonly folder: string;
  /** The names of its films, in order. */
  readonly filmNames: readonly string[];
  /** The path of film number n, from 0. */
  film(number: number): string;
}

/** The folder for everything that the benchmark makes. */
export const dataFolder = scriptPath('.data');

/** The collection of that size. Films that are missing are generated. */
export async function makeCollection(size: CollectionSize, python: Python): Promise<Collection> {
  const shape = `${dataFolder}/${size.frames}x${size.dim}`;
  const folder = `${shape}/${size.films}-films`;
  const filmNames = Array.from({ length: size.films }, (_, number) => filmName(number));
  const film = (number: number) => `${folder}/${filmNames[number]}.npz`;
  const missing = filmNames.filter((name) => !existsSync(`${shape}/films/${name}.npz`));
  await requireRoom(dataFolder, { ...size, films: missing.length });
  await python.run('generate.py', `${shape}/films`, `${size.films}`, `${size.frames}`, `${size.dim}`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [number, name] of filmNames.entries()) {
    await symlink(`../films/${name}.npz`, film(number));
  }
  return { ...size, folder, filmNames, film };
}

/** The path of the `.npy` with the collection's vectors. It is written if it is missing. */
export async function mergeVectors(collection: Collection, python: Python): Promise<string> {
  const path = `${collection.folder}.npy`;
  if (!existsSync(path)) {
    await requireRoom(dataFolder, collection);
    await python.run('merge.py', collection.folder, path);
  }
  return path;
}

// generate.py gives them these names.
function filmName(number: number): string {
  return `Film.${String(number).padStart(3, '0')}`;
}
