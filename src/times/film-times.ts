/**
 * The time of each frame of a film, from an interval and the filenames, or from an array of seconds; and the times in
 * answers: `seconds` beside `index`.
 */
import { formatMoment } from './moments.js';
import type { Rate } from './rates.js';

/** How far apart the frames of a film are, and where its video is. */
export interface TimeEntry {
  /** Seconds from one screenshot to the next (`interval`), or screenshots in a second (`fps`). */
  readonly interval?: number | undefined;
  readonly fps?: number | undefined;
  /** The time of the first frame, in seconds; 0 by default. */
  readonly start?: number | undefined;
  /** The path of the video. */
  readonly video?: string | undefined;
  /** The video's own frame rate. */
  readonly rate?: Rate | undefined;
}

/** The sources of times; the first one that exists is used. */
type TimeSource = 'option' | 'archive' | 'films.json';

export interface FilmTimes {
  readonly source: TimeSource;
  /** What the interval is multiplied by to give a frame's time; null if the archive contains the times. */
  readonly counted: 'filenames' | 'index' | null;
  /** Seconds, one for each frame. */
  readonly seconds: Float64Array;
  /** Seconds that a frame stands for: the interval, or the median difference of the archive's times. */
  readonly step: number;
  /** The path of the video and its frame rate, where they are known. */
  readonly video: string | null;
  readonly rate: Rate | null;
}

/** The times of frames that are an interval apart; undefined if the entry has neither `interval` nor `fps`. */
export function timesByInterval(
  entry: TimeEntry,
  filenames: readonly string[],
  source: TimeSource,
): FilmTimes | undefined {
  const { interval, fps, start = 0 } = entry;
  if (interval === undefined && fps === undefined) return undefined;
  const numbers = growingNumbers(filenames);
  const seconds = Float64Array.from(filenames, (_, index) => {
    const steps = numbers ? numbers[index] - numbers[0] : index;
    return toNanoseconds(start + (interval === undefined ? steps / (fps as number) : steps * interval));
  });
  const step = interval ?? 1 / (fps as number);
  return { source, counted: numbers ? 'filenames' : 'index', seconds, step, ...videoOf(entry) };
}

/** The times that an archive contains. */
export function timesOfArchive(seconds: Float64Array, entry: TimeEntry): FilmTimes {
  return { source: 'archive', counted: null, seconds, step: medianStep(seconds), ...videoOf(entry) };
}

function videoOf({ video, rate }: TimeEntry): Pick<FilmTimes, 'video' | 'rate'> {
  return { video: video ?? null, rate: rate ?? null };
}

/**
 * The numbers at the end of filenames (`film_000041.jpg`), if all filenames have one and the numbers increase: then a
 * missing number means a missing frame. Undefined otherwise.
 */
export function growingNumbers(filenames: readonly string[]): Float64Array | undefined {
  const numbers = new Float64Array(filenames.length);
  for (const [i, filename] of filenames.entries()) {
    const digits = /(\d{1,15})$/.exec(filename.replace(/\.[A-Za-z][A-Za-z0-9]*$/, ''))?.[1];
    if (digits === undefined) return undefined;
    numbers[i] = Number(digits);
    if (i > 0 && numbers[i] <= numbers[i - 1]) return undefined;
  }
  return numbers;
}

/** The frame whose time is nearest to `seconds`; of two that are equally near, the first. -1 if there is no frame. */
export function frameNearest({ seconds }: FilmTimes, moment: number): number {
  let nearest = -1;
  for (const [index, one] of seconds.entries()) {
    if (nearest < 0 || Math.abs(one - moment) < Math.abs(seconds[nearest] - moment)) nearest = index;
  }
  return nearest;
}

/** The end of a film as its frames give it: one step after the last frame. */
export function endOf({ seconds, step }: FilmTimes): number {
  let last = 0;
  for (const one of seconds) last = Math.max(last, one);
  return last + step;
}

