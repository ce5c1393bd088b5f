/** The neighbours of every frame in two lanes: in its own film outside its shot, and in the other films. */
import type { FilmEntry } from '../collection/film.js';
import type { RankedRows } from '../ranking/ranked-rows.js';
import { framesOf, type TopkPlan } from '../reports/topk.js';
import { measureFilms } from '../search/batch/batch-films.js';
import type { BatchFilm } from '../search/batch/film-block.js';
import { findNearest } from '../search/batch/nearest-frames.js';
import type { SearchContext } from '../search/context.js';

export interface LanesRequest {
  readonly films: readonly FilmEntry[];
  /** Neighbours of each frame in each lane. */
  readonly k: number;
  readonly minScore?: number | undefined;
  readonly shotThreshold?: number | undefined;
}

/**
 * Reads and measures the films. The plan gives each frame the neighbours in its own film first, then those in others,
 * which is as many pairs of films as one `topk` over all of them scores. What was found in a film itself is kept packed
 * until the rest is there: k x 16 bytes a frame. Errors: as `planTopk`.
 */
export async function planLanes(request: LanesRequest, context: SearchContext): Promise<TopkPlan> {
  const { k, minScore, shotThreshold } = request;
  const { films, skipped, searched } = await measureFilms(request, context);
  const filters = { metric: 'cosine', k, excludeNear: 'shot', cutoff: minScore, shotThreshold } as const;
  return {
    searched,
    skipped,
    films,
    targets: films,
    scopeOf: () => films,
    async run(wanted, take) {
      const targets = films.filter(wanted);
      const own = new Map<BatchFilm, RankedRows>();
      const asked = { filters, films, targets };
      await findNearest(
        { ...asked, isFound: () => false, isFoundByItself: () => true },
        async (film, hits) => {
          own.set(film, hits);
        },
        context,
      );
      await findNearest(
        { ...asked, isFound: () => true, isFoundByItself: () => false },
        async (film, hits) => {
          const inFilm = framesOf(film, own.get(film) as RankedRows, films, 'cosine');
          own.delete(film);
          const elsewhere = framesOf(film, hits, films, 'cosine');
          const joined = inFilm.map((frame, i) => ({
            ...frame,
            neighbors: [...frame.neighbors, ...elsewhere[i].neighbors],
          }));
          await take(film, joined);
        },
        context,
      );
    },
  };
}
