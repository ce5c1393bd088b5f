/**
 * Which rows of the engine may be in the answer. For each row the engine computes an interval that holds its canonical
 * closeness, and it returns a page of the rows with the highest upper ends. This module decides which rows of the page
 * must be scored, and whether rows beyond the page might matter too.
 *
 * The limits (for all rows, for each film, for each shot) are nested: sets of rows within them are a laminar matroid
 * (Edmonds 1971). So at each level, the worst lower end of the greedy choice by lower ends is a bound: no row of the
 * answer is worse. A row whose upper end is below the bound of its shot, of its film or of all rows is not in the
 * answer, and leaving it out changes the place of no other row.
 */
import { groupBy } from '../group-by.js';

/** A row with the interval of its closeness; larger is closer. */
export interface BoundedRow {
  /** Ordinal of its film among the films asked. */
  readonly film: number;
  readonly shot: number;
  readonly low: number;
  readonly high: number;
}

export interface Limits {
  readonly k: number;
  readonly perFilm?: number | undefined;
  readonly perShot?: number | undefined;
}

/** The most rows of a page: in all, of a film, of a shot. */
export type PageSize = Readonly<Required<{ [Key in keyof Limits]: number }>>;

/**
 * Judges a page, whose rows are in descending order of their upper ends: the `candidates` are its rows that may be in
 * the answer, no row with an upper end below `floor` is in the answer, and rows beyond the page may be unless it
 * `isComplete`.
 */
export function judgePage<Row extends BoundedRow>(page: readonly Row[], limits: Limits, size: PageSize) {
  const { floor, ofFilm, ofShot } = floorsOf(page, limits);
  const floorOfFilm = (row: Row) => Math.max(floor, ofFilm(row));
  const floorOf = (row: Row) => Math.max(floorOfFilm(row), ofShot(row));
  // A row that the page leaves out may be in any shot of its film, so no bound of a shot applies to it.
  const isCut = (rows: readonly Row[], limit: number, least: (row: Row) => number) => {
    const last = rows.at(-1);
    return last !== undefined && rows.length >= limit && last.high >= least(last);
  };
  const filmsCut = [...groupBy(page, ({ film }) => film).values()].some((rows) =>
    isCut(rows, size.perFilm, floorOfFilm),
  );
  const shotsCut = [...groupBy(page, shotKey).values()].some((rows) => isCut(rows, size.perShot, floorOf));
  const isComplete =
    !isCut(page, size.k, () => floor) &&
    !(limits.perFilm !== undefined && filmsCut) &&
    !(limits.perShot !== undefined && shotsCut);
  return { candidates: page.filter((row) => row.high >= floorOf(row)), floor, isComplete };
}

/** The first rows of `sorted`, best first, that the limits let through. */
export function withinLimits<Row extends Pick<BoundedRow, 'film' | 'shot'>>(
  sorted: Iterable<Row>,
  { k, perFilm = Number.POSITIVE_INFINITY, perShot = Number.POSITIVE_INFINITY }: Limits,
): Row[] {
  const ofFilm = new Map<number, number>();
  const ofShot = new Map<string, number>();
  const taken: Row[] = [];
  for (const row of sorted) {
    if (taken.length >= k) break;
    const key = shotKey(row);
    const films = ofFilm.get(row.film) ?? 0;
    const shots = ofShot.get(key) ?? 0;
    if (films >= perFilm || shots >= perShot) continue;
    ofFilm.set(row.film, films + 1);
    ofShot.set(key, shots + 1);
    taken.push(row);
  }
  return taken;
}

const none = Number.NEGATIVE_INFINITY;

function floorsOf(page: readonly BoundedRow[], { k, perFilm, perShot }: Limits) {
  const byLow = [...page].sort((a, b) => b.low - a.low);
  const worst = (rows: readonly BoundedRow[], limit: number) =>
    rows.length >= limit ? (rows[limit - 1]?.low ?? none) : none;
  const films = new Map<number, number>();
  const shots = new Map<string, number>();
  if (perFilm !== undefined) {
    for (const [film, rows] of groupBy(byLow, (row) => row.film)) {
      films.set(film, worst(withinLimits(rows, { k: perFilm, perShot }), perFilm));
    }
  }
  if (perShot !== undefined) {
    for (const [shot, rows] of groupBy(byLow, shotKey)) shots.set(shot, worst(rows, perShot));
  }
  return {
    floor: worst(withinLimits(byLow, { k, perFilm, perShot }), k),
    ofFilm: ({ film }: BoundedRow) => films.get(film) ?? none,
    ofShot: (row: BoundedRow) => shots.get(shotKey(row)) ?? none,
  };
}

function shotKey({ film, shot }: Pick<BoundedRow, 'film' | 'shot'>): string {
  return `${film}:${shot}`;
}
