/**
 * The search over films. Films in the search index are searched there; every other film is opened, scanned once for all
 * questions, and closed. A film that cannot be read is skipped and named. Memory is bounded by the films in flight and
 * the answers.
 */
import type { Film, FilmEntry } from '../collection/film.js';
import { catchGiallo, GialloError } from '../errors.js';
import { type BlockScorer, createBlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import type { Filters } from '../ranking/film-selection.js';
import type { PassedOver, SearchIndex } from '../search-index/open-index.js';
import { filmsAtOnce, forEachConcurrently } from '../threads/concurrency.js';
import { type SearchOutcome, type SkippedFilm, skippedFilm } from './answer.js';
import { type IndexUse, quietly, type SearchContext } from './context.js';
import { type AskedFilm, type FilmPart, planSearch, rankAnswers, type Search } from './film-part.js';
import type { Question } from './question.js';
import type { IndexOutcome } from './search-by-index.js';

/** Films and an index that are already open; they stay open. */
interface OpenedFilms {
  readonly films?: ReadonlyMap<FilmEntry, Film>;
  readonly index?: SearchIndex | undefined;
}

/**
 * Answers all questions in one pass over the films of their scopes. The questions' vectors have one dim; films of
 * another dim are skipped as `dim-mismatch`. The results are the same whatever the search index has of the films.
 */
export async function search(
  questions: readonly Question[],
  filters: Filters,
  context: SearchContext = {},
  opened: OpenedFilms = {},
): Promise<SearchOutcome> {
  const { ceiling, without = [] } = filters;
  if (ceiling !== undefined || without.length > 0) {
    const { leaveOut } = await import('./leave-out.js');
    const fewer = await leaveOut(questions, filters, (some, others) =>
      search(some, others, quietly(context), opened),
    );
    return search(fewer, { ...filters, ceiling: undefined, without: undefined }, context, opened);
  }
  const plan = planSearch(questions, filters, context);
  if (context.engine) {
    const { searchEngine } = await import('./search-engine.js');
    return searchEngine(context.engine, plan);
  }
  const queries = questions.flatMap(({ vectors }) => vectors);
  const scorer = createBlockScorer({ dim: plan.dim, queries, maxRows: rowsPerBlock(plan.dim) });
  try {
    return await searchFiles(plan, scorer, opened);
  } finally {
    scorer.release();
  }
}

async function searchFiles(
  search: Search,
  scorer: BlockScorer,
  { films: opened, index }: OpenedFilms,
): Promise<SearchOutcome> {
  const { films, context } = search;
  const { parts: indexed, passedOver, ...counts } = await searchIndexed(search, scorer, index);
  const parts = new Map<AskedFilm, FilmPart>(indexed.map((part) => [part.film, part]));
  const skipped = new Map<AskedFilm, SkippedFilm>();
  const unindexed = films.filter((film) => !parts.has(film));
  // The code that reads archives is loaded only if one is read: with an index, that is seldom.
  const scan = unindexed.length > 0 ? (await import('./scan-film.js')).scanFilm : undefined;
  let done = indexed.length;
  await forEachConcurrently(unindexed, filmsAtOnce(context), async (film) => {
    context.signal?.throwIfAborted();
    const part = await catchGiallo(() => scan?.(film, search, scorer, opened?.get(film.entry)));
    if (part instanceof GialloError) skipped.set(film, skippedFilm(film.entry, part));
    else if (part) parts.set(film, part);
    context.onProgress?.({ done: ++done, total: films.length, unit: 'films' });
  });
  const sum = (numberOf: (part: FilmPart) => number) =>
    [...parts.values()].reduce((sum, part) => sum + numberOf(part), 0);
  context.onIndexUse?.({
    hasIndex: index !== undefined,
    indexed: indexed.length,
    archives: parts.size - indexed.length,
    bytesRead: sum(({ bytesRead }) => bytesRead),
    rowsScanned: sum(({ frames }) => frames),
    passedOver: countReasons([...passedOver].filter(([film]) => !skipped.has(film))),
    ...counts,
  });
  return {
    answers: rankAnswers(search, parts.values()),
    skipped: films.flatMap((film) => skipped.get(film) ?? []),
  };
}

function countReasons(passedOver: readonly (readonly [AskedFilm, PassedOver])[]): IndexUse['passedOver'] {
  const counts: Partial<Record<PassedOver, number>> = {};
  for (const [, why] of passedOver) counts[why] = (counts[why] ?? 0) + 1;
  return counts;
}

async function searchIndexed(
  search: Search,
  scorer: BlockScorer,
  index: SearchIndex | undefined,
): Promise<IndexOutcome> {
  if (!index) return { parts: [], passedOver: new Map(), rowsLeft: 0, rowsScored: 0 };
  const { searchByIndex } = await import('./search-by-index.js');
  return searchByIndex(search, index, scorer);
}
