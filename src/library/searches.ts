/** The functions that find what looks alike: searches and comparisons. */
import type { Collection } from '../collection/collection.js';
import type { FrameName } from '../collection/frame-name.js';
import { filmsByName, filmsNamed, NamedFilms } from '../collection/named-films.js';
import { GialloError } from '../errors.js';
import { type CompareReport, compare as compareFilms } from '../reports/compare.js';
import { type DuplicatesReport, duplicates as findDuplicates } from '../reports/duplicates.js';
import { filmsToPair } from '../reports/film-pairs.js';
import { pairs as findPairs, type PairsReport } from '../reports/pairs.js';
import { type SearchReport, searchVectors } from '../reports/search.js';
import {
  similar as findSimilar,
  similarBatch as findSimilarBatch,
  type SimilarReport,
} from '../reports/similar.js';
import { type FrameNeighbors, planTopk } from '../reports/topk.js';
import { batchDefaults, questionDefaults } from '../search/question.js';
import {
  checkCollection,
  checkFilms,
  checkFrames,
  checkQuestions,
  checkScores,
  checkVectors,
  comparisonOf,
  filtersOf,
  prepare,
  timed,
} from './arguments.js';
import type {
  ComparisonOptions,
  DuplicatesOptions,
  PairsOptions,
  SearchOptions,
  SimilarOptions,
  TopkOptions,
} from './options.js';

/**
 * Finds the frames most similar to `frames` (one, or several that make one question), closest first. Errors: those of
 * naming films and frames and of reading the films of `frames`, `query-unusable`, `dim-mismatch`, `films-skipped` (no
 * film could be read).
 *
 * ```js
 * const asked = [{ film: 'Sintel', frame: 66 }, { film: 'Sintel', frame: 81 }];
 * const { results } = await similar(collection, asked, { scope: 'all', k: 5, excludeNear: 'shot' });
 * for (const { film, index, score } of results) console.log(film, index, score);
 * ```
 */
export async function similar(
  collection: Collection,
  frames: readonly FrameName[],
  options?: SimilarOptions,
): Promise<SimilarReport> {
  checkCollection('similar', collection);
  const asked = checkFrames('similar: frames', frames);
  const { settings, context } = await prepareSimilar('similar', collection, options);
  const named = new NamedFilms(collection);
  const report = await findSimilar(collection, asked, settings, context, named);
  return timed(report, filmsByName(collection, named.films), context);
}

/**
 * Answers many questions, each as `similar` does, in one pass over the films. A question that cannot be answered has
 * its error in place of an answer. Memory grows with the number of questions: give some hundreds at a time.
 *
 * ```js
 * const questions = [[{ film: 'Sintel', frame: 66 }], [{ film: 'Krank', frame: 3 }]];
 * for (const answer of await similarBatch(collection, questions, { scope: 'others', k: 1 })) {
 *   console.log(answer instanceof GialloError ? answer.code : answer.results[0].filename);
 * }
 * ```
 */
export async function similarBatch(
  collection: Collection,
  questions: readonly (readonly FrameName[])[],
  options?: SimilarOptions,
): Promise<(SimilarReport | GialloError)[]> {
  checkCollection('similarBatch', collection);
  const asked = checkQuestions('similarBatch', questions);
  const { settings, context } = await prepareSimilar('similarBatch', collection, options);
  const named = new NamedFilms(collection);
  const answers = await findSimilarBatch(collection, asked, settings, context, named);
  const films = filmsByName(collection, named.films);
  return Promise.all(
    answers.map((answer) => (answer instanceof GialloError ? answer : timed(answer, films, context))),
  );
}

async function prepareSimilar(
  caller: 'similar' | 'similarBatch',
  collection: Collection,
  options: SimilarOptions | undefined,
) {
  const { given, context } = prepare(caller, collection, options);
  const { scope = questionDefaults.scope, combine = questionDefaults.combine } = given;
  return { settings: { ...(await filtersOf(caller, collection, given, context)), scope, combine }, context };
}

/**
 * Finds the frames nearest to vectors made elsewhere. A vector is a Float32Array or an array of numbers; an array of
 * several vectors gets an answer for each. Errors: `query-unusable`, `dim-mismatch`, `films-skipped` (no film could be
 * read).
 *
 * ```js
 * const { vector: numbers } = await vector(collection, { film: 'Sintel', frame: 66 });
 * const { answers } = await search(collection, numbers, { scope: { in: ['Bunny', 'Krank'] }, k: 3 });
 * for (const { film, index } of answers[0].results) console.log(film, index);
 * ```
 */
export async function search(
  collection: Collection,
  vectors: Float32Array | readonly number[] | readonly (Float32Array | readonly number[])[],
  options?: SearchOptions,
): Promise<SearchReport> {
  checkCollection('search', collection);
  const rows = checkVectors('search', vectors);
  const { given, context } = prepare('search', collection, options);
  const filters = await filtersOf('search', collection, given, context);
  const films = filmsNamed(collection, typeof given.scope === 'object' ? given.scope.in : []);
  const report = await searchVectors(films, rows, filters, context);
  return timed(report, filmsByName(collection, films), context);
}

/**
 * Finds the nearest frames of every frame of the named films; without names, of all films. The result is a stream to be
 * read with `for await`; a `break` ends the work. Errors: those of naming films, `films-skipped` (none of the named
 * films could be read).
 *
 * ```js
 * for await (const { filename, neighbors } of topk(collection, ['Krank'], { scope: 'others', k: 1 })) {
 *   console.log(filename, neighbors[0]?.filename);
 * }
 * ```
 */
export function topk(
  collection: Collection,
  films: readonly string[] = [],
  options?: TopkOptions,
): AsyncGenerator<FrameNeighbors, void, void> {
  checkCollection('topk', collection);
  return neighborsOf(collection, checkFilms('topk', films), prepare('topk', collection, options));
}

