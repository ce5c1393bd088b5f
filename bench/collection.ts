/**
 * The films that the cases read: written once by `generate.py` into `bench/.data`, one folder a shape. A collection of n
 * films is a folder of links to the first n, so that collections of many sizes share their films.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { type Python, scriptPath } from './python.js';
import { type CollectionSize, requireRoom } from './room.js';

export interface Collection extends CollectionSize {
  readonly folder: string;
  /** As giallo names them, in the order of their names. */
  readonly filmNames: readonly string[];
  /** The archive of film number n, from 0. */
  film(number: number): string;
}

/** Where everything lies that the benchmark makes. */
export const dataFolder = scriptPath('.data');

/** The collection of that size, generated where it is missing. */
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

/** The `.npy` with the collection's vectors, made where it is missing. */
export async function mergeVectors(collection: Collection, python: Python): Promise<string> {
  const path = `${collection.folder}.npy`;
  if (!existsSync(path)) {
    await requireRoom(dataFolder, collection);
    await python.run('merge.py', collection.folder, path);
  }
  return path;
}

// As generate.py names them.
function filmName(number: number): string {
  return `Film.${String(number).padStart(3, '0')}`;
}
