/**
 * A collection: a folder of `.npz` (and `.npy`) files, one a film. Finding them reads the folder and nothing else;
 * what is in a file is learnt when it is opened.
 */
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileError, GialloError, ifNotUtf8, orUndefined } from '../errors.js';
import type { FilmEntry } from './film.js';
import { compareCodePoints, isArrayFile, isFilmFile, withoutFilmEnding } from './names.js';

/** The films of a folder, in code point order of their names. */
export interface Collection {
  readonly folder: string;
  readonly films: readonly FilmEntry[];
  /** Files that are not read because another file has the film of their name, such as an `.npy` beside an `.npz`. */
  readonly shadowed: readonly string[];
  /** True if the films are in an engine, `folder` is its address, and their paths name no files. */
  readonly isRemote?: boolean;
}

/**
 * Lists the films of a folder: not its subfolders, not dotfiles; symbolic links are followed, and a dangling one stays
 * in the list, so that reading it reports the problem. Errors: `collection-missing`, `file-unreadable`.
 */
export async function openCollection(folder: string): Promise<Collection> {
  // Calling `join` for a thousand films would take longer than listing them.
  const start = join(folder, 'film').slice(0, -'film'.length);
  const candidates = listFolder(folder)
    .filter(({ name }) => isFilmFile(name) && !name.startsWith('.'))
    .filter((entry) => isFileOrLinkToOne(start, entry))
    .map(({ name }): FilmEntry => ({ name: withoutFilmEnding(name), path: start + name }));
  const films = new Map<string, FilmEntry>();
  for (const film of candidates) {
    const other = films.get(film.name);
    if (!other || order(film) < order(other)) films.set(film.name, film);
  }
  return {
    folder,
    films: [...films.values()].sort((a, b) => compareCodePoints(a.name, b.name)),
    shadowed: candidates
      .filter((film) => films.get(film.name) !== film)
      .map(({ path }) => basename(path))
      .sort(compareCodePoints),
  };
}

/** Of files of one name the first is the film: an `.npz` before an `.npy`, small letters before capitals. */
function order({ path }: FilmEntry): number {
  return (isArrayFile(path) ? 2 : 0) + (/[A-Z]\w*$/.test(path) ? 1 : 0);
}

/** Synchronous calls: the promises of the file system take longer to load than a folder takes to read. */
function listFolder(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw fileError('read', folder, cause);
    throw new GialloError(
      'collection-missing',
      `${folder}: ${code === 'ENOENT' ? 'no such folder' : 'a file, not a folder'}${ifNotUtf8(folder)}`,
      { cause, hint: 'name the folder of films with --data <dir> or in $GIALLO_DATA' },
    );
  }
}

function isFileOrLinkToOne(start: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return orUndefined(() => statSync(start + entry.name).isFile()) ?? true;
}
