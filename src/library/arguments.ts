/** Checks the arguments of the library's functions, and turns them into what the reports take. */
import { fileURLToPath } from 'node:url';
import type { Collection } from '../collection/collection.js';
import type { FrameName } from '../collection/frame-name.js';
import { entriesOf, type FilmsByName } from '../collection/named-films.js';
import type { Engine } from '../engine/engine.js';
import { GialloError } from '../errors.js';
import type { Filters } from '../ranking/film-selection.js';
import { refusedLimit, type ScoreLimits } from '../ranking/metric.js';
import type { Nearness } from '../ranking/near.js';
import { type SearchContext, withEngine } from '../search/context.js';
import { vectorsOfFrames } from '../search/frame-questions.js';
import { questionDefaults } from '../search/question.js';
import { filmNames, timesByName, withSeconds } from '../times/film-times.js';
import { openTimes, type TimesOfFilms } from '../times/times-of-films.js';
import { cacheRoot } from '../user-folders.js';
import {
  aName,
  type Check,
  checkArgument,
  checkOptions,
  copyOf,
  isRecord,
  listOf,
  type OtherNames,
  usageError,
} from './checks.js';
import {
  aCosine,
  aFrame,
  aPath,
  type Caller,
  type ComparisonOptions,
  type FilterOptions,
  optionChecks,
  type WorkOptions,
} from './options.js';

/** Collections that `openEngine` has opened. */
export const engines = new WeakMap<Collection, Engine>();

/** The functions that can ask an engine. */
const engineCallers: ReadonlySet<Caller> = new Set<Caller>(['films', 'similar', 'similarBatch', 'search']);

/** What other programs or the command line call an option, and the options of the library that may be meant. */
const otherNames: OtherNames = {
  top: ['k'],
  n: ['k'],
  limit: ['k'],
  all: ["scope: 'all'"],
  own: ["scope: 'own'"],
  others: ["scope: 'others'"],
  in: ['scope: { in: [film, …] }'],
  cutoff: ['minScore', 'maxDistance (with the metric euclidean)'],
  threshold: ['minScore', 'shotThreshold'],
  cache: ['index'],
  embeddingsKey: ['reading: { embeddingsKey }'],
  filenamesKey: ['reading: { filenamesKey }'],
  assume: ["reading: { assume: 'bfloat16' }"],
};

/** The context of a search, with the times of films and the folder of search indexes. */
interface LibraryContext extends SearchContext {
  readonly times: TimesOfFilms;
  readonly cacheRoot: string;
}

/** Checks the options of a function by their table. Returns a copy of those that are given. Errors: `usage`. */
export function checkedOptions<Options>(caller: Caller, options: Options | undefined): Options {
  return checkOptions(caller, optionChecks[caller], options, otherNames) as Options;
}

/**
 * Checks the options of a function, and makes the context of its work from them. Errors: `usage`, and the signal's
 * reason if it is aborted already.
 */
export function prepare<Options extends WorkOptions>(
  caller: Caller,
  collection: Collection,
  options: Options | undefined,
): { given: Options; context: LibraryContext } {
  const given = checkedOptions(caller, options);
  const { reading, timesKey, signal, jobs, onProgress, onWarning, onHint, onIndexUse, index = true } = given;
  const engine = engines.get(collection);
  if (engine) refuseForEngine(caller, given);
  signal?.throwIfAborted();
  const root =
    typeof index === 'object'
      ? checkPath(`${caller}: option index.cacheRoot`, index.cacheRoot)
      : cacheRoot(process.env);
  const context: LibraryContext = {
    ...{ reading, signal, jobs, onProgress, onWarning, onHint, onIndexUse, cacheRoot: root },
    index: index ? { dataFolder: collection.folder, cacheRoot: root } : undefined,
    times: openTimes({ reading, timesKey }),
  };
  return { given, context: withEngine(context, engine) };
}

function refuseForEngine(caller: Caller, options: object): void {
  if (!engineCallers.has(caller))
    throw new GialloError('usage', `${caller}: an engine does not answer this; open the folder of the films`);
  const ofFiles = ['reading', 'timesKey', 'shotThreshold'].find((name) => name in options);
  if (ofFiles)
    throw new GialloError(
      'usage',
      `${caller}: option ${ofFiles} applies to files, not to the films of an engine`,
    );
}

/**
 * Turns options of a comparison into what the reports take. Errors: those of naming and reading the frames of
 * `without`.
 */
export async function comparisonOf(
  collection: Collection,
  { maxScore, shotThreshold, without = [] }: ComparisonOptions,
  context: SearchContext,
) {
  const frames = without.map((frame) => [frame]);
  return { maxScore, shotThreshold, without: await vectorsOfFrames(collection, frames, context) };
}

/**
 * Turns options of a search into its filters. Options that are not given keep the defaults of the search. Errors:
 * `usage`, and those of `comparisonOf`.
 */
export async function filtersOf(
  caller: Caller,
  collection: Collection,
  given: FilterOptions & { readonly excludeNear?: Nearness | undefined },
  context: SearchContext,
): Promise<Partial<Filters>> {
  checkScores(caller, given);
  const { k, metric, perFilm, perShot, excludeNear, minScore, maxDistance } = given;
  const { maxScore, ...rest } = await comparisonOf(collection, given, context);
  const named = Object.entries({ k, metric, excludeNear }).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(named),
    perFilm,
    perShot,
    cutoff: minScore ?? maxDistance,
    ceiling: maxScore,
    ...rest,
  };
}

