/**
 * A collection: a folder of `.npz` (and `.npy`) files, one a film. Finding them reads the folder and nothing else;
 * what is in a file is learnt when it is opened.
 */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileError, GialloError } from '../errors.js';
import { compareCodePoints } from './code-points.js';
import type { FilmEntry } from './film.js';

/** The films of a folder, in code point order of their names. */
export interface Collection {
  readonly folder: string;
  readonly films: readonly FilmEntry[];
  /** `.npy` files passed over because an `.npz` has the same name. */
  readonly shadowed: readonly string[];
  /** True where the films are in an engine, `folder` is its address, and their paths name no files. */
  readonly isRemote?: boolean;
}

/**
 * Lists the films of a folder: not its subfolders, not dotfiles; symbolic links are followed, and a dangling one
 * stays in the list, so that whoever reads it is told. Errors: `collection-missing`, `file-unreadable`.
 */
export async function openCollection(folder: string): Promise<Collection> {
  const files = (await listFolder(folder)).filter((file) => !file.startsWith('.'));
  const candidates: FilmEntry[] = [];
  for (const file of files) {
    const path = join(folder, file);
    if (/\.np[yz]$/.test(file) && (await isFileOrDangling(path))) {
      candidates.push({ name: file.slice(0, -'.npz'.length), path });
    }
  }
  const archives = new Set(candidates.filter(({ path }) => path.endsWith('.npz')).map(({ name }) => name));
  const isShadowed = ({ path, name }: FilmEntry) => path.endsWith('.npy') && archives.has(name);
  return {
    folder,
    films: candidates.filter((film) => !isShadowed(film)).sort((a, b) => compareCodePoints(a.name, b.name)),
    shadowed: candidates.filter(isShadowed).map(({ path }) => basename(path)),
  };
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw fileError('read', folder, cause);
    throw new GialloError(
      'collection-missing',
      `${folder}: expected a folder of .npz films, found ${code === 'ENOENT' ? 'nothing there' : 'a file'}`,
      { cause, hint: 'name the folder with --data <dir> or in $GIALLO_DATA' },
    );
  }
}

async function isFileOrDangling(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return true;
  }
}
