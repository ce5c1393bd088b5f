/** `giallo search`: the nearest frames to vectors made elsewhere. */
import type { FilmEntry } from '../collection/film.js';
import { GialloError } from '../errors.js';
import { squaredNorm } from '../kernel/scalar.js';
import type { Filters } from '../ranking/film-selection.js';
import type { Metric } from '../ranking/metric.js';
import {
  type Result,
  requireAnyRead,
  type Searched,
  type SearchOutcome,
  type SkippedFilm,
} from '../search/answer.js';
import { openIndexOf, type SearchContext } from '../search/context.js';
import { requireUsable } from '../search/frame-questions.js';
import { questionDefaults } from '../search/question.js';
import { search } from '../search/search.js';

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
  /** The text from which the vector was made, if it was made from one. */
  readonly text?: string;
  readonly results: readonly Result[];
}

/** Vectors that were given have no frames, so no frames are near to them. */
type VectorFilters = Omit<Filters, 'excludeNear'>;

/** Vectors searched with in one pass over the films, so that memory does not grow with their number. */
const batchSize = 256;

/**
 * The frames nearest to each of `vectors` (at least one) in `films`; `texts` names the first of them. Errors:
 * `query-unusable`, naming the row; `dim-mismatch` if they are not of one dim, or no film has vectors of it;
 * `films-skipped` if none could be read; `input-malformed` for no vectors.
 */
export async function searchVectors(
  films: readonly FilmEntry[],
  vectors: readonly Float32Array[],
  filters: Partial<VectorFilters> = {},
  context: SearchContext = {},
  texts: readonly string[] = [],
): Promise<SearchReport> {
  const settings: Filters = { ...questionDefaults, ...filters, excludeNear: 0 };
  if (vectors.length === 0) throw new GialloError('input-malformed', 'the query holds no vector');
  const dim = vectors[0].length;
  const odd = vectors.findIndex(({ length }) => length !== dim);
  if (odd >= 0) {
    const message = `query vector ${odd} has ${vectors[odd].length} numbers, unlike the first, which has ${dim}`;
    throw new GialloError('dim-mismatch', message);
  }
  vectors.forEach((vector, row) => {
    requireUsable(
      vectors.length === 1 ? 'the query vector' : `query vector ${row}`,
      squaredNorm(vector),
      settings.metric,
    );
  });
  const answers: VectorAnswer[] = [];
  let outcome: SearchOutcome | undefined;
  const index = await openIndexOf(context);
  try {
    for (let start = 0; start < vectors.length; start += batchSize) {
      const questions = vectors
        .slice(start, start + batchSize)
        .map((vector) => ({ vectors: [vector], origin: [], scope: films }));
      const quiet = outcome ? { ...context, onWarning: undefined } : context;
      outcome = await search(questions, settings, quiet, { index });
      for (const { results } of outcome.answers) {
        const text = texts[answers.length];
        answers.push({ query: answers.length, ...(text === undefined ? {} : { text }), results });
      }
    }
  } finally {
    index?.close();
  }
  const { answers: last, skipped } = outcome as SearchOutcome;
  const { searched } = last[0];
  requireAnyRead(searched, skipped);
  requireFittingDim(searched, dim, skipped);
  const { metric, k } = settings;
  return { v: 1, metric, k, searched, skipped, answers };
}

/** Films without frames fit any dim. */
function requireFittingDim({ frames }: Searched, dim: number, skipped: readonly SkippedFilm[]): void {
  const misfit = skipped.find(({ code }) => code === 'dim-mismatch');
  if (frames > 0 || !misfit) return;
  throw new GialloError(
    'dim-mismatch',
    `no film has vectors of ${dim} numbers, as the query has: ${misfit.message}`,
  );
}
