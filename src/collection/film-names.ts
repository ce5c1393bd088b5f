/**
 * The names of a film's frames: from the archive's array of names, from a file beside an `.npy`, else row numbers.
 */
import { open, readFile } from 'node:fs/promises';
import { fileError, GialloError } from '../errors.js';
import { checkExactSize, type StoredArray } from '../npz/array-file.js';
import { decodeStrings } from '../npz/names.js';
import type { FilmWarning, WarningCode } from './film-warning.js';
import { isArrayFile, withoutFilmEnding } from './names.js';

export interface FilmNames {
  /** One a frame; not unique, and nothing a path may be made of unchecked. */
  readonly filenames: readonly string[];
  readonly warnings: readonly FilmWarning[];
}

/**
 * Reads the names of the film at `path`. Errors: `shape-mismatch` where a file beside an `.npy` has another number of
 * names, `names-unreadable` where it is damaged, those of the archive.
 */
export async function readNames(
  path: string,
  array: StoredArray | undefined,
  frames: number,
): Promise<FilmNames> {
  if (array !== undefined) return namesOfArray(array, frames);
  const beside = isArrayFile(path) ? await namesBeside(path) : undefined;
  if (beside === undefined) {
    if (frames === 0) return { filenames: [], warnings: [] };
    return rowNumbers(
      frames,
      'names-missing',
      `${path}: it holds no names, frames are named by their row numbers`,
    );
  }
  if (beside.names.length !== frames) {
    const found = `${beside.names.length} names for ${frames} frames`;
    throw new GialloError('shape-mismatch', `${beside.path}: one name a frame was expected, found ${found}`);
  }
  return { filenames: beside.names, warnings: [] };
}

async function namesOfArray(array: StoredArray, frames: number): Promise<FilmNames> {
  const { dtype, place } = array;
  if (frames === 0) return { filenames: [], warnings: [] };
  if (dtype.kind === 'unicode' || dtype.kind === 'bytes') {
    checkExactSize(array);
    return { filenames: decodeStrings(dtype, await wholeData(array), frames), warnings: [] };
  }
  if (dtype.kind !== 'object') {
    // Read for its CRC-32: the type may be nonsense only because the header is damaged.
    for await (const _ of array.readData());
    const message = `${place}: strings were expected, found ${dtype.label}: frames are named by their row numbers`;
    return rowNumbers(frames, 'names-unreadable', message);
  }
  const { readPickledNames } = await import('../npz/pickled-names.js');
  const filenames = readPickledNames(await wholeData(array), frames);
  const fix = 'save them with filenames=numpy.array([str(f) for f in filenames])';
  if (filenames !== undefined) {
    const message = `${place}: the names are a Python pickle, read without running it; ${fix}`;
    return { filenames, warnings: [{ code: 'names-pickled', message }] };
  }
  const message = `${place}: the names are a Python pickle, frames are named by their row numbers; ${fix}`;
  return rowNumbers(frames, 'names-pickled', message);
}

function rowNumbers(frames: number, code: WarningCode, message: string): FilmNames {
  const filenames = Array.from({ length: frames }, (_, row) => String(row));
  return { filenames, warnings: [{ code, message }] };
}

/** All of an array, gathered as it comes: its declared size is not believed before. */
async function wholeData(array: StoredArray): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of array.readData()) pieces.push(piece.slice());
  return Buffer.concat(pieces);
}

/**
 * `<name>.txt` (one name a line) or `<name>.json` (an array of strings) beside `<name>.npy`. JSON of another kind, such
 * as the film itself that `giallo convert` has written there, is passed over.
 */
async function namesBeside(path: string): Promise<{ path: string; names: readonly string[] } | undefined> {
  const stem = withoutFilmEnding(path);
  const lines = await textOf(`${stem}.txt`);
  if (lines !== undefined) return { path: `${stem}.txt`, names: splitLines(lines) };
  if (!(await beginsAsArray(`${stem}.json`))) return undefined;
  const json = await textOf(`${stem}.json`);
  return json === undefined ? undefined : { path: `${stem}.json`, names: parseNames(`${stem}.json`, json) };
}

/** Looks at its first bytes alone: a film as JSON may be larger than a string can be. */
async function beginsAsArray(path: string): Promise<boolean> {
  const start = Buffer.alloc(64);
  try {
    const file = await open(path);
    try {
      const { bytesRead } = await file.read(start, 0, start.length, 0);
      return /^\uFEFF?\s*\[/.test(start.toString('utf8', 0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw fileError('read', path, error);
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}

function splitLines(text: string): readonly string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function parseNames(path: string, text: string): readonly string[] {
  let names: unknown;
  try {
    names = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new GialloError('names-unreadable', `${path}: an array of strings was expected, found no JSON`, {
      cause,
    });
  }
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new GialloError('names-unreadable', `${path}: an array of strings was expected, found other JSON`);
}
