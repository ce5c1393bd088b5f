/**
 * Finding the screenshot of a frame. Film and file names come out of archives and may hold anything: a name that
 * could lead out of the folder is never made into a path, and a link that does lead out is not followed.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { withoutFilmEnding, withoutVideoEnding } from '../collection/names.js';
import { fileError, GialloError } from '../errors.js';

/** A frame by the names it goes by in a report. */
export interface NamedPicture {
  readonly film: string;
  readonly filename: string;
}

/** A folder of screenshots. */
export interface PictureFolder {
  readonly folder: string;
  /**
   * The path of the frame's screenshot: `<folder>/<film>/<filename>`, the film with or without its video ending, else
   * `<folder>/<filename>`. Null where there is none, where a name holds `..`, a backslash or a control character, and
   * where links lead out of the folder.
   */
  find(frame: NamedPicture): Promise<string | null>;
}

/**
 * Opens a folder of screenshots; it is listed once. A folder that does not exist holds none, unless `isRequired`.
 * Errors: `usage` (required and missing), `file-unreadable`.
 */
export async function openPictureFolder(
  folder: string,
  { isRequired }: { readonly isRequired: boolean },
): Promise<PictureFolder> {
  const entries = await listFolder(folder, isRequired);
  if (entries === undefined) return { folder, find: async () => null };
  const root = await realpath(folder);
  return {
    folder,
    async find({ film, filename }) {
      const file = safeSegments(filename);
      if (file === undefined) return null;
      for (const place of [...foldersOf(film, entries), []]) {
        const path = join(folder, ...place, ...file);
        if (await isFileInside(root, path)) return path;
      }
      return null;
    },
  };
}

async function listFolder(folder: string, isRequired: boolean): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw fileError('read', folder, cause);
    if (!isRequired) return undefined;
    const found = code === 'ENOENT' ? 'nothing there' : 'a file';
    throw new GialloError('usage', `${folder}: expected a folder of screenshots, found ${found}`, { cause });
  }
}

/** The entries of the folder that may hold the film's pictures, the exact name first. */
function foldersOf(film: string, entries: readonly string[]): string[][] {
  // A film that was named by its path carries that path for a name.
  const name = withoutFilmEnding(basename(film));
  const bare = withoutVideoEnding(name);
  const alike = entries.filter((entry) => entry !== name && withoutVideoEnding(entry) === bare);
  return [name, ...alike].flatMap((entry) => (entries.includes(entry) ? [[entry]] : []));
}

/** The parts of a relative path that stays below where it starts; undefined for every other name. */
function safeSegments(name: string): string[] | undefined {
  const segments = name.split('/');
  return segments.every(isSafeSegment) ? segments : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafeCharacters = /[\\\u0000-\u001f\u007f-\u009f]/;

function isSafeSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !unsafeCharacters.test(segment);
}

/** Whether `path`, all links followed, is a regular file below `root`: a pipe or device would block whoever reads it. */
async function isFileInside(root: string, path: string): Promise<boolean> {
  try {
    const real = await realpath(path);
    return real.startsWith(root.endsWith(sep) ? root : root + sep) && (await stat(real)).isFile();
  } catch {
    return false;
  }
}
