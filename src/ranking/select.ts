/** Which frames of one film go into the answer: every filter that can be decided within the film. */
import type { Hit } from './hit.js';
import { TopK } from './top-k.js';

export interface FilmLimits {
  /** At most so many hits from this film. */
  readonly limit: number;
  /** Nothing less close than this. */
  readonly minCloseness?: number | undefined;
  /** At most so many hits from any one shot; `shotOf` has the shot of each frame. */
  readonly perShot?: { readonly limit: number; readonly shotOf: Int32Array } | undefined;
}

/**
 * The closest frames of one film, closest first. `closeness` has one value a frame; NaN marks frames that are left
 * out (the question's own, near ones, rows that are not finite).
 */
export function selectFromFilm(film: number, closeness: Float64Array, limits: FilmLimits): Hit[] {
  const top = new TopK(limits.limit);
  const candidates = limits.perShot ? bestOfShots(film, closeness, limits.perShot) : undefined;
  const floor = limits.minCloseness ?? Number.NEGATIVE_INFINITY;
  if (candidates) {
    for (const hit of candidates) if (hit.closeness >= floor) top.offer(hit);
    return top.sorted();
  }
  for (let index = 0; index < closeness.length; index++) {
    const value = closeness[index];
    if (value >= floor && !top.excludes(value)) top.offer({ film, index, closeness: value });
  }
  return top.sorted();
}

/** The `limit` closest frames of each shot. */
function bestOfShots(
  film: number,
  closeness: Float64Array,
  { limit, shotOf }: NonNullable<FilmLimits['perShot']>,
): Hit[] {
  const shots = new Map<number, TopK>();
  for (let index = 0; index < closeness.length; index++) {
    const value = closeness[index];
    if (Number.isNaN(value)) continue;
    const shot = shots.get(shotOf[index]) ?? new TopK(limit);
    shots.set(shotOf[index], shot);
    if (!shot.excludes(value)) shot.offer({ film, index, closeness: value });
  }
  return [...shots.values()].flatMap((top) => top.sorted());
}