/** Errors: `usage` if limits of scores contradict the metric or each other. */
export function checkScores(
  caller: Caller,
  { metric = questionDefaults.metric, ...limits }: ScoreLimits & Pick<FilterOptions, 'metric'>,
): void {
  const refused = refusedLimit(metric, limits);
  if (!refused) return;
  const { name, why } = refused;
  if (why === 'cosine') throw usageError(`${caller}: option ${name}`, aCosine.takes, limits[name]);
  if (why === 'range') {
    const message = `minScore ${limits.minScore} is above maxScore ${limits.maxScore}: nothing can be found`;
    throw new GialloError('usage', `${caller}: ${message}`);
  }
  const hints = {
    minScore: 'did you mean maxDistance?',
    maxScore: undefined,
    maxDistance: "did you mean minScore? maxDistance needs metric: 'euclidean'",
  };
  const message = `${caller}: option ${name} cannot be used with the metric '${metric}'`;
  throw new GialloError('usage', message, { hint: hints[name] });
}

/** Adds the times of frames to a report, if they are known. `films` are those that it may name. */
export async function timed<T extends object>(
  report: T,
  films: FilmsByName,
  { times }: LibraryContext,
): Promise<T> {
  const known = await timesByName(entriesOf(filmNames(report), films), times.of);
  return known.size === 0 ? report : withSeconds(report, known);
}

/** Turns a path or a `file:` URL into a path. Errors: `usage`. */
export function checkPath(place: string, path: unknown): string {
  checkArgument(place, aPath, path);
  const isUrl = path instanceof URL || /^file:\/\//i.test(path as string);
  if (!isUrl) return path as string;
  try {
    return fileURLToPath(path as string | URL);
  } catch (cause) {
    throw new GialloError('usage', `${place}: ${path}: ${(cause as Error).message}`, { cause });
  }
}

/** Turns one path or URL, or an array of them, into paths. Errors: `usage`. */
export function checkPaths(place: string, paths: unknown): string[] {
  const all = Array.isArray(paths) ? paths : [paths];
  if (all.length === 0) throw usageError(place, 'one path or file: URL, or several', paths);
  return [...all].map((path) => checkPath(place, path));
}

/** Errors: `usage`, with a hint at what the caller forgot, such as `await`. */
export function checkCollection(caller: string, value: unknown): void {
  if (isRecord(value) && typeof value.folder === 'string' && Array.isArray(value.films)) return;
  const isPromise = typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
  const hint = isPromise
    ? 'await openCollection(folder) before you ask'
    : 'openCollection(folder) gives one: await openCollection(folder)';
  throw usageError(`${caller}: collection`, 'a collection from openCollection', value, hint);
}

/** Checks the address of an engine. Errors: `usage`. */
export function checkUrl(caller: string, url: unknown): void {
  checkArgument(
    `${caller}: url`,
    { ...aName, takes: 'an address such as clickhouse://user@host:8123/database' },
    url,
  );
}

/** Errors: `usage`. */
export function checkFilm(caller: string, film: unknown): void {
  checkArgument(`${caller}: film`, aName, film);
}

/** Checks film names, and returns a copy of them. Errors: `usage`. */
export function checkFilms(caller: string, names: readonly string[]): readonly string[] {
  checkArgument(`${caller}: films`, listOf('an array of film names', aName, 0), names);
  return copyOf(names);
}

/** Checks a frame, and returns a copy of it. Errors: `usage`. */
export function checkFrame(place: string, value: FrameName): FrameName {
  checkArgument(place, aFrame, value);
  return { film: value.film, frame: value.frame };
}

/** Checks the frames of one question, and returns a copy of them. Errors: `usage`. */
export function checkFrames(place: string, value: readonly FrameName[]): readonly FrameName[] {
  if (!Array.isArray(value) || value.length === 0)
    throw usageError(place, 'an array of { film, frame }, at least one', value);
  return [...value].map((one, i) => checkFrame(`${place}[${i}]`, one));
}

/** Checks questions, and returns a copy of them. Errors: `usage`. */
export function checkQuestions(
  caller: string,
  value: readonly (readonly FrameName[])[],
): readonly (readonly FrameName[])[] {
  if (!Array.isArray(value))
    throw usageError(
      `${caller}: questions`,
      'an array of questions, each an array of { film, frame }',
      value,
    );
  return [...value].map((one, i) => checkFrames(`${caller}: questions[${i}]`, one));
}

const isNumber = { takes: '', accepts: (value: unknown) => typeof value === 'number' };
const numbers: Check = {
  takes: 'a Float32Array, an array of numbers, or an array of several of these',
  accepts: (value) =>
    value instanceof Float32Array || value instanceof Float64Array
      ? value.length > 0
      : listOf('', isNumber, 1).accepts(value),
};

/** Checks one vector or several, and rounds their numbers to float32. Errors: `usage`. */
export function checkVectors(caller: string, value: unknown): Float32Array[] {
  const vectors = numbers.accepts(value) ? [value] : value;
  checkArgument(`${caller}: vectors`, listOf(numbers.takes, numbers, 1), vectors);
  return (vectors as ArrayLike<number>[]).map((vector) => Float32Array.from(vector));
}