/** Rounds to nanoseconds, since 3 x 0.4 is 1.2000000000000002 in float64. */
function toNanoseconds(seconds: number): number {
  return Math.round(seconds * 1e9) / 1e9;
}

function medianStep(seconds: Float64Array): number {
  const steps = seconds
    .slice(1)
    .map((one, i) => one - seconds[i])
    .filter((step) => step > 0)
    .sort();
  return steps.length === 0 ? 1 : steps[Math.floor((steps.length - 1) / 2)];
}

/** Times as a text that `timesOfText` reads back to the same numbers. The video is left out: it lies on one machine. */
export function textOfTimes({ seconds, video: _, ...rest }: FilmTimes): string {
  return JSON.stringify({ ...rest, seconds: [...seconds] });
}

/** The times that `textOfTimes` has written; their video is not known. */
export function timesOfText(text: string): FilmTimes {
  const { seconds, ...rest } = JSON.parse(text);
  return { ...rest, seconds: Float64Array.from(seconds), video: null };
}

/** The times of films by the names that they have in an answer. */
export type TimesByName = ReadonlyMap<string, FilmTimes>;

/** The times of those films for which `timesOf` has any. Errors: those of `timesOf`. */
export async function timesByName<Film extends { readonly name: string }>(
  films: Iterable<Film>,
  timesOf: (film: Film) => Promise<FilmTimes | undefined>,
): Promise<TimesByName> {
  const times = new Map<string, FilmTimes>();
  for (const film of films) {
    const found = await timesOf(film);
    if (found) times.set(film.name, found);
  }
  return times;
}

/** The seconds of a frame; undefined if they are not known. */
export function secondsOf(times: TimesByName, film: string, index: number): number | undefined {
  return times.get(film)?.seconds[index];
}

/** The moment of a frame as text; null if it is not known. */
export function momentOf(times: TimesByName, film: string, index: number): string | null {
  const seconds = secondsOf(times, film, index);
  return seconds === undefined ? null : formatMoment(seconds);
}

/** The names of all films in a report, except skipped ones. */
export function filmNames(value: unknown, names = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return names;
  if (Array.isArray(value)) {
    for (const item of value) filmNames(item, names);
    return names;
  }
  const record = value as Readonly<Record<string, unknown>>;
  if (typeof record.film === 'string') names.add(record.film);
  for (const key of Object.keys(record)) if (key !== 'skipped') filmNames(record[key], names);
  return names;
}

/**
 * A copy of a report with times: each record of a frame (`film` and `index`) or of a run of frames (`film` and `first`)
 * gets `seconds`, and each record of two frames (`otherIndex`) gets `otherSeconds`. A record of a frame without a film
 * belongs to the film of the record that contains it. Frames without a known time stay as they are.
 */
export function withSeconds<T>(value: T, times: TimesByName, films: FilmsAround = {}): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => withSeconds(item, times, films)) as T;
  const record = value as Readonly<Record<string, unknown>>;
  const film = typeof record.film === 'string' ? record.film : films.film;
  const other = typeof record.other === 'string' ? record.other : films.other;
  const copy = Object.fromEntries(
    Object.entries(record).map(([key, member]) => [key, withSeconds(member, times, { film, other })]),
  );
  const secondsAt = (film: string | undefined, index: unknown, filename: unknown) =>
    film !== undefined && typeof index === 'number' && typeof filename === 'string'
      ? secondsOf(times, film, index)
      : undefined;
  const seconds = secondsAt(film, record.index ?? record.first, record.filename);
  const otherSeconds = secondsAt(other, record.otherIndex, record.otherFilename);
  return {
    ...copy,
    ...(seconds !== undefined && { seconds }),
    ...(otherSeconds !== undefined && { otherSeconds }),
  } as T;
}

/** The films of records that do not name one. */
interface FilmsAround {
  readonly film?: string | undefined;
  readonly other?: string | undefined;
}
