/** `giallo duplicates`: frames that are the same picture or nearly so, in groups. */
import type { FilmEntry } from '../collection/film.js';
import { type BatchFilm, measureFilms } from '../search/batch/batch-films.js';
import { pairsOfFilms, taskFilm } from '../search/batch/film-pairs.js';
import { pairOutsideNear } from '../search/batch/near.js';
import { type PlannedTask, runTasks } from '../search/batch/run-tasks.js';
import { UnionFind } from '../search/batch/union-find.js';
import type { SearchContext } from '../search/context.js';
import type { Searched, SkippedFilm } from '../search/search.js';

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
  /** The least score of a pair that joins the group; 1 for frames that are equal byte for byte. */
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

export const duplicatesDefaults = { minScore: 0.98, excludeNear: 'shot', acrossFilms: false } as const;

/**
 * Frames joined through each other into groups: two frames are joined at or above `minScore`, or where they are equal
 * byte for byte (all-zero rows and rows with NaN, too). Errors: those of reading the films.
 */
export async function duplicates(
  request: DuplicatesRequest,
  context: SearchContext = {},
): Promise<DuplicatesReport> {
  const { films, skipped, searched } = await measureFilms(request.films, request.shotThreshold, context);
  const joined = new JoinedFrames(films);
  const meetings = [...pairsOfFilms(films, { withSelf: !request.acrossFilms })];
  const tasks = meetings.map(
    ([a, b]): PlannedTask => ({
      build: () => ({
        a: taskFilm(a),
        b: taskFilm(b),
        metric: 'cosine',
        excludeNear: request.excludeNear,
        collect: { kind: 'groups', floor: request.minScore },
      }),
      take({ forward: { from, to, closeness } }) {
        for (let i = 0; i < from.length; i++) joined.join(a, from[i], b, to[i], closeness[i]);
      },
    }),
  );
  await runTasks(tasks, tasks.length, context);
  joinEqualRows(films, request, joined);
  return { v: 1, minScore: request.minScore, searched, skipped, groups: joined.groups() };
}

/** All frames of all films, numbered through, in sets that grow together. */
class JoinedFrames {
  readonly #films: readonly BatchFilm[];
  readonly #offsets: ReadonlyMap<BatchFilm, number>;
  readonly #sets: UnionFind;
  readonly #weakest = new Map<number, number>();

  constructor(films: readonly BatchFilm[]) {
    this.#films = films;
    let frames = 0;
    const offsets = new Map<BatchFilm, number>();
    for (const film of films) {
      offsets.set(film, frames);
      frames += film.frames;
    }
    this.#offsets = offsets;
    this.#sets = new UnionFind(frames);
  }

  join(a: BatchFilm, indexA: number, b: BatchFilm, indexB: number, score: number): void {
    const roots = [this.#number(a, indexA), this.#number(b, indexB)].map((frame) => this.#sets.find(frame));
    const weakest = Math.min(score, ...roots.map((root) => this.#weakest.get(root) ?? 1));
    this.#weakest.set(this.#sets.union(roots[0], roots[1]), weakest);
  }

  /** The sets of two frames or more: largest first, then by their first frame. */
  groups(): DuplicateGroup[] {
    const members = new Map<number, { film: BatchFilm; index: number }[]>();
    for (const film of this.#films) {
      for (let index = 0; index < film.frames; index++) {
        const root = this.#sets.find(this.#number(film, index));
        if (!this.#weakest.has(root)) continue;
        const known = members.get(root);
        if (known) known.push({ film, index });
        else members.set(root, [{ film, index }]);
      }
    }
    return [...members]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([root, frames], i) => ({
        group: i + 1,
        frames: frames.length,
        films: new Set(frames.map(({ film }) => film)).size,
        weakest: this.#weakest.get(root) as number,
        runs: runsOf(frames),
      }));
  }

  #number(film: BatchFilm, index: number): number {
    return (this.#offsets.get(film) as number) + index;
  }
}

function runsOf(frames: readonly { readonly film: BatchFilm; readonly index: number }[]): FrameRun[] {
  const runs: { film: string; first: number; last: number; filename: string }[] = [];
  for (const { film, index } of frames) {
    const run = runs.at(-1);
    if (run && run.film === film.entry.name && run.last === index - 1) run.last = index;
    else runs.push({ film: film.entry.name, first: index, last: index, filename: film.filenames[index] });
  }
  return runs;
}

/** Joins rows without a direction that are equal byte for byte: no score would. */
function joinEqualRows(films: readonly BatchFilm[], request: DuplicatesRequest, joined: JoinedFrames): void {
  const byDigest = new Map<string, { film: BatchFilm; index: number }[]>();
  for (const film of films) {
    for (const [index, digest] of film.scorelessRows) {
      const same = byDigest.get(digest) ?? [];
      byDigest.set(digest, [...same, { film, index }]);
    }
  }
  for (const same of byDigest.values()) {
    for (const [i, one] of same.entries()) {
      for (const other of same.slice(i + 1)) {
        if (request.acrossFilms && one.film === other.film) continue;
        const isWanted = pairOutsideNear({
          a: taskFilm(one.film),
          b: taskFilm(other.film),
          excludeNear: request.excludeNear,
        });
        if (isWanted(one.index, other.index)) joined.join(one.film, one.index, other.film, other.index, 1);
      }
    }
  }
}
