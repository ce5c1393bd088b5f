/** The moments of frames in answers: `seconds` beside `index`, where a film's times are known. */
import type { FilmTimes } from './film-times.js';

/** The times of films by the names that they have in an answer. */
export type TimesByName = ReadonlyMap<string, FilmTimes>;

/** The seconds of a frame; undefined where they are not known. */
export function secondsOf(times: TimesByName, film: string, index: number): number | undefined {
  return times.get(film)?.seconds[index];
}

/** All names of films in a report but those that were skipped. */
export function filmNames(value: unknown, names = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return names;
  if ('film' in value && typeof value.film === 'string') names.add(value.film);
  for (const [key, member] of Object.entries(value)) if (key !== 'skipped') filmNames(member, names);
  return names;
}

/**
 * A copy of a report in which each record of a frame (`film` and `index`), and of a run of frames (`film` and `first`),
 * has its `seconds`; records of frames without a film of their own are of the film of what they are in. Whatever has no
 * known time stays as it is.
 */
export function withSeconds<T>(value: T, times: TimesByName, film?: string): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => withSeconds(item, times, film)) as T;
  const record = value as Readonly<Record<string, unknown>>;
  const own = typeof record.film === 'string' ? record.film : film;
  const copy = Object.fromEntries(
    Object.entries(record).map(([key, member]) => [key, withSeconds(member, times, own)]),
  );
  const index = record.index ?? record.first;
  const seconds =
    own !== undefined && typeof index === 'number' && typeof record.filename === 'string'
      ? secondsOf(times, own, index)
      : undefined;
  return (seconds === undefined ? copy : { ...copy, seconds }) as T;
}
