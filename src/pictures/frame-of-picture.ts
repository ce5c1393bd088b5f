/** Finds the frame that a screenshot shows, from the screenshot's path. */
import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Collection } from '../collection/collection.js';
import { withFilm } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { type FrameName, printedFrame } from '../collection/frame-name.js';
import { isSameName, withoutVideoEnding } from '../collection/names.js';
import { pathOnDisk } from '../collection/resolve-film.js';
import { catchGiallo, fileError, GialloError } from '../errors.js';

/**
 * The frame whose screenshot is at `path`, or that `--names` prints so. If the path does not contain a folder with a
 * film's name, the filename is looked for in every film. Errors: `file-unreadable` (no such picture), `frame-unknown`
 * (outside the folder, or of no film), `frame-ambiguous` (the filename is in several films).
 */
export async function frameOfPicture(
  path: string,
  folder: string,
  collection: Collection,
  reading: ReadingOptions | undefined,
): Promise<FrameName> {
  const printed = printedFrame(collection, path);
  if (printed) return printed;
  const [first = '', ...rest] = await segmentsBelow(folder, path);
  const bare = withoutVideoEnding(first);
  const film =
    collection.films.find(({ name }) => name === first) ??
    collection.films.find(({ name }) => isSameName(name, first)) ??
    collection.films.find(({ name }) => isSameName(withoutVideoEnding(name), bare));
  if (film && rest.length > 0) return { film: film.name, frame: `name:${rest.join('/')}` };

  const filename = [first, ...rest].join('/');
  const holders = await filmsWith(filename, collection, reading);
  if (holders.length === 1) return { film: holders[0], frame: `name:${filename}` };
  if (holders.length === 0) {
    throw new GialloError('frame-unknown', `${path}: no film has a frame of this name`);
  }
  const listed = holders.slice(0, 10).join(', ');
  throw new GialloError(
    'frame-ambiguous',
    `${path}: ${holders.length} films have a frame of this name: ${listed}`,
    { hint: 'name the film and the frame instead' },
  );
}

/** The path from the folder down to the picture: as typed, or if that does not lead there, with all links followed. */
async function segmentsBelow(folder: string, typed: string): Promise<string[]> {
  const path = pathOnDisk(typed);
  const real = await realpath(path).catch((cause) => {
    const { code, message } = fileError('read', path, cause);
    // Without a folder it is probably the filename of a frame.
    const hint = typed.includes('/') ? undefined : 'name its film before it, or give the path of the picture';
    throw new GialloError(code, message, { hint, cause });
  });
  const root = await realpath(folder).catch(() => resolve(folder));
  for (const [from, to] of [
    [resolve(folder), resolve(path)],
    [root, real],
  ] as const) {
    const segments = relative(from, to).split(sep);
    if (segments[0] !== '..' && to.startsWith(from)) return segments;
  }
  throw new GialloError('frame-unknown', `${path}: the picture is not below ${folder}`, {
    hint: 'name the folder of the pictures with --screenshots <dir> or in $GIALLO_SCREENSHOTS',
  });
}

async function filmsWith(
  filename: string,
  collection: Collection,
  reading: ReadingOptions | undefined,
): Promise<string[]> {
  const holders: string[] = [];
  for (const entry of collection.films) {
    // A film that cannot be read is ignored here; a search in it reports why.
    const names = await catchGiallo(() => withFilm(entry, reading, (film) => film.readFilenames()));
    if (!(names instanceof GialloError) && names.filenames.some((name) => isSameName(name, filename)))
      holders.push(entry.name);
  }
  return holders;
}
