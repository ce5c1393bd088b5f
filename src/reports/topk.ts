/** `giallo topk`: the nearest frames of every frame, film by film. */
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import type { Filters } from '../ranking/film-selection.js';
import { closenessOf, type Metric } from '../ranking/metric.js';
import type { RankedRows } from '../ranking/ranked-rows.js';
import type { AnswerFrame, Searched, SkippedFilm } from '../search/answer.js';
import type { BatchFilm } from '../search/batch/batch-films.js';
import { measureFilms } from '../search/batch/measure-films.js';
import { findNearest, type UnusableFrame, unusableFrame } from '../search/batch/nearest-frames.js';
import type { SearchContext } from '../search/context.js';
import type { Scope } from '../search/question.js';

export interface TopkRequest extends Filters {
  /** The films whose frames are asked about. */
  readonly films: readonly FilmEntry[];
  /** Where their neighbours are looked for. */
  readonly scope: Exclude<Scope, 'own'>;
}

/** One line of a dump. */
export interface FrameNeighbors extends AnswerFrame {
  /** Why the frame cannot be asked about; it has no neighbours then. */
  readonly note?: UnusableFrame;
  readonly neighbors: readonly Neighbor[];
}

export interface Neighbor extends AnswerFrame {
  readonly score: number;
}

/** The films of a dump, once they are known to be readable. */
export interface TopkPlan {
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** All films that were read, in code point order. */
  readonly films: readonly BatchFilm[];
  /** The names of all films of the collection, whether they could be read or not, and of those asked about. */
  readonly known: ReadonlySet<string>;
  /** Those that are asked about. */
  readonly targets: readonly BatchFilm[];
  /** Those in which neighbours are looked for, in the same order: of a target, all of them but itself. */
  readonly found: readonly BatchFilm[];
  /** Whether the neighbours of a target are looked for in itself too. */
  isFoundByItself(target: BatchFilm): boolean;
  /**
   * Computes the `wanted` targets and calls `take` with the frames of each: in the order of the films, one at a time.
   * Two wanted films are scored once, for both.
   */
  run(
    wanted: (target: BatchFilm) => boolean,
    take: (target: BatchFilm, frames: readonly FrameNeighbors[]) => Promise<void>,
  ): Promise<void>;
}

/**
 * Reads and measures the films of the request. Errors: `films-skipped` if none of those asked about could be read;
 * while running those of reading the films.
 */
export async function planTopk(
  collection: Collection,
  request: TopkRequest,
  context: SearchContext = {},
): Promise<TopkPlan> {
  const { scope, films: asked } = request;
  const inScope = new Set(typeof scope === 'string' ? collection.films : scope.in);
  const entries = [...asked, ...inScope];
  const measured = await measureFilms({ ...request, films: entries, asked, perFrame: request.k }, context);
  const { films, skipped, searched } = measured;
  const isAsked = new Set(asked);
  const targets = films.filter(({ entry }) => isAsked.has(entry));
  const isFound = ({ entry }: BatchFilm) => inScope.has(entry);
  const isFoundByItself = (film: BatchFilm) => scope === 'all' || (scope !== 'others' && isFound(film));
  return {
    searched,
    skipped,
    films,
    known: new Set([...collection.films, ...asked].map(({ name }) => name)),
    targets,
    found: films.filter(isFound),
    isFoundByItself,
    async run(wanted, take) {
      const scopes = [{ isFound, isFoundByItself }];
      const question = { filters: request, films, targets: targets.filter(wanted), scopes };
      const framesOfTarget = (target: BatchFilm, hits: RankedRows) =>
        framesOf(target, hits, films, request.metric);
      await findNearest(question, (target, [hits]) => take(target, framesOfTarget(target, hits)), context);
    },
  };
}

/** The films in which the neighbours of a target are looked for, in order. */
export function searchedFor(
  { films, found, isFoundByItself }: TopkPlan,
  target: BatchFilm,
): readonly BatchFilm[] {
  const others = new Set(found);
  return films.filter((film) => (film === target ? isFoundByItself(target) : others.has(film)));
}

/** The frames of a film with their neighbours. */
export function framesOf(
  film: BatchFilm,
  hits: RankedRows,
  films: readonly BatchFilm[],
  metric: Metric,
): FrameNeighbors[] {
  return film.filenames.map((filename, index) => {
    const place = { film: film.entry.name, index, filename };
    const note = unusableFrame(film, index, metric);
    if (note) return { ...place, note, neighbors: [] };
    const neighbors = hits.hitsOf(index).map((hit): Neighbor => {
      const { entry, filenames } = films[hit.film];
      const score = closenessOf(metric, hit.closeness);
      return { film: entry.name, index: hit.index, filename: filenames[hit.index], score };
    });
    return { ...place, neighbors };
  });
}
