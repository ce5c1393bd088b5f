/** Which films of a batch meet: every two once, and each with itself where that is asked for. */
import type { BatchFilm } from './batch-films.js';
import type { TaskFilm } from './pair-task.js';

/** All pairs of films, first by first; a film with itself only `withSelf`. */
export function* pairsOfFilms(
  films: readonly BatchFilm[],
  { withSelf, withOthers = true }: { readonly withSelf: boolean; readonly withOthers?: boolean },
): Generator<readonly [BatchFilm, BatchFilm]> {
  for (const [i, a] of films.entries()) {
    if (withSelf) yield [a, a];
    if (withOthers) for (const b of films.slice(i + 1)) yield [a, b];
  }
}

/** A film as a task needs it, with its shots. */
export function taskFilm({ entry, shots }: BatchFilm): TaskFilm {
  return { entry, shotOf: shots.shotOf };
}
