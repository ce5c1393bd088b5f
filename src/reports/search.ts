/** `giallo search`: the nearest frames to vectors made elsewhere. */
import type { FilmEntry } from '../collection/film.js';
import { GialloError } from '../errors.js';
import { squaredNorm } from '../kernel/scalar.js';
import type { Metric } from '../ranking/metric.js';
import type { SearchContext } from '../search/context.js';
import { openIndexAt } from '../search/index-use.js';
import { requireUsable } from '../search/query-vectors.js';
import { type Filters, questionDefaults } from '../search/question.js';
import { requireAnyRead } from '../search/require-any-read.js';
import { type Result, type Searched, type SkippedFilm, search } from '../search/search.js';

/** The answers, and the JSON that `giallo search --json` prints. */
export interface SearchReport {
  readonly v: 1;
  readonly metric: Metric;
  readonly k: number;
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  readonly answers: readonly VectorAnswer[];
}

export interface VectorAnswer {
  /** The row number of the vector in the input, from 0. */
  readonly query: number;
  readonly results: readonly Result[];
}

/** Vectors from outside have no film that they are near to. */
export type VectorFilters = Omit<Filters, 'excludeNear'>;

/**
 * The frames nearest to each of `vectors` (at least one, all of one dim) in `films`. Errors: `query-unusable`, naming
 * the row; `dim-mismatch` where no film has vectors of their dim; `films-skipped` where none could be read.
 */
export async function searchVectors(
  films: readonly FilmEntry[],
  vectors: readonly Float32Array[],
  filters: Partial<VectorFilters> = {},
  context: SearchContext = {},
): Promise<SearchReport> {
  const settings: Filters = { ...questionDefaults, ...filters, excludeNear: 0 };
  vectors.forEach((vector, row) => {
    requireUsable(
      vectors.length === 1 ? 'the query vector' : `query vector ${row}`,
      squaredNorm(vector),
      settings.metric,
    );
  });
  const questions = vectors.map((vector) => ({ vectors: [vector], origin: [], scope: films }));
  const index = await openIndexAt(context.index, context.reading);
  const { answers, skipped } = await search(questions, settings, context, { index }).finally(() =>
    index?.close(),
  );
  requireAnyRead(answers[0], skipped);
  requireFittingDim(answers[0].searched, vectors[0].length, skipped);
  return {
    v: 1,
    metric: settings.metric,
    k: settings.k,
    searched: answers[0].searched,
    skipped,
    answers: answers.map(({ results }, query) => ({ query, results })),
  };
}

function requireFittingDim({ films }: Searched, dim: number, skipped: readonly SkippedFilm[]): void {
  const misfit = skipped.find(({ code }) => code === 'dim-mismatch');
  if (films > 0 || !misfit) return;
  throw new GialloError('dim-mismatch', `the query has ${dim} numbers, and no film does; ${misfit.message}`);
}
