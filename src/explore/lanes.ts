/** Finds the neighbours of every frame in two lanes: its own film without its shot, and the other films. */
import { framesOf, type TopkPlan } from '../reports/topk.js';
import type { BatchFilms } from '../search/batch/batch-films.js';
import { findNearest } from '../search/batch/nearest-frames.js';
import type { PairQuestion } from '../search/batch/run-tasks.js';
import type { SearchContext } from '../search/context.js';

export interface LanesRequest {
  /** How many neighbours each frame has in each lane. */
  readonly k: number;
  /** The most neighbours from any one shot. */
  readonly perShot?: number | undefined;
  readonly minScore?: number | undefined;
  readonly shotThreshold?: number | undefined;
}

const inItsFilm = { isFound: () => false, isFoundByItself: () => true };
const inOtherFilms = { isFound: () => true, isFoundByItself: () => false };

/**
 * A plan that gives each frame its neighbours: those in its own film first, then those in others. `others` are
 * questions about the films that are answered in the same pass.
 */
export function planLanes(
  { films, skipped, searched }: BatchFilms,
  { k, perShot, minScore, shotThreshold }: LanesRequest,
  others: readonly PairQuestion[],
  context: SearchContext,
): TopkPlan {
  const filters = {
    metric: 'cosine',
    ...{ k, perShot, shotThreshold },
    excludeNear: 'shot',
    cutoff: minScore,
  } as const;
  return {
    searched,
    skipped,
    films,
    known: new Set(films.map(({ entry }) => entry.name)),
    targets: films,
    found: films,
    isFoundByItself: () => true,
    run(wanted, take) {
      const question = { filters, films, targets: films.filter(wanted), scopes: [inItsFilm, inOtherFilms] };
      return findNearest(
        question,
        (film, hits) => {
          const [inFilm, elsewhere] = hits.map((its) => framesOf(film, its, films, 'cosine'));
          const joined = inFilm.map((frame, i) => ({
            ...frame,
            neighbors: [...frame.neighbors, ...elsewhere[i].neighbors],
          }));
          return take(film, joined);
        },
        context,
        others,
      );
    },
  };
}
