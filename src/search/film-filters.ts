/** The filters of a question, as they act on one film. */
import type { FilmLimits } from '../ranking/film-selection.js';
import { closenessOf } from '../ranking/metric.js';
import type { Shots } from '../ranking/shots.js';
import type { Filters, FrameRef } from './question.js';

/** Marks the frames of the film at `path` that are asked about, and those near them, as left out: with NaN. */
export function leaveOutNear(
  closeness: Float64Array,
  path: string,
  origin: readonly FrameRef[],
  { excludeNear }: Filters,
  shots: Shots | undefined,
): void {
  for (const { film, index } of origin) {
    if (film.path !== path) continue;
    if (excludeNear !== 'shot') {
      closeness.fill(Number.NaN, Math.max(0, index - excludeNear), index + excludeNear + 1);
    } else if (shots) {
      const { shotOf } = shots;
      closeness.fill(Number.NaN, shotOf.indexOf(shotOf[index]), shotOf.lastIndexOf(shotOf[index]) + 1);
    }
  }
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
