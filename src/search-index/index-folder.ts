/** Where search indexes lie: in the user's cache, never beside the data, which may be read-only or someone else's. */
import { realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { GialloError, withFileError } from '../errors.js';
import { hashOf } from '../files/file-names.js';

/**
 * The folder of one collection's index, whatever link or relative path its data folder is named by. The data folder may
 * be gone.
 */
export function indexFolder(root: string, dataFolder: string): string {
  return join(root, hashOf(withoutLinks(resolve(dataFolder))));
}

/**
 * Whether the folder of an index exists. Errors: `file-unwritable` if it or the folder of all indexes is a file,
 * `file-unreadable` if that cannot be seen.
 */
export function hasIndexFolder(folder: string): boolean {
  for (const path of [dirname(folder), folder]) {
    const found = withFileError('read', path, () => statSync(path, { throwIfNoEntry: false }));
    if (found === undefined) return false;
    if (found.isDirectory()) continue;
    throw new GialloError('file-unwritable', `${path}: the search index needs a folder there, found a file`, {
      hint: '$GIALLO_CACHE names another folder',
    });
  }
  return true;
}

/** An absolute path with the links in it resolved, as far as it exists. */
function withoutLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    return join(withoutLinks(parent), basename(path));
  }
}

/** The name of a film's index files without the ending: readable, valid on any file system, different for each film. */
export function filmFileStem(film: string): string {
  return `${film.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 80)}-${hashOf(film)}`;
}
