/**
 * The times of the films of a question, from the first source that has them: the options, an array of the archive,
 * `films.json` beside the film. Each film is looked at once, when it is asked about.
 */
import { basename, dirname } from 'node:path';
import type { Film, FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { isArrayFile, typedName, withoutFilmEnding } from '../collection/names.js';
import { catchGiallo, GialloError } from '../errors.js';
import { commandLine } from '../escape.js';
import { hasArray } from '../npz/zip-directory.js';
import { type FilmTimes, type TimeEntry, timesByInterval, timesOfArchive } from './film-times.js';
import { type FilmsJson, readFilmsJson } from './films-json.js';

export interface TimesSettings {
  readonly reading?: ReadingOptions | undefined;
  /** The array of the archive that holds the seconds; `times` by default. */
  readonly timesKey?: string | undefined;
  /** Given for the films asked about: seconds between screenshots, or screenshots a second. */
  readonly interval?: number | undefined;
  readonly fps?: number | undefined;
  /** The films that these two are for; all where it is undefined. */
  readonly isAskedAbout?: ((film: FilmEntry) => boolean) | undefined;
  /** The folder of the films, for hints: a film that lies elsewhere is named by its path. */
  readonly folder?: string | undefined;
  /** Called once for each file that cannot be used. */
  readonly onProblem?: ((problem: GialloError) => void) | undefined;
}

/** If a file of times is wrong and the times are not needed, `onProblem` is called with the error. */
export interface TimesOfFilms {
  /** The times of a film, where they are known. */
  of(film: FilmEntry): Promise<FilmTimes | undefined>;
  /** The same for work that needs them. Errors: `usage` with what to add, or what is wrong with the file of times. */
  require(film: FilmEntry): Promise<FilmTimes>;
}

interface Found {
  readonly times: FilmTimes | undefined;
  readonly problem: GialloError | undefined;
  /** Of an entry in `films.json` that may have been written for the film. */
  readonly likeName: string | undefined;
}

/** The times of films by these settings; nothing is read before a film is asked about. */
export function openTimes(settings: TimesSettings): TimesOfFilms {
  const films = new Map<string, Promise<Found>>();
  const folders = new Map<string, Promise<FilmsJson | undefined>>();
  const told = new Set<string>();
  const find = (film: FilmEntry) => {
    const known = films.get(film.path) ?? findTimes(film, settings, folders);
    films.set(film.path, known);
    return known;
  };
  const tell = (problem: GialloError | undefined) => {
    if (!problem || told.has(problem.message)) return;
    told.add(problem.message);
    settings.onProblem?.(problem);
  };
  return {
    async of(film) {
      const { times, problem } = await find(film);
      tell(problem);
      return times;
    },
    async require(film) {
      const { times, problem, likeName } = await find(film);
      if (times) {
        tell(problem);
        return times;
      }
      const typed = settings.folder === undefined ? film.name : typedName(film, settings.folder);
      const isGiven = (settings.interval ?? settings.fps) !== undefined;
      throw problem ?? timesMissing(film.name, typed, { likeName, isGiven });
    },
  };
}

async function findTimes(
  film: FilmEntry,
  settings: TimesSettings,
  folders: Map<string, Promise<FilmsJson | undefined>>,
): Promise<Found> {
  let problem: GialloError | undefined;
  const orProblem = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    const found = await catchGiallo(work);
    if (!(found instanceof GialloError)) return found;
    problem ??= found;
    return undefined;
  };
  const folder = dirname(film.path);
  const json = folders.get(folder) ?? readFilmsJson(folder);
  folders.set(folder, json);
  // A film elsewhere may go by its path; in its folder it has its own name.
  const name = withoutFilmEnding(basename(film.path));
  const entry = (await orProblem(async () => (await json)?.entry(name))) ?? {};
  const times = await orProblem(() => timesOfFilm(film, entry, settings));
  const { timesKey } = settings;
  if (timesKey !== undefined && (times === undefined || times.source === 'films.json'))
    problem ??= new GialloError('array-missing', `${film.path}: no array named ${timesKey}`);
  const isByJson = times === undefined || times.source === 'films.json';
  const likeName = problem || !isByJson ? undefined : (await json)?.likeNameOf(name);
  if (times && likeName !== undefined) {
    problem = new GialloError(
      'input-malformed',
      `${(await json)?.path}: the entry ${JSON.stringify(likeName)} is not exactly the name of ${name}, which gets the times of "default"`,
    );
  }
  return { times, problem, likeName };
}

async function timesOfFilm(
  film: FilmEntry,
  entry: TimeEntry,
  settings: TimesSettings,
): Promise<FilmTimes | undefined> {
  const { reading, timesKey, interval, fps, isAskedAbout = () => true } = settings;
  const given =
    (interval ?? fps) !== undefined && isAskedAbout(film) ? { ...entry, interval, fps } : undefined;
  const isTimed = (entry.interval ?? entry.fps) !== undefined;
  if (!given && !isTimed && timesKey === undefined && (await isWithoutTimes(film))) return undefined;
  // What reads films is loaded for those that have times: most have none.
  const { withFilm } = await import('../collection/film.js');
  return withFilm(film, reading, async (opened) => {
    const names = async () => (await opened.readFilenames()).filenames;
    if (given) return timesByInterval(given, await names(), 'option');
    const stored = await readStoredTimes(opened, timesKey);
    if (stored) return timesOfArchive(stored, entry);
    return isTimed ? timesByInterval(entry, await names(), 'films.json') : undefined;
  });
}

/**
 * The seconds of the frames in an array of the archive; undefined if it has no such array. Errors: `shape-mismatch`,
 * `dtype-unsupported`, and those of reading the array.
 */
export async function readStoredTimes(
  film: Film,
  timesKey = usualTimesKey,
): Promise<Float64Array | undefined> {
  const stored = await film.readNumbers(timesKey);
  if (!stored || stored.every((seconds) => Math.abs(seconds) <= mostStored)) return stored;
  throw new GialloError(
    'shape-mismatch',
    `${film.path}: the times of some frames are not finite numbers, or too large for seconds`,
  );
}

/** Large enough for seconds since 1970; beyond this limit, float64 could not tell tenths of a second apart. */
const mostStored = 1e12;

/** The array of the times, where none is named. */
export const usualTimesKey = 'times';

/** Whether the film's file is known to hold no array of times; false if it cannot be read: opening it tells why. */
async function isWithoutTimes({ path }: FilmEntry): Promise<boolean> {
  return !isArrayFile(path) && (await catchGiallo(() => hasArray(path, usualTimesKey))) === false;
}

/**
 * The error for a film without times, which says how to add them. `typed` names the film on a command line; `isGiven`
 * says that `--fps` or `--interval` was given, for other films.
 */
export function timesMissing(
  film: string,
  typed: string,
  { likeName, isGiven = false }: { readonly likeName?: string | undefined; readonly isGiven?: boolean } = {},
): GialloError {
  const entry =
    likeName === undefined
      ? ''
      : `the entry ${JSON.stringify(likeName)} in films.json is not exactly this film’s name; `;
  const once = isGiven
    ? '--fps and --interval are only for the films asked about'
    : '--fps 2.5 gives them for one answer';
  return new GialloError('usage', `${film}: the times of its frames are not known`, {
    hint: `${entry}\`${commandLine('times', [typed], ['--fps', '2.5'])}\` writes them to films.json, for 2.5 screenshots a second; ${once}; or name only films that have times`,
  });
}
