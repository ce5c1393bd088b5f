/** Films that meet: every two once, and where it is asked for each with itself, in one pass of pair tasks. */
import type { Metric } from '../../ranking/metric.js';
import type { SearchContext } from '../context.js';
import type { BatchFilm } from './batch-films.js';
import type { Collect, PairResult, PairTask, TaskFilm } from './pair-task.js';
import { type PlannedTask, runTasks } from './run-tasks.js';

/** How the films meet. */
export interface Meeting {
  readonly metric: Metric;
  /** Each film with itself as well. */
  readonly withSelf: boolean;
  /** In a film with itself: leave out pairs of frames within so many rows, or of one shot. */
  readonly excludeNear: number | 'shot';
  /** What to keep of two films, asked when their turn comes. */
  collect(a: BatchFilm, b: BatchFilm): Collect;
  /** Takes what was found; `a` is never after `b` in the order of the films. Pairs of films come in any order. */
  take(a: BatchFilm, b: BatchFilm, found: PairResult): void;
}

/** Scores all pairs of frames of all pairs of `films`. Errors: those of `runTasks`. */
export async function meetFilms(
  films: readonly BatchFilm[],
  { metric, withSelf, excludeNear, collect, take }: Meeting,
  context: SearchContext,
): Promise<void> {
  const tasks = films.flatMap((a, i) =>
    films.slice(withSelf ? i : i + 1).map(
      (b): PlannedTask => ({
        cost: scoringCost(a, b),
        build: () => ({ ...taskFilms(a, b), metric, excludeNear, collect: collect(a, b) }),
        take: (found) => take(a, b, found),
      }),
    ),
  );
  await runTasks(tasks, context);
}

/** Multiplications that the scores of two films take. */
export function scoringCost(a: BatchFilm, b: BatchFilm): number {
  return a.frames * b.frames * a.dim;
}

/** Two films as a task needs them. */
export function taskFilms(a: BatchFilm, b: BatchFilm): Pick<PairTask, 'a' | 'b'> {
  return { a: taskFilm(a), b: taskFilm(b) };
}

function taskFilm({ entry, checksum, shots, indexed, held }: BatchFilm): TaskFilm {
  return { entry, checksum, shotOf: shots.shotOf, indexed, held };
}
