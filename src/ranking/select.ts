/** The frames of one film that go into the answer, when the closeness of all of them is known. */
import { type FilmLimits, FilmSelection } from './film-selection.js';
import type { Hit } from './hit.js';

/**
 * The closest frames of one film within its limits, closest first. `closeness` has one value a frame; NaN marks frames
 * that are left out (the question's own, near ones, rows that are not finite).
 */
export function selectFromFilm(film: number, closeness: Float64Array, limits: FilmLimits): Hit[] {
  const selection = new FilmSelection(film, limits);
  for (let index = 0; index < closeness.length; index++) selection.offer(index, closeness[index]);
  return selection.sorted();
}
