/**
 * The plan of a search, the part of each film in its answers, wherever that comes from, and the answers made of all
 * parts.
 */
import type { FilmEntry } from '../collection/film.js';
import { groupBy } from '../group-by.js';
import type { BlockScorer } from '../kernel/block-scorer.js';
import { squaredNorm } from '../kernel/scalar.js';
import type { Filters } from '../ranking/film-selection.js';
import { closenessFrom, closenessOf, type Metric } from '../ranking/metric.js';
import { type FrameSpan, nearSpan } from '../ranking/near.js';
import { isFiniteRow } from '../ranking/rows.js';
import type { Shots } from '../ranking/shots.js';
import { type Hit, TopK } from '../ranking/top-k.js';
import { type Answer, countSearched, type Searched } from './answer.js';
import type { SearchContext } from './context.js';
import { type FrameRef, inNameOrder, type Question } from './question.js';

/** The questions that are answered together, and the films that they are asked of. */
export interface Search {
  readonly questions: readonly NumberedQuestion[];
  /** In the order that breaks ties. */
  readonly films: readonly AskedFilm[];
  /** Numbers in a vector of the questions. */
  readonly dim: number;
  readonly filters: Filters;
  readonly context: SearchContext;
}

/** A question whose vectors are numbered through all questions of the search. */
export interface NumberedQuestion extends Question {
  readonly queries: readonly { readonly number: number; readonly squaredNorm: number }[];
}

export interface AskedFilm {
  readonly entry: FilmEntry;
  /** Its position among the films of the search: the `film` of its hits. */
  readonly ordinal: number;
  /** The positions of the questions that are asked of it, ascending. */
  readonly asked: readonly number[];
}

/** What a search found in a film, and what it looked at. */
export interface FilmPart extends Omit<Searched, 'films'> {
  readonly film: AskedFilm;
  /** Its best frames for each of `film.asked`, closest first; those that cannot be among the answers may be missing. */
  readonly hits: readonly (readonly NamedHit[])[];
  /** Bytes read for it, of its archive or of the index. */
  readonly bytesRead: number;
}

export interface NamedHit extends Hit {
  readonly filename: string;
}

/** The search for these questions, whose vectors have one dim. */
export function planSearch(questions: readonly Question[], filters: Filters, context: SearchContext): Search {
  let next = 0;
  const numbered = questions.map((question): NumberedQuestion => {
    const queries = question.vectors.map((vector) => ({ number: next++, squaredNorm: squaredNorm(vector) }));
    return { ...question, queries };
  });
  const asked = questions.flatMap(({ scope }, q) => scope.map((film) => ({ film, q })));
  const askedOf = groupBy(asked, ({ film }) => film);
  const films = inNameOrder(askedOf.keys()).map((entry, ordinal): AskedFilm => {
    return { entry, ordinal, asked: askedOf.get(entry)?.map(({ q }) => q) ?? [] };
  });
  return { questions: numbered, films, dim: questions[0]?.vectors[0]?.length ?? 0, filters, context };
}

/** The frames of the film at `path` that are left out of an answer: query frames, those near them, and others named. */
export function leftOutSpans(
  path: string,
  { origin, leftOut = [] }: Question,
  { excludeNear }: Filters,
  shots: Shots | undefined,
): FrameSpan[] {
  const here = ({ film }: FrameRef) => film.path === path;
  const near = origin.filter(here).map(({ index }) => nearSpan(index, excludeNear, shots?.shotOf));
  return [...near, ...leftOut.filter(here).map(({ index }) => nearSpan(index, 0, undefined))];
}

/** Raises each row's closeness to that of the best of the question's vectors; NaN for rows that are not finite. */
export function scoreBlock(
  scorer: BlockScorer,
  { queries }: NumberedQuestion,
  metric: Metric,
  squaredNorms: Float64Array,
  into: Float64Array,
): void {
  for (const { number, squaredNorm } of queries) {
    const sums = metric === 'euclidean' ? scorer.squaredDistances(number) : scorer.dots(number);
    for (let row = 0; row < squaredNorms.length; row++) {
      const norm = squaredNorms[row];
      into[row] = isFiniteRow(norm)
        ? Math.max(into[row], closenessFrom(metric, sums[row], squaredNorm, norm))
        : Number.NaN;
    }
  }
}

/** Hits with their filenames. */
export function nameHits(hits: readonly Hit[], filenames: readonly string[]): NamedHit[] {
  return hits.map((hit) => ({ ...hit, filename: filenames[hit.index] }));
}

/** The answers to the questions, in their order. */
export function rankAnswers(
  { questions, films, filters: { k, metric } }: Search,
  parts: Iterable<FilmPart>,
): Answer[] {
  const found = questions.map(() => ({ top: new TopK<NamedHit>(k), parts: [] as FilmPart[] }));
  for (const part of parts) {
    for (const [i, q] of part.film.asked.entries()) {
      found[q].parts.push(part);
      for (const hit of part.hits[i]) found[q].top.offer(hit);
    }
  }
  return found.map(({ top, parts }) => ({
    searched: countSearched(parts),
    results: top.sorted().map(({ film, index, closeness, filename }, i) => {
      const score = closenessOf(metric, closeness);
      return { rank: i + 1, film: films[film].entry.name, index, filename, score };
    }),
  }));
}