async function* neighborsOf(
  collection: Collection,
  names: readonly string[],
  { given, context }: ReturnType<typeof prepare<TopkOptions>>,
): AsyncGenerator<FrameNeighbors, void, void> {
  const filters = await filtersOf('topk', collection, given, context);
  const { scope: asked = 'all' } = given;
  const films = filmsNamed(collection, names);
  const scope = typeof asked === 'object' ? { in: filmsNamed(collection, asked.in, films) } : asked;
  const byName = filmsByName(collection, [...films, ...(typeof scope === 'object' ? scope.in : [])]);
  const stream = streamOf<readonly FrameNeighbors[]>(context.signal, async (take, signal) => {
    const settings = { ...questionDefaults, ...batchDefaults.topk, ...filters };
    const plan = await planTopk(collection, { ...settings, films, scope }, { ...context, signal });
    for (const film of plan.skipped) given.onSkipped?.(film);
    await plan.run(
      () => true,
      (_, frames) => take(frames),
    );
  });
  for await (const frames of stream) {
    for (const frame of await timed(frames, byName, context)) {
      context.signal?.throwIfAborted();
      yield frame;
    }
  }
}

/**
 * Finds the best-matching pairs of frames of different films: possible match cuts. They are pairs among the named
 * films; if one film is named, its pairs with all others; if none is named, pairs among all films. Errors: those of
 * naming films, `films-skipped` (no film could be read).
 *
 * ```js
 * const { pairs: found } = await pairs(collection, [], { k: 3, maxScore: 0.95 });
 * for (const { a, b, score } of found) console.log(a.filename, b.filename, score);
 * ```
 */
export async function pairs(
  collection: Collection,
  films: readonly string[] = [],
  options?: PairsOptions,
): Promise<PairsReport> {
  const { given, context, byName, request } = await preparePairs('pairs', collection, films, options);
  const defaults = batchDefaults.pairs;
  const { scope, k = defaults.k, perShot = defaults.perShot, minScore, maxScore = defaults.maxScore } = given;
  checkScores('pairs', { minScore, maxScore });
  const question = { ...request, withinFilms: scope === 'all', k, perShot, minScore, maxScore };
  return timed(await findPairs(question, context), byName, context);
}

/**
 * Finds groups of frames that are the same picture, or nearly. Films and errors as with `pairs`.
 *
 * ```js
 * const { groups } = await duplicates(collection, [], { scope: 'others' });
 * for (const { runs } of groups) console.log(runs.map(({ film, first, last }) => `${film} ${first}-${last}`));
 * ```
 */
export async function duplicates(
  collection: Collection,
  films: readonly string[] = [],
  options?: DuplicatesOptions,
): Promise<DuplicatesReport> {
  const { given, context, byName, request } = await preparePairs('duplicates', collection, films, options);
  const defaults = batchDefaults.duplicates;
  const { scope, minScore = defaults.minScore, excludeNear = defaults.excludeNear } = given;
  checkScores('duplicates', { minScore, maxScore: given.maxScore });
  const question = { ...request, acrossFilms: scope === 'others', minScore, excludeNear };
  return timed(await findDuplicates(question, context), byName, context);
}

/**
 * Says how much of each film is found in each other film. Films and errors as with `pairs`.
 *
 * ```js
 * const { comparisons } = await compare(collection, ['Sintel', 'Bunny']);
 * for (const { film, other, value } of comparisons) console.log(film, other, value);
 * ```
 */
export async function compare(
  collection: Collection,
  films: readonly string[] = [],
  options?: ComparisonOptions,
): Promise<CompareReport> {
  const { context, byName, request } = await preparePairs('compare', collection, films, options);
  return timed(await compareFilms(request, context), byName, context);
}

async function preparePairs<Options extends ComparisonOptions>(
  caller: 'pairs' | 'duplicates' | 'compare',
  collection: Collection,
  films: readonly string[],
  options: Options | undefined,
) {
  checkCollection(caller, collection);
  const named = checkFilms(caller, films);
  const { given, context } = prepare(caller, collection, options);
  const asked = filmsToPair(collection, named);
  const comparison = await comparisonOf(collection, given, context);
  const byName = filmsByName(collection, asked.films);
  return { given, context, byName, request: { ...asked, ...comparison } };
}

/**
 * Streams the items that `run` gives to `take`, in order. `take` resolves when the reader asks for the next item, so at
 * most one item waits. If the reader stops early, the signal of `run` is aborted. Throws what `run` throws.
 */
async function* streamOf<Item>(
  signal: AbortSignal | undefined,
  run: (take: (item: Item) => Promise<void>, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<Item, void, void> {
  const leaving = new AbortController();
  const either = signal ? AbortSignal.any([signal, leaving.signal]) : leaving.signal;
  const waiting: Item[] = [];
  let isOver = false;
  let wakeReader = () => {};
  let wakeWork = () => {};
  const take = (item: Item) =>
    new Promise<void>((resolve) => {
      leaving.signal.throwIfAborted();
      waiting.push(item);
      wakeWork = resolve;
      wakeReader();
    });
  const work = run(take, either).finally(() => {
    isOver = true;
    wakeReader();
  });
  // Its error is thrown below, after the reader has all items that came before it.
  work.catch(() => {});
  try {
    while (!isOver || waiting.length > 0) {
      for (const item of waiting.splice(0)) yield item;
      wakeWork();
      if (!isOver && waiting.length === 0)
        await new Promise<void>((resolve) => {
          wakeReader = resolve;
        });
    }
    await work;
  } finally {
    leaving.abort();
    wakeWork();
    await work.catch(() => {});
  }
}
