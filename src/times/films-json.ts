/**
 * `films.json` in a data folder: how far apart the frames of each film are, and where its video is.
 * `{"v": 1, "films": {"<film>": {"interval": 0.4, "start": 0, "video": "../films/Sintel.mp4", "rate": "24/1"}},
 * "default": {...}}`. `default` is for films without an entry, and completes entries without `interval` and `fps`.
 */
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isFilmFile, unicodeForms, withoutFilmEnding, withoutVideoEnding } from '../collection/names.js';
import { GialloError } from '../errors.js';
import { readTextFile } from '../npz/text-file.js';
import { startOfJson } from '../word-lists.js';
import type { TimeEntry } from './film-times.js';
import { mostSeconds } from './moments.js';
import { parseRate } from './rates.js';

/** The entries of a `films.json`. */
export interface FilmsJson {
  readonly path: string;
  /** What is known of a film by its entry and the default; undefined if there is neither. Errors: `input-malformed`. */
  entry(film: string): TimeEntry | undefined;
  /**
   * The name of an entry that was perhaps meant for a film without one: it differs from the film's name only in case,
   * or in the ending of a video or a film, and it is the name of no film.
   */
  likeNameOf(film: string): string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a folder's `films.json`; undefined if there is none. Errors: `input-malformed` if it is not such a file
 * (entries are checked when they are asked for), `file-unreadable`, `size-absurd`.
 */
export async function readFilmsJson(folder: string): Promise<FilmsJson | undefined> {
  const path = join(folder, 'films.json');
  const text = await readTextFile(path, maxBytes, 'input-malformed');
  if (text === undefined) return undefined;
  const { films = {}, default: usual } = parse(path, text);
  const entries = new Map<string, unknown>();
  for (const [name, entry] of Object.entries(films as Json)) entries.set(name.normalize('NFC'), entry);
  const keyOf = (name: string) => spellingsOf(name).find((one) => entries.has(one));
  return {
    path,
    entry(film) {
      const key = keyOf(film.normalize('NFC'));
      const own = key === undefined ? undefined : checkEntry(path, `films: ${key}`, entries.get(key));
      if (usual === undefined || (own?.interval ?? own?.fps) !== undefined) return own;
      const { start, video, rate, ...step } = checkEntry(path, 'default', usual);
      return { ...step, start: own?.start ?? start, video: own?.video ?? video, rate: own?.rate ?? rate };
    },
    likeNameOf(film) {
      const name = film.normalize('NFC');
      if (keyOf(name) !== undefined) return undefined;
      const bare = (one: string) => withoutVideoEnding(withoutFilmEnding(one)).toLowerCase();
      const isFilm = (one: string) =>
        spellingsOf(one)
          .flatMap((file) => (isFilmFile(file) ? unicodeForms(join(folder, file)) : []))
          .some((path) => existsSync(path));
      return [...entries.keys()].find((one) => bare(one) === bare(name) && !isFilm(one));
    },
  };
}

/** The keys that an entry may have: people who write the file by hand may write the name of the film's file. */
function spellingsOf(film: string): string[] {
  return [film, `${film}.npz`, `${film}.npy`];
}

/**
 * Writes what is known of a film into the folder's `films.json`, which is replaced as a whole. Other keys and entries
 * stay as they are, in their order. `interval` replaces `fps`, and `fps` replaces `interval`. If several processes
 * write at the same time, each adds its own keys. Errors: as `readFilmsJson`, `file-unwritable`, `dump-locked`.
 */
export async function writeFilmEntry(folder: string, film: string, entry: FilmEntryText): Promise<string> {
  // The code that writes is loaded only for writing, since every question reads a `films.json`.
  const { withLock } = await import('../files/lock.js');
  return withLock(folder, () => addEntry(folder, film, entry), patienceMs);
}

/**
 * How long to wait for the lock. Writing an entry takes an instant, so a lock that is held for longer is that of a
 * dump.
 */
const patienceMs = 5000;

async function addEntry(folder: string, film: string, entry: FilmEntryText): Promise<string> {
  const [{ writeWhole }, { removeFromJson, setInJson }] = await Promise.all([
    import('../files/outputs.js'),
    import('./edit-json.js'),
  ]);
  const path = join(folder, 'films.json');
  const before = await readTextFile(path, maxBytes, 'input-malformed');
  const known = before === undefined ? {} : parse(path, before);
  const films = known.films as Json | undefined;
  const name =
    spellingsOf(film.normalize('NFC'))
      .map((spelling) => Object.keys(films ?? {}).findLast((one) => one.normalize('NFC') === spelling))
      .find((one) => one !== undefined) ?? film;
  const found = films && Object.hasOwn(films, name) ? films[name] : undefined;
  if ((found ?? null) !== null && !isObject(found))
    throw unusable(path, `films: ${name}: expected an object`);
  let text = before ?? '{\n  "v": 1,\n  "films": {}\n}\n';
  if (entry.interval !== undefined) text = removeFromJson(text, ['films', name, 'fps']);
  if (entry.fps !== undefined) text = removeFromJson(text, ['films', name, 'interval']);
  const values = Object.entries(entry).flatMap(([key, value]) => {
    if (value === undefined) return [];
    return [[key, key === 'video' ? videoBeside(folder, String(value)) : value] as const];
  });
  if (!found) text = setInJson(text, ['films', name], Object.fromEntries(values));
  else for (const [key, value] of values) text = setInJson(text, ['films', name, key], value);
  await writeWhole(path, text);
  return path;
}

/** An entry as it is written: `rate` as text. */
interface FilmEntryText {
  readonly interval?: number | undefined;
  readonly fps?: number | undefined;
  readonly start?: number | undefined;
  readonly video?: string | undefined;
  readonly rate?: string | undefined;
}

/** A path relative to the folder, with `/`, so that both can be moved together. */
function videoBeside(folder: string, video: string): string {
  return relative(resolve(folder), resolve(video)).split(sep).join('/') || video;
}

/** The most bytes of a `films.json`: more than any list of films has, and less than a string can hold. */
const maxBytes = 1 << 28;

const shape = '{"v": 1, "films": {"<film>": {"interval": <seconds>}}}';

function parse(path: string, text: string): Json {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw unusable(path, `not JSON: ${(cause as Error).message.replaceAll('\n', ' ')}`, cause);
  }
  if (!isObject(json) || json.v !== 1) throw unusable(path, `expected ${shape}`);
  if (json.films !== undefined && !isObject(json.films)) throw unusable(path, '"films" is not an object');
  return json;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const within = (value: unknown, least: number, most: number) =>
  typeof value === 'number' && value >= least && value <= most;

const keys: Readonly<Record<keyof TimeEntry, { takes: string; accepts: (value: unknown) => boolean }>> = {
  interval: {
    takes: 'seconds, above 0',
    accepts: (value) => within(value, Number.MIN_VALUE, mostSeconds),
  },
  fps: {
    takes: 'screenshots a second, above 0',
    accepts: (value) => within(value, 1 / mostSeconds, Number.MAX_VALUE),
  },
  start: { takes: 'seconds, from 0', accepts: (value) => within(value, 0, mostSeconds) },
  video: { takes: 'a path', accepts: (value) => typeof value === 'string' && value !== '' },
  rate: {
    takes: 'a frame rate, such as "24/1" or "30000/1001"',
    accepts: (value) =>
      (typeof value === 'string' || typeof value === 'number') && parseRate(String(value)) !== undefined,
  },
};

function checkEntry(path: string, place: string, entry: unknown): TimeEntry {
  if (!isObject(entry)) throw unusable(path, `${place}: expected an object`);
  for (const [key, { takes, accepts }] of Object.entries(keys)) {
    if (entry[key] === undefined || accepts(entry[key])) continue;
    throw malformed(path, `${place}: ${key} takes ${takes}; found ${startOfJson(entry[key])}`);
  }
  const { interval, fps, start, video, rate } = entry as { [Key in keyof TimeEntry]: number & string };
  if (interval !== undefined && fps !== undefined)
    throw malformed(path, `${place}: interval and fps cannot both be given`);
  return {
    interval,
    fps,
    start,
    video: video === undefined ? undefined : resolve(dirname(path), video),
    rate: rate === undefined ? undefined : parseRate(String(rate)),
  };
}

/** The error for a file, or an entry in it, that is no object. giallo does not write into such a file either. */
function unusable(path: string, problem: string, cause?: unknown): GialloError {
  const hint =
    'docs/times.md shows its format; correct it, or move it away and write a new one with `giallo times <film> --fps <x>`';
  return new GialloError('input-malformed', `${path}: ${problem}`, { hint, cause });
}

function malformed(path: string, problem: string): GialloError {
  const hint = 'docs/times.md shows its format; `giallo times <film> --fps <x>` writes it';
  return new GialloError('input-malformed', `${path}: ${problem}`, { hint });
}
