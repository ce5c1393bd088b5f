/**
 * The search over films: each film of the scopes is opened, scanned once for all questions, and closed; a film that
 * cannot be read is skipped and named. Memory is bounded by the films in flight and the answers.
 */
import type { Film, FilmEntry } from '../collection/film.js';
import { GialloError, orError } from '../errors.js';
import { createBlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import { squaredNorm } from '../kernel/scalar.js';
import { closenessOf } from '../ranking/metric.js';
import { type Hit, TopK } from '../ranking/top-k.js';
import type { SearchIndex } from '../search-index/open-index.js';
import { jobsOf } from '../threads/thread-budget.js';
import { type Answer, type SearchOutcome, type SkippedFilm, skippedFilm } from './answer.js';
import { forEachConcurrently } from './concurrency.js';
import type { SearchContext } from './context.js';
import { countIndexUse } from './index-use.js';
import type { Filters, Question } from './question.js';
import type { FilmScan } from './scan.js';
import type { ScanTools } from './scan-archive.js';
import { inNameOrder } from './scope.js';
import type { ScoredQuery } from './score-block.js';

/** A film's part in the search. */
interface Scanned {
  readonly scan: FilmScan;
  readonly questions: readonly number[];
  /** The filenames of the hits, by index. */
  readonly filenames: readonly string[];
}

/** What a search may find open already; it stays open. */
export interface OpenedFilms {
  readonly films?: ReadonlyMap<FilmEntry, Film>;
  readonly index?: SearchIndex | undefined;
}

/**
 * Answers all questions in one pass over the films of their scopes. The questions' vectors have one dim; films of
 * another dim are skipped as `dim-mismatch`. Films that the index answers for are searched there, the others in their
 * archives, with the same results.
 */
export async function search(
  questions: readonly Question[],
  filters: Filters,
  context: SearchContext = {},
  { films: opened = new Map(), index }: OpenedFilms = {},
): Promise<SearchOutcome> {
  if (context.engine) {
    const { searchEngine } = await import('./search-engine.js');
    return searchEngine(context.engine, questions, filters, context);
  }
  const vectors = questions.flatMap((question) => question.vectors);
  const dim = vectors[0]?.length ?? 0;
  const scorer = createBlockScorer({ dim, queries: vectors, maxRows: rowsPerBlock(dim) });
  try {
    return await searchFilms(questions, { dim, scorer, filters, context }, { films: opened, index });
  } finally {
    scorer.release();
  }
}

async function searchFilms(
  questions: readonly Question[],
  tools: ScanTools,
  { films: opened, index }: Required<OpenedFilms>,
): Promise<SearchOutcome> {
  const { filters, context } = tools;
  const queries = numberQueries(questions);
  const askedOf = new Map<FilmEntry, number[]>();
  questions.forEach(({ scope }, q) => {
    for (const film of scope) append(askedOf, film, q);
  });

  const films = inNameOrder(askedOf.keys());
  const ordinals = new Map(films.map((film, ordinal) => [film, ordinal]));
  const scanned = new Map<FilmEntry, Scanned>();
  const skipped = new Map<FilmEntry, SkippedFilm>();
  const counts = countIndexUse(index);
  if (index) {
    const { searchByIndex } = await import('./search-by-index.js');
    const asked = { questions, queries, films, askedOf, ...tools };
    for (const [entry, { scan, filenames }] of await searchByIndex(index, asked, counts)) {
      scanned.set(entry, { scan, questions: askedOf.get(entry) as number[], filenames });
    }
  }
  const unindexed = films.filter((entry) => !scanned.has(entry));
  let done = films.length - unindexed.length;
  const scanArchive = unindexed.length > 0 ? (await import('./scan-archive.js')).scanArchive : undefined;
  await forEachConcurrently(unindexed, jobsOf(context), async (entry) => {
    context.signal?.throwIfAborted();
    const asked = askedOf.get(entry) as number[];
    const film = { entry, ordinal: ordinals.get(entry) as number, opened: opened.get(entry) };
    const mine = asked.map((q) => queries[q] as ScoredQuery);
    const found = await orError(() => scanArchive?.(film, mine, tools));
    if (found instanceof GialloError) {
      skipped.set(entry, skippedFilm(entry, found));
    } else if (found) {
      scanned.set(entry, { ...found, questions: asked });
      counts.archives++;
      counts.bytesRead += found.bytes;
      counts.rowsScanned += found.scan.frames;
    }
    context.onProgress?.({ done: ++done, total: films.length, unit: 'films' });
  });

  context.onIndexUse?.(counts);
  return {
    answers: questions.map((_, q) => rankAnswer(q, films, scanned, filters)),
    skipped: films.flatMap((film) => skipped.get(film) ?? []),
  };
}

function numberQueries(questions: readonly Question[]): ScoredQuery[] {
  let next = 0;
  return questions.map(({ vectors, origin }) => ({
    origin,
    queries: vectors.map((vector) => ({ number: next++, squaredNorm: squaredNorm(vector) })),
  }));
}

function rankAnswer(
  question: number,
  films: readonly FilmEntry[],
  scanned: ReadonlyMap<FilmEntry, Scanned>,
  { k, metric }: Filters,
): Answer {
  const top = new TopK(k);
  const searched = { films: 0, frames: 0, zero: 0, nonFinite: 0 };
  for (const { scan, questions } of scanned.values()) {
    const position = questions.indexOf(question);
    if (position < 0) continue;
    searched.films += 1;
    searched.frames += scan.frames;
    searched.zero += scan.zero;
    searched.nonFinite += scan.nonFinite;
    for (const hit of scan.hits[position] as readonly Hit[]) top.offer(hit);
  }
  const results = top.sorted().map(({ film, index, closeness }, i) => {
    const entry = films[film];
    const filename = scanned.get(entry)?.filenames[index] as string;
    return { rank: i + 1, film: entry.name, index, filename, score: closenessOf(metric, closeness) };
  });
  return { searched, results };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
