/** Which frames of one film go into the answer: every filter that can be decided within the film. */
import type { Hit } from './hit.js';
import { TopK } from './top-k.js';

export interface FilmLimits {
  /** At most so many hits from this film. */
  readonly limit: number;
  /** Nothing less close than this. */
  readonly minCloseness?: number | undefined;
}

/**
 * The closest frames of one film, closest first. `closeness` has one value a frame; NaN marks frames that are left
 * out (the question's own, near ones, rows that are not finite).
 */
export function selectFromFilm(film: number, closeness: Float64Array, limits: FilmLimits): Hit[] {
  const top = new TopK(limits.limit);
  const floor = limits.minCloseness ?? Number.NEGATIVE_INFINITY;
  for (let index = 0; index < closeness.length; index++) {
    const value = closeness[index] as number;
    if (value >= floor && !top.excludes(value)) top.offer({ film, index, closeness: value });
  }
  return top.sorted();
}
