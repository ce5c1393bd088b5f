/**
 * The nearest frames of every frame of many films. Two films that ask about each other are scored once, for both; what
 * was found for films that are not finished is held packed, and a finished film is handed on at once.
 */

import type { Filters } from '../../ranking/film-selection.js';
import { closenessOf, type Metric } from '../../ranking/metric.js';
import { RankedRows } from '../../ranking/ranked-rows.js';
import { isFiniteRow } from '../../ranking/rows.js';
import type { SearchContext } from '../context.js';
import type { BatchFilm } from './batch-films.js';
import { scoringCost, taskFilms } from './film-pairs.js';
import { InOrder } from './in-order.js';
import type { CollectNearest, FramePairs } from './pair-task.js';
import { type PlannedTask, runTasks } from './run-tasks.js';

export interface NearestPlan {
  readonly filters: Filters;
  /** All films, in code point order: a hit names its film by the position here. */
  readonly films: readonly BatchFilm[];
  /** Those whose frames are asked about, in the same order. */
  readonly targets: readonly BatchFilm[];
  /** The films in which the neighbours of a target are looked for. */
  scopeOf(target: BatchFilm): ReadonlySet<BatchFilm>;
}

/** Why a frame cannot be asked about. */
export type UnusableFrame = 'zero' | 'non-finite';

/** Says why no neighbours of a frame can be found; undefined where they can. */
export function unusableFrame(
  { squaredNorms }: BatchFilm,
  index: number,
  metric: Metric,
): UnusableFrame | undefined {
  const norm = squaredNorms[index];
  if (!isFiniteRow(norm)) return 'non-finite';
  return norm === 0 && metric === 'cosine' ? 'zero' : undefined;
}

/**
 * Gives each target, with the hits of each of its frames, to `take`: in the order of the targets, one at a time; no new
 * pair of films is begun while `take` is at work on what it has brought. Errors: those of `runTasks` and of `take`.
 */
export async function findNearest(
  plan: NearestPlan,
  take: (target: BatchFilm, hits: RankedRows) => Promise<void>,
  context: SearchContext,
): Promise<void> {
  const hits = new HitsOfFilms(plan);
  const meetings = meetingsOf(plan);
  const tasksLeft = new Map(plan.targets.map((target) => [target, 0]));
  const countTasks = (film: BatchFilm, change: number) => {
    const left = (tasksLeft.get(film) as number) + change;
    tasksLeft.set(film, left);
    return left;
  };
  for (const { askers } of meetings) for (const film of askers) countTasks(film, 1);
  const finished = new InOrder(plan.targets, (target) => take(target, hits.remove(target)));
  for (const target of plan.targets) if (tasksLeft.get(target) === 0) await finished.ready(target);

  const tasks = meetings.map(
    ({ a, b, askers }): PlannedTask => ({
      cost: scoringCost(a, b),
      build: () => ({
        ...taskFilms(a, b),
        metric: plan.filters.metric,
        excludeNear: plan.filters.excludeNear,
        collect: hits.collect(askers),
      }),
      async take({ forward, backward }) {
        hits.add(a, b, forward);
        if (askers.length === 2) hits.add(b, a, backward);
        for (const film of askers) if (countTasks(film, -1) === 0) await finished.ready(film);
      },
    }),
  );
  await runTasks(tasks, context);
}

/** Two films that meet, or one that meets itself; `askers` are `a` and, where it asks about `a` as well, `b`. */
interface MeetingOfTwo {
  readonly a: BatchFilm;
  readonly b: BatchFilm;
  readonly askers: readonly [BatchFilm] | readonly [BatchFilm, BatchFilm];
}

/**
 * Each film with itself, then film by film against all others of its scope, without what an earlier film has brought for
 * both. A frame is most like those around it: with them found first, few frames of other films can still be of use.
 */
function meetingsOf({ films, targets, scopeOf }: NearestPlan): MeetingOfTwo[] {
  const earlier = new Set<BatchFilm>();
  const asked = new Set(targets);
  const meetings = targets.flatMap((a) => {
    const scope = scopeOf(a);
    const ofA = films.flatMap((b): MeetingOfTwo[] => {
      if (!scope.has(b)) return [];
      const isMutual = a !== b && asked.has(b) && scopeOf(b).has(a);
      if (!isMutual) return [{ a, b, askers: [a] }];
      return earlier.has(b) ? [] : [{ a, b, askers: [a, b] }];
    });
    earlier.add(a);
    return ofA;
  });
  const isWithItself = ({ a, b }: MeetingOfTwo) => a === b;
  return [...meetings.filter(isWithItself), ...meetings.filter((meeting) => !isWithItself(meeting))];
}

/** The hits of all films that are asked about and not finished: k x 16 bytes a frame. */
class HitsOfFilms {
  readonly #plan: NearestPlan;
  readonly #ordinals: ReadonlyMap<BatchFilm, number>;
  readonly #hits = new Map<BatchFilm, RankedRows>();

  constructor(plan: NearestPlan) {
    this.#plan = plan;
    this.#ordinals = new Map(plan.films.map((film, i) => [film, i]));
  }

  /** What is of use to those who ask, after what they have. */
  collect([a, b]: MeetingOfTwo['askers']): CollectNearest {
    const { k, perFilm, perShot } = this.#plan.filters;
    const limit = Math.min(k, perFilm ?? k);
    return {
      kind: 'nearest',
      limit,
      perShot,
      floorsA: this.#floors(a),
      floorsB: b ? this.#floors(b) : undefined,
    };
  }

  add(asker: BatchFilm, found: BatchFilm, { from, to, closeness }: FramePairs): void {
    const hits = this.#of(asker);
    const film = this.#ordinals.get(found) as number;
    for (let i = 0; i < from.length; i++)
      hits.offer(from[i], { film, index: to[i], closeness: closeness[i] });
  }

  remove(film: BatchFilm): RankedRows {
    const hits = this.#of(film);
    this.#hits.delete(film);
    return hits;
  }

  /** Closeness that a hit of each frame needs to be kept; infinite for frames that cannot be asked about. */
  #floors(film: BatchFilm): Float64Array {
    const { metric, cutoff } = this.#plan.filters;
    const least = cutoff === undefined ? Number.NEGATIVE_INFINITY : closenessOf(metric, cutoff);
    const hits = this.#of(film);
    return Float64Array.from({ length: film.frames }, (_, row) =>
      unusableFrame(film, row, metric) ? Number.POSITIVE_INFINITY : Math.max(hits.floorOf(row), least),
    );
  }

  #of(film: BatchFilm): RankedRows {
    const known = this.#hits.get(film);
    if (known) return known;
    const available = [...this.#plan.scopeOf(film)].reduce((sum, { frames }) => sum + frames, 0);
    const hits = new RankedRows(film.frames, Math.min(this.#plan.filters.k, available));
    this.#hits.set(film, hits);
    return hits;
  }
}
