/** `giallo duplicates`: frames that are the same picture or nearly so, in groups. */
import type { FilmEntry } from '../collection/film.js';
import type { Searched, SkippedFilm } from '../search/answer.js';
import { type BatchFilm, measureFilms } from '../search/batch/batch-films.js';
import { type Meeting, meetFilms, taskFilms } from '../search/batch/film-pairs.js';
import { type FrameGroup, type FrameOfFilm, JoinedFrames } from '../search/batch/joined-frames.js';
import { pairOutsideNear } from '../search/batch/pair-task.js';
import type { SearchContext } from '../search/context.js';

/** The groups, and the JSON that `giallo duplicates --json` prints. */
export interface DuplicatesReport {
  readonly v: 1;
  readonly minScore: number;
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** Largest first; then by their first frame. */
  readonly groups: readonly DuplicateGroup[];
}

export interface DuplicateGroup {
  /** Number of the group, from 1. */
  readonly group: number;
  readonly frames: number;
  readonly films: number;
  /** The least score of a pair that joins the group; 1 where only equal bytes join it. */
  readonly weakest: number;
  readonly runs: readonly FrameRun[];
}

/** Consecutive frames of one film. */
export interface FrameRun {
  readonly film: string;
  readonly first: number;
  readonly last: number;
  /** Of the first frame. */
  readonly filename: string;
}

export interface DuplicatesRequest {
  /** The films to look in. */
  readonly films: readonly FilmEntry[];
  /** Cosine at or above which two frames are joined. */
  readonly minScore: number;
  /** Frames of one film are joined only across shots, or when more than so many rows apart. */
  readonly excludeNear: number | 'shot';
  /** Join frames of different films only. */
  readonly acrossFilms: boolean;
  readonly shotThreshold?: number | undefined;
}

/**
 * Frames joined through each other into groups: two frames are joined at or above `minScore`, or where they are equal
 * byte for byte (all-zero rows and rows with NaN, too). Errors: `films-skipped` where no film could be read, and those
 * of reading the films.
 */
export async function duplicates(
  request: DuplicatesRequest,
  context: SearchContext = {},
): Promise<DuplicatesReport> {
  const { minScore, excludeNear, acrossFilms } = request;
  const { films, skipped, searched } = await measureFilms(request, context);
  const joined = new JoinedFrames(films);
  const meeting: Meeting = {
    metric: 'cosine',
    withSelf: !acrossFilms,
    excludeNear,
    collect: () => ({ kind: 'groups', floor: minScore }),
    take(a, b, { forward: { from, to, closeness } }) {
      for (let i = 0; i < from.length; i++) {
        joined.join({ film: a, index: from[i] }, { film: b, index: to[i] }, closeness[i]);
      }
    },
  };
  await meetFilms(films, meeting, context);
  for (const same of equalScorelessRows(films)) joinEqual(same, request, joined);
  return { v: 1, minScore, searched, skipped, groups: joined.groups().map(groupRow) };
}

/** Rows without a direction that are equal byte for byte, each set in the order of films and frames. */
function equalScorelessRows(films: readonly BatchFilm[]): Iterable<readonly FrameOfFilm[]> {
  const byDigest = new Map<string, FrameOfFilm[]>();
  for (const film of films) {
    for (const [index, digest] of film.scorelessRows) {
      const same = byDigest.get(digest);
      if (same) same.push({ film, index });
      else byDigest.set(digest, [{ film, index }]);
    }
  }
  return byDigest.values();
}

/**
 * Joins equal rows that are not too near to each other. Each is tried with the first and the last of them alone, which
 * joins as much as all pairs would: what is too near to both is too near to everything between.
 */
function joinEqual(
  same: readonly FrameOfFilm[],
  { acrossFilms, excludeNear }: DuplicatesRequest,
  joined: JoinedFrames,
): void {
  const ends = [same[0], same[same.length - 1]];
  for (const one of same) {
    const partner = ends.find((end) => {
      if (one.film !== end.film) return true;
      const isOutsideNear = pairOutsideNear({ ...taskFilms(one.film, end.film), excludeNear });
      return !acrossFilms && one.index !== end.index && isOutsideNear(one.index, end.index);
    });
    if (partner) joined.join(one, partner, 1);
  }
}

function groupRow({ frames, weakest }: FrameGroup, i: number): DuplicateGroup {
  const films = new Set(frames.map(({ film }) => film)).size;
  return { group: i + 1, frames: frames.length, films, weakest, runs: runsOf(frames) };
}

function runsOf(frames: readonly FrameOfFilm[]): FrameRun[] {
  const runs: { film: string; first: number; last: number; filename: string }[] = [];
  let before: FrameOfFilm | undefined;
  for (const { film, index } of frames) {
    const run = before?.film === film && before.index === index - 1 ? runs.at(-1) : undefined;
    if (run) run.last = index;
    else runs.push({ film: film.entry.name, first: index, last: index, filename: film.filenames[index] });
    before = { film, index };
  }
  return runs;
}
