/**
 * The names of a film's frames: from the archive's array of names, from a file beside an `.npy`, else row numbers.
 */
import { GialloError } from '../errors.js';
import { type ArrayFile, checkExactSize, type StoredArray } from '../npz/array-file.js';
import { openIfThere } from '../npz/byte-source.js';
import type { StringType } from '../npz/dtypes.js';
import { elementCount, type NpyHeader } from '../npz/header.js';
import { maxNameBytes, readStrings } from '../npz/names.js';
import { namesAsTextLine } from '../npz/python-lines.js';
import { readTextFile } from '../npz/text-file.js';
import { type FilmWarning, namesForFrames, type WarningCode } from './film-warning.js';
import { isArrayFile, unicodeForms, withoutFilmEnding } from './names.js';

export interface FilmNames {
  /** One for each frame. Names may repeat, and may hold any characters: check them before they become paths. */
  readonly filenames: readonly string[];
  readonly warnings: readonly FilmWarning[];
}

/**
 * Reads the names of the film in `file`. Errors: those of the archive; for a file of names beside an `.npy`,
 * `shape-mismatch` if it has another number of names, `names-unreadable` if it is damaged, `file-unreadable` if the
 * `.npy` has changed since it was opened, since these may then be the names of another film.
 */
export async function readNames(
  file: ArrayFile,
  array: StoredArray | undefined,
  frames: number,
): Promise<FilmNames> {
  if (array !== undefined) return namesOfArray(array, frames);
  const { path } = file;
  const beside = isArrayFile(path) ? await namesBeside(path) : undefined;
  if (beside === undefined) {
    if (frames === 0) return { filenames: [], warnings: [] };
    // The same words for all films, so that their warnings become one.
    const missing = isArrayFile(path) ? 'no .txt or .json of names beside it' : 'no filenames array';
    return rowNumbers(frames, 'names-missing', `${path}: ${missing}; using row numbers`);
  }
  await file.requireUnchanged();
  // Editors leave empty lines at the end of a text.
  while (beside.path.endsWith('.txt') && beside.names.length > frames && beside.names.at(-1) === '')
    beside.names.pop();
  if (beside.names.length !== frames) {
    const found = namesForFrames(beside.names.length, frames);
    throw new GialloError('shape-mismatch', `${beside.path}: ${found}`);
  }
  requireText(beside.names, beside.path);
  return { filenames: beside.names, warnings: [] };
}

async function namesOfArray(array: StoredArray, frames: number): Promise<FilmNames> {
  const { dtype, place } = array;
  if (frames === 0) return { filenames: [], warnings: [] };
  if (dtype.kind === 'unicode' || dtype.kind === 'bytes') return namesOfStrings(array, dtype, frames);
  if (dtype.kind === 'object') return namesOfPickle(array, frames);
  // Read for its CRC-32: the type may be nonsense only because the header is damaged.
  for await (const _ of array.readData());
  const message = `${place}: the names are ${dtype.label}, not strings; using row numbers`;
  const hint = dtype.kind === 'unsupported' ? undefined : mendNames(array);
  return rowNumbers(frames, 'names-unreadable', message, hint);
}

async function namesOfStrings(array: StoredArray, dtype: StringType, frames: number): Promise<FilmNames> {
  checkExactSize(array);
  const { place } = array;
  if (dtype.itemBytes > maxNameBytes) {
    const message = `${place}: names of up to ${dtype.itemBytes} bytes (${dtype.label}); at most ${maxNameBytes} are read`;
    throw new GialloError('size-absurd', message, { hint: mendNames(array) });
  }
  const { strings: filenames, isLatin1 } = await readStrings(dtype, frames, array.readData(), place);
  requireText(filenames, place, mendNames(array));
  const ordered = inRowOrder(filenames, array.header);
  if (!isLatin1) return { filenames: ordered, warnings: [] };
  const message = `${place}: some names are bytes that are not UTF-8; read as Latin-1`;
  return { filenames: ordered, warnings: [{ code: 'names-latin1', message, hint: mendNames(array) }] };
}

/**
 * The names of an array of several axes as numpy's `ravel` orders them; in Fortran order the first axis comes fastest.
 */
