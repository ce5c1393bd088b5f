/** The filters of a question, as they act on one film. */
import type { FilmLimits } from '../ranking/film-selection.js';
import { closenessOf } from '../ranking/metric.js';
import { type FrameRun, nearRun } from '../ranking/near.js';
import type { Shots } from '../ranking/shots.js';
import type { Filters, FrameRef } from './question.js';

/** The frames of the film at `path` that are left out: those that are asked about, and those near them. */
export function leftOutRuns(
  path: string,
  origin: readonly FrameRef[],
  { excludeNear }: Filters,
  shots: Shots | undefined,
): FrameRun[] {
  return origin
    .filter(({ film }) => film.path === path)
    .map(({ index }) => nearRun(index, excludeNear, shots?.shotOf));
}

/** The limits of what one film may give to an answer. `shots` are needed where they are limited. */
export function limitsOf(
  { k, perFilm, perShot, cutoff, metric }: Filters,
  shots: Shots | undefined,
): FilmLimits {
  return {
    limit: Math.min(k, perFilm ?? k),
    minCloseness: cutoff === undefined ? undefined : closenessOf(metric, cutoff),
    perShot: shots && perShot !== undefined ? { limit: perShot, shotOf: shots.shotOf } : undefined,
  };
}
