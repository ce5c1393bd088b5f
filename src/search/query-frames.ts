/**
 * Finds the frames that were typed (a film; and an index, a filename or a moment), and reads their vectors. Each film
 * is opened and inflated once.
 */
import type { Collection } from '../collection/collection.js';
import type { Film, FilmEntry } from '../collection/film.js';
import type { FrameName } from '../collection/frame-name.js';
import { NamedFilms } from '../collection/named-films.js';
import { isSameName } from '../collection/names.js';
import { resolveFilm } from '../collection/resolve-film.js';
import type { Engine } from '../engine/engine.js';
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
import { commandLine, isPrintedAs, shellLine } from '../escape.js';
import type { FilmRows } from '../search-index/film-rows.js';
import type { SearchIndex } from '../search-index/open-index.js';
import { parseMoment, parseMomentName } from '../times/moments.js';
import { firstOf } from '../word-lists.js';
import { fromIndex, type SearchContext } from './context.js';
import type { FrameRef } from './question.js';

/** A frame that exists. */
export interface Frame extends FrameRef {
  readonly filename: string;
}

/** The films opened for the frames of a search's questions. */
export interface QueryFrames {
  readonly opened: ReadonlyMap<FilmEntry, Film>;
  /** The film of this name, or at this path. The same film is always the same object. */
  film(name: string): FilmEntry;
  /** Errors: those of `resolveFilm`, `resolveFrame` and `openFilm`. */
  resolve(name: FrameName): Promise<Frame>;
  /** Copies of the frames' rows, each [dim of its film], or the error of reading the film. Each film is read once. */
  read(frames: readonly FrameRef[]): Promise<ReadonlyMap<FrameRef, Float32Array | GialloError>>;
  /** The same, but a row may come before its film's checksum is known: nothing of it counts before `check`. */
  readEarly: QueryFrames['read'];
  /** Errors: those of reading the films of these frames. */
  check(frames: readonly FrameRef[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens films when their frames are asked for, or takes filenames and rows from the index. `named` receives the films,
 * and has those of questions before. The caller closes it in the end.
 */
export function openQueryFrames(
  collection: Collection,
  context: SearchContext,
  index?: SearchIndex | undefined,
  named = new NamedFilms(collection),
): QueryFrames {
  const { engine } = context;
  if (engine) {
    const { filenames, rows } = engine;
    const source = {
      film: (name: string) => filmInEngine(engine, name),
      filenames,
      rows,
      check: async () => {},
    };
    return { opened: new Map(), ...framesOf(source, context), close: async () => {} };
  }
  const opened = new Map<FilmEntry, Film>();
  const held = new Set<Film>();
  let heldBytes = 0;

  // The code that reads archives is loaded only if one is read: with an index, that is seldom.
  const open = async (entry: FilmEntry) => {
    const [{ openFilm }, { heldBytesLimit, holdFilm }] = await Promise.all([
      import('../collection/film.js'),
      import('../collection/held-rows.js'),
    ]);
    const film = opened.get(entry) ?? (await openFilm(entry, context.reading));
    if (opened.has(entry)) return film;
    heldBytes += film.frames * film.dim * Float32Array.BYTES_PER_ELEMENT;
    const kept = heldBytes <= heldBytesLimit ? holdFilm(film, context.signal) : film;
    if (kept !== film) held.add(kept);
    opened.set(entry, kept);
    return kept;
  };

  const readFilenames = async (entry: FilmEntry) =>
    (await fromIndex(index, entry, (film) => film.rows().filenames())) ??
    (await (await open(entry)).readFilenames()).filenames;
  const readVectors = async (entry: FilmEntry, indices: readonly number[]) => {
    const indexed = await fromIndex(index, entry, (film) => indices.map((i) => readRow(film.rows(), i)));
    if (indexed) return indexed;
    const film = await open(entry);
    const { readRowsAt } = await import('../collection/held-rows.js');
    return readRowsAt(film, indices, { signal: context.signal, isEarly: held.has(film) });
  };
  const check = async (entry: FilmEntry) => {
    const film = opened.get(entry);
    if (film === undefined || !held.has(film)) return;
    const { readToEnd } = await import('../collection/held-rows.js');
    await readToEnd(film);
  };
  const film = (name: string) => named.take(name);

  return {
    opened,
    ...framesOf({ film, filenames: readFilenames, rows: readVectors, check }, context),
    async close() {
      for (const film of opened.values()) await film.close();
    },
  };
}

/** A folder or an engine, from which films and their frames are read. */
interface FrameSource {
  film(name: string): FilmEntry;
  filenames(film: FilmEntry): Promise<readonly string[]>;
  /** Copies of rows, in the order of `indices`; nothing of them counts before `check`. */
  rows(film: FilmEntry, indices: readonly number[]): Promise<readonly Float32Array[]>;
  /** Errors: those of reading the film. */
  check(film: FilmEntry): Promise<void>;
}

function framesOf(source: FrameSource, { times }: SearchContext): Omit<QueryFrames, 'opened' | 'close'> {
  const momentIndex = async (film: FilmEntry, frame: string) => {
    const seconds = parseMomentName(frame);
    if (seconds === undefined || !times) return undefined;
    const { frameNearest } = await import('../times/film-times.js');
    const index = frameNearest(await times.require(film), seconds);
    if (index >= 0) return index;
    throw new GialloError('frame-unknown', `${film.name}: the film has no frames`);
  };
  /** The error, with another hint if the word for a frame names a film, as in `similar Sintel 66 Bunny`. */
  const namingFilm = (error: GialloError, word: string) => {
    const { code, message } = error;
    if (code !== 'frame-unknown' || !/\p{L}/u.test(word)) return error;
    if (catchGialloSync(() => source.film(word)) instanceof GialloError) return error;
    const film = shellLine([word]);
    const inFilm = shellLine(word.startsWith('-') ? [`--in=${word}`] : ['--in', word]);
    const hint = `${film} is a film: ${inFilm} searches in it, ${film}:0 asks about its first frame`;
    return new GialloError(code, message, { hint });
  };
  const filenames = new Map<FilmEntry, readonly string[]>();
  const readWith = async (
    frames: readonly FrameRef[],
    rowsOf: (film: FilmEntry, indices: readonly number[]) => Promise<readonly Float32Array[]>,
  ) => {
    const rows = new Map<FrameRef, Float32Array | GialloError>();
    for (const film of filmsOf(frames)) {
      const mine = frames.filter((frame) => frame.film === film);
      const indices = mine.map((frame) => frame.index);
      const vectors = await catchGiallo(() => rowsOf(film, indices));
      mine.forEach((frame, i) => {
        rows.set(frame, vectors instanceof GialloError ? vectors : vectors[i]);
      });
    }
    return rows;
  };
  return {
    film: source.film,
    async resolve({ film: name, frame, range }) {
      const film = source.film(name);
      const known = filenames.get(film) ?? (await source.filenames(film));
      filenames.set(film, known);
      const typed = { film: name.includes('/') ? name : film.name, frame: range };
      const index =
        (await momentIndex(film, String(frame))) ??
        catchGialloSync(() => resolveFrame(film.name, known, String(frame), typed));
      if (index instanceof GialloError) throw namingFilm(index, String(frame));
      return { film, index, filename: known[index] };
    },
    read: (frames) =>
      readWith(frames, async (film, indices) => {
        const rows = await source.rows(film, indices);
        await source.check(film);
        return rows;
      }),
    readEarly: (frames) => readWith(frames, source.rows),
    async check(frames) {
      for (const film of filmsOf(frames)) await source.check(film);
    },
  };
}

function filmsOf(frames: readonly FrameRef[]): ReadonlySet<FilmEntry> {
  return new Set(frames.map(({ film }) => film));
}

function readRow(rows: FilmRows, index: number): Float32Array {
  const row = new Float32Array(rows.meta.dim);
  rows.readRows(index, row);
  return row;
}

/** The film of this name in an engine. Errors: those of `resolveFilm`, with a hint if a shard is missing. */
function filmInEngine(engine: Engine, name: string): FilmEntry {
  const film = catchGialloSync(() => resolveFilm(engine.collection, name));
  if (!(film instanceof GialloError)) return film;
  const [missing] = engine.missingAtFirst;
  if (!missing || film.code !== 'film-unknown') throw film;
  throw new GialloError(film.code, film.message, {
    hint: `shard ${missing.shard} of the cluster does not answer: the film may be there`,
  });
}

/**
 * The index of the frame that `text` names in `film`. A whole number is always an index, negative from the end.
 * Anything else, also `000041` or `name:41`, is a filename: the whole one, then in either Unicode form, then without
 * its ending, then a part of it. `typed` is how errors name the film, a path if it was given by path, and the frame, a
 * range if it is one of several. Errors: `frame-unknown`, `frame-ambiguous` (with the indices).
 */
export function resolveFrame(
  film: string,
  filenames: readonly string[],
  text: string,
  typed: { readonly film?: string; readonly frame?: string | undefined } = {},
): number {
  return /^-?(0|[1-9][0-9]*)$/.test(text)
    ? byIndex(film, filenames, text, typed.frame)
    : byFilename(film, filenames, text, typed.film);
}

function byIndex(film: string, filenames: readonly string[], text: string, typed = text): number {
  const number = Number(text);
  const index = number < 0 ? filenames.length + number : Math.abs(number);
  if (index >= 0 && index < filenames.length) return index;
  if (filenames.length === 0) {
    throw new GialloError('frame-unknown', `${film}: the film has no frames`);
  }
  const range = `from 0 to ${filenames.length - 1} (or -1 to -${filenames.length})`;
  throw new GialloError('frame-unknown', `${film}: expected an index ${range}, found ${typed}`, {
    hint: `name:${typed} asks for a filename`,
  });
}

function byFilename(film: string, filenames: readonly string[], text: string, typedFilm = film): number {
  const wanted = text.startsWith('name:') ? text.slice('name:'.length) : text;
  const part = wanted.normalize('NFC');
  const rules: ((filename: string) => boolean)[] = [
    (filename) => filename === wanted,
    (filename) => isPrintedAs(filename, wanted),
    (filename) => isSameName(filename, wanted),
    (filename) => isSameName(filename.replace(/\.[^.]*$/, ''), wanted),
    (filename) => part !== '' && filename.normalize('NFC').includes(part),
  ];
  for (const fits of rules) {
    const found = filenames.flatMap((filename, index) => (fits(filename) ? [index] : []));
    if (found.length === 1) return found[0];
    if (found.length > 1) throw ambiguous(film, wanted, found);
  }
  const problem = /^@-?\d/.test(text)
    ? `${text} is not a moment, and no frame has it in its filename`
    : `no frame has ${JSON.stringify(wanted)} in its filename`;
  throw new GialloError('frame-unknown', `${film}: ${problem}`, { hint: frameHint(text, typedFilm) });
}

function frameHint(text: string, film: string): string {
  if (/^@-?\d/.test(text)) return 'write a moment as @72.5, @1:12.5 or @0:01:12.5';
  if (text.includes(':') && parseMoment(text) !== undefined) return `@${text} asks for a moment`;
  if (/^\d+((\.\.|[,;\s])+\d+)+$/.test(text)) return 'write several frames as 66 67, and a range as 66-70';
  return `\`${commandLine('info', [film], ['--frames'])}\` lists them`;
}

const mostNamed = 20;

function ambiguous(film: string, wanted: string, found: readonly number[]): GialloError {
  const count = `${found.length} with ${JSON.stringify(wanted)} in their filenames`;
  const message = `${film}: expected one frame, found ${count}: ${firstOf(found, mostNamed)}`;
  return new GialloError('frame-ambiguous', message, { hint: 'give the index' });
}
