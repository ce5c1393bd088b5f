/**
 * Finds the screenshot of a frame. Names of films and frames come from archives and may contain any characters. A name
 * that could lead out of the folder is never made into a path, and a link that leads out is not followed.
 */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { isSameName, withoutFilmEnding, withoutVideoEnding } from '../collection/names.js';
import { fileError, GialloError, unlessMachine } from '../errors.js';
import { openWithRetries } from '../files/open-files.js';

/** A frame by its names in a report. */
export interface NamedPicture {
  readonly film: string;
  readonly filename: string;
}

/** A folder of screenshots. */
export interface PictureFolder {
  readonly folder: string;
  /**
   * The path of the frame's screenshot: `<folder>/<film>/<filename>`, the film with or without its video ending, else
   * `<folder>/<filename>`, each name in either Unicode form. Null if there is none, if a name contains `..`, a
   * backslash or a control character, or if links lead out of the folder.
   */
  find(frame: NamedPicture): Promise<string | null>;
}

/**
 * Opens a folder of screenshots, and lists it once. A folder that does not exist counts as empty, unless `isRequired`.
 * Errors: `usage` (required and missing), `file-unreadable`.
 */
export async function openPictureFolder(
  folder: string,
  { isRequired }: { readonly isRequired: boolean },
): Promise<PictureFolder> {
  const entries = await listFolder(folder, isRequired);
  if (entries === undefined) return { folder, find: async () => null };
  const root = await realpath(folder);
  const listings = new Map<string, Promise<Listing>>();
  return {
    folder,
    async find({ film, filename }) {
      const file = safeSegments(filename);
      if (file === undefined) return null;
      const places = [...foldersOf(film, entries), []].map((place) => [...place, ...file]);
      for (const segments of places) {
        const path = join(folder, ...segments);
        if (await isFileInside(root, path)) return path;
      }
      for (const segments of places) {
        const path = await spelledOnDisk(folder, segments, listings);
        if (path !== undefined && (await isFileInside(root, path))) return path;
      }
      return null;
    },
  };
}

/** The names in a folder, by their composed Unicode form. */
type Listing = ReadonlyMap<string, string>;

/** The path below `folder` whose names are the segments, in any Unicode form; undefined if there is none. */
async function spelledOnDisk(
  folder: string,
  segments: readonly string[],
  listings: Map<string, Promise<Listing>>,
): Promise<string | undefined> {
  // ASCII has only one Unicode form.
  if (segments.every((segment) => /^[ -~]*$/.test(segment))) return undefined;
  let path = folder;
  for (const segment of segments) {
    const listing = listings.get(path) ?? readListing(path);
    listings.set(path, listing);
    const name = (await listing).get(segment.normalize('NFC'));
    if (name === undefined) return undefined;
    path = join(path, name);
  }
  return path;
}

async function readListing(folder: string): Promise<Listing> {
  const names = await openWithRetries(() => readdir(folder)).catch(unlessMachine<string[]>([]));
  return new Map(names.map((name) => [name.normalize('NFC'), name]));
}

/**
 * The bytes of a picture; undefined if it cannot be read, or is empty, as after a download that broke off. Errors:
 * `open-files-limit`, `memory-exhausted`.
 */
export async function readPicture(path: string): Promise<Buffer | undefined> {
  const bytes = await openWithRetries(() => readFile(path)).catch(unlessMachine(undefined));
  return bytes?.length === 0 ? undefined : bytes;
}

async function listFolder(folder: string, isRequired: boolean): Promise<readonly string[] | undefined> {
  try {
    return await openWithRetries(() => readdir(folder));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw fileError('read', folder, cause);
    if (!isRequired) return undefined;
    const problem = code === 'ENOENT' ? 'no such folder' : 'a file, not a folder';
    throw new GialloError('usage', `${folder}: ${problem}`, { cause });
  }
}

/** The entries of the folder that may hold the film's pictures, the exact name first. */
function foldersOf(film: string, entries: readonly string[]): string[][] {
  // The name of a film that was given by its path is that path.
  const name = withoutFilmEnding(basename(film));
  const bare = withoutVideoEnding(name);
  const isAlike = (entry: string) => isSameName(entry, name) || isSameName(withoutVideoEnding(entry), bare);
  const alike = entries.filter((entry) => entry !== name && isAlike(entry));
  return [name, ...alike].flatMap((entry) => (entries.includes(entry) ? [[entry]] : []));
}

/** The parts of a relative path that stays below its start; undefined for any other path. */
function safeSegments(name: string): string[] | undefined {
  const segments = name.split('/');
  return segments.every(isSafeSegment) ? segments : undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafeCharacters = /[\\\u0000-\u001f\u007f-\u009f]/;

function isSafeSegment(segment: string): boolean {
  return segment !== '' && segment !== '.' && segment !== '..' && !unsafeCharacters.test(segment);
}

/**
 * Whether `path`, with all links followed, is a regular file below `root`. (Reading a pipe or a device could block.)
 */
async function isFileInside(root: string, path: string): Promise<boolean> {
  try {
    const real = await realpath(path);
    return real.startsWith(root.endsWith(sep) ? root : root + sep) && (await stat(real)).isFile();
  } catch {
    return false;
  }
}