function inRowOrder(stored: readonly string[], { shape, fortranOrder }: NpyHeader): readonly string[] {
  if (!fortranOrder || shape.length < 2) return stored;
  const steps = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const places = shape.reduce<readonly number[]>(
    (starts, length, axis) =>
      starts.flatMap((start) => Array.from({ length }, (_, n) => start + n * steps[axis])),
    [0],
  );
  return places.map((place) => stored[place]);
}

/** A pickle, or a file of names, is in memory as a whole, and its strings beside it. */
const maxNamesBytes = 1 << 28;

async function namesOfPickle(array: StoredArray, frames: number): Promise<FilmNames> {
  const { place, rawBytes } = array;
  const hint = `if you trust the file, ${mendNames(array)}`;
  if (rawBytes > maxNamesBytes) {
    const message = `${place}: the names are a Python pickle of ${rawBytes} bytes; at most ${maxNamesBytes} are read`;
    throw new GialloError('size-absurd', message, { hint });
  }
  const { readPickledNames } = await import('../npz/pickled-names.js');
  const filenames = readPickledNames(await wholeData(array), frames);
  if (filenames === undefined) {
    const message = `${place}: the names are a Python pickle that giallo cannot read; using row numbers`;
    // An object that is no array, such as a set, has the shape (), and no order that is sure to be that of the frames.
    const isArray = array.header.shape.length > 0;
    return rowNumbers(frames, 'names-pickled', message, isArray ? hint : undefined);
  }
  requireText(filenames, place, hint);
  const message = `${place}: the names are a Python pickle, read without running it`;
  return { filenames, warnings: [{ code: 'names-pickled', message, hint }] };
}

function mendNames(array: StoredArray): string {
  return `to save the names as text, run: ${namesAsTextLine(array)}`;
}

/** Refuses names with code points that are no characters: written to any file, they would become other names. */
function requireText(filenames: readonly string[], place: string, hint?: string): void {
  const frame = filenames.findIndex((name) => /\p{Surrogate}/u.test(name));
  if (frame < 0) return;
  const what = 'holds half of a surrogate pair, which Python makes of bytes that are not UTF-8';
  throw new GialloError('names-unreadable', `${place}: the name of frame ${frame} is not text: it ${what}`, {
    hint,
  });
}

function rowNumbers(frames: number, code: WarningCode, message: string, hint?: string): FilmNames {
  const filenames = Array.from({ length: frames }, (_, row) => String(row));
  return { filenames, warnings: [{ code, message, ...(hint !== undefined && { hint }) }] };
}

/** A whole array, gathered as it arrives: no memory is reserved for its declared size, which may be wrong. */
async function wholeData(array: StoredArray): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of array.readData()) pieces.push(piece.slice());
  return Buffer.concat(pieces);
}

/**
 * `<name>.txt` (one name a line) or `<name>.json` (an array of strings) beside `<name>.npy`. JSON of another kind, such
 * as the film itself that `giallo convert` has written there, is passed over.
 */
async function namesBeside(path: string): Promise<{ path: string; names: string[] } | undefined> {
  const stem = withoutFilmEnding(path);
  for (const lines of unicodeForms(`${stem}.txt`)) {
    const text = await readTextFile(lines, maxNamesBytes, 'names-unreadable');
    if (text !== undefined) return { path: lines, names: splitLines(text) };
  }
  for (const json of unicodeForms(`${stem}.json`)) {
    const isArray = await beginsAsArray(json);
    const text = isArray ? await readTextFile(json, maxNamesBytes, 'names-unreadable') : undefined;
    if (text !== undefined) return { path: json, names: parseNames(json, text) };
  }
  return undefined;
}

/** Looks only at the first bytes: a film as JSON may be larger than a string can be. */
async function beginsAsArray(path: string): Promise<boolean> {
  const source = await openIfThere(path);
  if (source === undefined) return false;
  try {
    const start = Buffer.from(await source.read(0, Math.min(64, source.size)));
    // In UTF-16 too, which is refused later.
    return /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*\[/.test(start.toString('latin1'));
  } finally {
    await source.close();
  }
}

/** Lines end as on Linux, Windows, or old Macs: a carriage return alone ends one where there is no line feed at all. */
function splitLines(text: string): string[] {
  const lines = text.split(text.includes('\n') ? /\r?\n/ : '\r');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function parseNames(path: string, text: string): string[] {
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch (cause) {
    throw new GialloError('names-unreadable', `${path}: not JSON`, { cause });
  }
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names;
  throw new GialloError('names-unreadable', `${path}: not an array of strings`);
}
