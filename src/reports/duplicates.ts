/** `giallo duplicates`: frames that are the same picture or nearly so, in groups. */
import { groupBy } from '../group-by.js';
import { areNear, type Nearness } from '../ranking/near.js';
import type { Searched, SkippedFilm } from '../search/answer.js';
import { type BatchFilm, type BatchFilms, FrameNumbers } from '../search/batch/batch-films.js';
import { packFilms, roles } from '../search/batch/film-block.js';
import { type FrameGroup, JoinedFrames } from '../search/batch/joined-frames.js';
import type { SearchContext } from '../search/context.js';
import {
  type AskedAboutPairs,
  answerAboutPairs,
  type FilmPairsRequest,
  rolesOfFrames,
} from './film-pairs.js';

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
  /** The least score of a pair that joins the group; 1 if only equal bytes join it. */
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
  /** The moment of its first frame in the film, where times are known. */
  readonly seconds?: number;
}

interface DuplicatesRequest extends FilmPairsRequest {
  /** Cosine at or above which two frames are joined. */
  readonly minScore: number;
  /** Frames of one film are joined only across shots, or when more than so many rows apart. */
  readonly excludeNear: Nearness;
  /** Join frames of different films only. */
  readonly acrossFilms: boolean;
}

/**
 * Frames joined through each other into groups: two frames are joined at or above `minScore`, or where they are equal
 * byte for byte (all-zero rows and rows with NaN, too). Errors: `films-skipped` if no film could be read, and those of
 * reading the films.
 */
export function duplicates(
  request: DuplicatesRequest,
  context: SearchContext = {},
): Promise<DuplicatesReport> {
  return answerAboutPairs(askDuplicates, request, context);
}

/** The question that `duplicates` asks of films that are measured. */
export function askDuplicates(
  { films, skipped, searched }: BatchFilms,
  request: DuplicatesRequest,
): AskedAboutPairs<DuplicatesReport> {
  const { minScore, maxScore, excludeNear, acrossFilms } = request;
  const numbers = new FrameNumbers(films);
  const joined = new JoinedFrames(numbers.count);
  const roleOf = rolesOfFrames(request, !acrossFilms);
  return {
    question: {
      blocks: packFilms(films, roleOf),
      excludeNear,
      ceiling: maxScore,
      collect: () => ({ kind: 'groups', floor: minScore }),
      take({ forward: { from, to, closeness } }) {
        for (let i = 0; i < from.length; i++) joined.join(from[i], to[i], closeness[i]);
      },
    },
    async answer() {
      // Equal frames score 1.
      if (maxScore === undefined || maxScore >= 1)
        for (const same of equalScorelessRows(films, roleOf)) joinEqual(same, request, numbers, joined);
      const groups = joined.groups().map((group, i) => groupRow(group, i, numbers));
      return { v: 1, minScore, searched, skipped, groups };
    },
  };
}

interface FrameOfFilm {
  readonly film: BatchFilm;
  readonly index: number;
  readonly isAsked: boolean;
}

/** Rows without a direction that are equal byte for byte, each set in the order of films and frames. */
function equalScorelessRows(
  films: readonly BatchFilm[],
  roleOf: (film: BatchFilm, index: number) => number,
): Iterable<readonly FrameOfFilm[]> {
  const frames = films.flatMap((film) =>
    [...film.scorelessRows].flatMap(([index, digest]) => {
      const role = roleOf(film, index);
      return role === 0 ? [] : { film, index, digest, isAsked: (role & roles.asked) > 0 };
    }),
  );
  return groupBy(frames, ({ digest }) => digest).values();
}

/**
 * Joins equal rows that are not too near to each other. Each row is tried only with the first and the last row, of all
 * and of those asked about. This joins as much as all pairs would: a row that is too near to both ends is too near to
 * every row between them.
 */
function joinEqual(
  same: readonly FrameOfFilm[],
  { acrossFilms, excludeNear }: DuplicatesRequest,
  numbers: FrameNumbers,
  joined: JoinedFrames,
): void {
  const asked = same.filter(({ isAsked }) => isAsked);
  const ends = [same, asked]
    .flatMap((some) => [some[0], some[some.length - 1]])
    .filter((end) => end !== undefined);
  for (const one of same) {
    const partner = ends.find((end) => {
      if (!one.isAsked && !end.isAsked) return false;
      if (one.film !== end.film) return true;
      return !acrossFilms && !areNear(excludeNear, one.film.shots.shotOf)(one.index, end.index);
    });
    if (!partner) continue;
    const [a, b] = [one, partner].map(({ film, index }) => numbers.numberOf(film, index));
    if (a !== b) joined.join(a, b, 1);
  }
}

function groupRow({ frames, weakest }: FrameGroup, i: number, numbers: FrameNumbers): DuplicateGroup {
  const films = new Set(frames.map((frame) => numbers.placeOf(frame))).size;
  return { group: i + 1, frames: frames.length, films, weakest, runs: runsOf(frames, numbers) };
}

function runsOf(frames: readonly number[], numbers: FrameNumbers): FrameRun[] {
  const runs: { film: string; first: number; last: number; filename: string }[] = [];
  let before = -1;
  for (const frame of frames) {
    const { entry, filenames } = numbers.filmOf(frame);
    const index = numbers.indexOf(frame);
    const isNext = before === frame - 1 && index > 0;
    const run = isNext ? runs.at(-1) : undefined;
    if (run) run.last = index;
    else runs.push({ film: entry.name, first: index, last: index, filename: filenames[index] });
    before = frame;
  }
  return runs;
}
