/** The options of the library: their types as a user writes them, and the check of each in one table. */
import { fileURLToPath } from 'node:url';
import type { Collection } from '../collection/collection.js';
import type { FilmWarning, ReadingOptions } from '../collection/film.js';
import { GialloError } from '../errors.js';
import type { Progress } from '../progress.js';
import { type Metric, metrics } from '../ranking/metric.js';
import type { Nearness } from '../ranking/near.js';
import type { SimilarOptions as SimilarSettings } from '../reports/similar.js';
import type { SearchContext } from '../search/context.js';
import type { FrameName } from '../search/query-frames.js';
import { type Combination, combinations, questionDefaults } from '../search/question.js';
import { cacheRoot } from '../search-index/cache-folder.js';
import { openTimes, type TimesOfFilms } from '../times/times-of-films.js';
import {
  aFunction,
  aName,
  aSignal,
  type CheckTable,
  checkArgument,
  checkOptions,
  either,
  isRecord,
  listOf,
  numberWithin,
  oneOf,
  recordOf,
  usageError,
  wholeNumber,
} from './checks.js';

/** What every function takes. */
export interface WorkOptions {
  /** The names of the arrays, and how to read 2-byte items that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
  /** The array of the archive that holds the seconds of the frames; `times` by default. */
  readonly timesKey?: string | undefined;
  /** Ends the work: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Films read at the same time, and threads; all cores by default. */
  readonly jobs?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told once a film for what is odd with it but did not stop the work. */
  readonly onWarning?: ((film: string, warning: FilmWarning) => void) | undefined;
}

/** What a search takes besides. */
export interface SearchOptions extends WorkOptions {
  /**
   * Whether to use the search index, as the command does (the default), where `giallo index build` has made one. It is
   * looked for in `cacheRoot`, else in `$GIALLO_CACHE`, else in the user's cache folder. Answers are the same without.
   */
  readonly index?: boolean | { readonly cacheRoot: string } | undefined;
  /** Told what is worth knowing about how the work is done. */
  readonly onHint?: SearchContext['onHint'];
  /** Told after each search what was read for it. */
  readonly onIndexUse?: SearchContext['onIndexUse'];
}

/** How to search; the names are those of the command's options, and `k` is `--top`. */
export interface SimilarOptions extends SearchOptions {
  /** Where to look: the films asked about (`own`, the default), every film, every other film, or the films named. */
  readonly scope?: 'own' | 'all' | 'others' | { readonly in: readonly string[] } | undefined;
  /** How many results: 5 by default. */
  readonly k?: number | undefined;
  readonly metric?: Metric | undefined;
  /** Several frames as one: their mean direction (the default), or the best score over them. */
  readonly combine?: Combination | undefined;
  /** Leaves out frames within so many rows of a frame asked about in its film, or its whole shot. */
  readonly excludeNear?: Nearness | undefined;
  /** At most so many results from any one film, any one shot. */
  readonly perFilm?: number | undefined;
  readonly perShot?: number | undefined;
  /** Nothing below this score. */
  readonly minScore?: number | undefined;
  /** Nothing farther than this, with the metric `euclidean`. */
  readonly maxDistance?: number | undefined;
  /** Cosine of consecutive frames below which there is a cut; by default each film's own. */
  readonly shotThreshold?: number | undefined;
}

const aCosine = numberWithin('a cosine, from -1 to 1', -1, 1);
const films = listOf('an array of film names, at least one', aName, 1);

const workChecks: CheckTable = {
  timesKey: aName,
  reading: recordOf("an object with embeddingsKey, filenamesKey (strings) or assume ('bfloat16')", {
    embeddingsKey: aName,
    filenamesKey: aName,
    assume: oneOf(['bfloat16']),
  }),
  signal: aSignal,
  jobs: wholeNumber(1),
  onProgress: aFunction,
  onWarning: aFunction,
};

const searchChecks: CheckTable = {
  ...workChecks,
  index: either(
    'true, false, or an object with cacheRoot (a folder)',
    { takes: '', accepts: (value) => typeof value === 'boolean' },
    recordOf('', { cacheRoot: aName }, ['cacheRoot']),
  ),
  onHint: aFunction,
  onIndexUse: aFunction,
};

const similarChecks: CheckTable = {
  scope: either(
    "'own', 'all', 'others' or { in: [film, …] }",
    oneOf(['own', 'all', 'others']),
    recordOf('', { in: films }, ['in']),
  ),
  k: wholeNumber(1),
  metric: oneOf(metrics),
  combine: oneOf(combinations),
  excludeNear: either("a whole number from 0, or 'shot'", wholeNumber(0), oneOf(['shot'])),
  perFilm: wholeNumber(1),
  perShot: wholeNumber(1),
  minScore: numberWithin('a finite number', -Infinity, Infinity),
  maxDistance: numberWithin('a distance, from 0', 0, Infinity),
  shotThreshold: aCosine,
  ...searchChecks,
};

/** What is meant by names that other programs, or the command line, have for options. */
const otherNames: Readonly<Record<string, string>> = {
  top: 'k',
  n: 'k',
  limit: 'k',
  all: "scope: 'all'",
  own: "scope: 'own'",
  others: "scope: 'others'",
  in: 'scope: { in: [film, …] }',
  cutoff: 'minScore (or maxDistance, with the metric euclidean)',
  threshold: 'minScore or shotThreshold',
  cache: 'index',
  embeddingsKey: 'reading: { embeddingsKey }',
  filenamesKey: 'reading: { filenamesKey }',
  assume: "reading: { assume: 'bfloat16' }",
};

/** A folder as a path or a `file:` URL. Errors: `usage`. */
export function checkFolder(caller: string, folder: unknown): string {
  if (folder instanceof URL && folder.protocol === 'file:') return fileURLToPath(folder);
  if (typeof folder === 'string' && /^file:\/\//i.test(folder)) return fileURLToPath(folder);
  if (typeof folder === 'string' && folder !== '' && !folder.includes('\0')) return folder;
  throw usageError(`${caller}: folder`, 'a path or a file: URL', folder);
}

/** Errors: `usage`, with what was forgotten where that can be told. */
export function checkCollection(caller: string, value: unknown): void {
  if (isRecord(value) && typeof value.folder === 'string' && Array.isArray(value.films)) return;
  const isPromise = typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
  const hint = isPromise
    ? 'await openCollection(folder) before you ask'
    : 'openCollection(folder) gives one: await openCollection(folder)';
  throw usageError(`${caller}: collection`, 'a collection from openCollection', value, hint);
}

/** Errors: `usage`. */
export function checkFilm(caller: string, film: unknown): void {
  checkArgument(`${caller}: film`, aName, film);
}

/** Errors: `usage`. */
export function checkFilms(caller: string, names: unknown): void {
  checkArgument(`${caller}: films`, listOf('an array of film names', aName, 0), names);
}

const frame = recordOf(
  '{ film, frame }: film a name, frame an index (a whole number) or a filename',
  {
    film: aName,
    frame: either('', aName, { takes: '', accepts: (value) => Number.isSafeInteger(value) }),
  },
  ['film', 'frame'],
);

/** Errors: `usage`. */
export function checkFrame(place: string, value: unknown): asserts value is FrameName {
  checkArgument(place, frame, value);
}

/** The frames of one question. Errors: `usage`. */
export function checkFrames(place: string, value: unknown): void {
  if (!Array.isArray(value) || value.length === 0)
    throw usageError(place, 'an array of { film, frame }, at least one', value);
  for (const [i, one] of [...value].entries()) checkFrame(`${place}[${i}]`, one);
}

/** Errors: `usage`. */
export function checkQuestions(caller: string, value: unknown): void {
  if (!Array.isArray(value))
    throw usageError(
      `${caller}: questions`,
      'an array of questions, each an array of { film, frame }',
      value,
    );
  for (const [i, one] of [...value].entries()) checkFrames(`${caller}: questions[${i}]`, one);
}

/** The context of work that the options describe. Errors: `usage`. */
export function workContext(caller: string, options: unknown): TimedContext {
  // Wherever a search takes them, these may be given, so that one object of options serves all functions.
  const { index: _, timesKey, ...context } = checkOptions(caller, searchChecks, options, otherNames);
  return { ...context, times: timesFor(context, timesKey as string | undefined) };
}

/** What to search for and how, from the options and, as it may be given apart, the context. Errors: `usage`. */
export function similarSettings(
  caller: string,
  { folder }: Collection,
  options: unknown,
  context: unknown,
): [SimilarSettings, TimedContext] {
  const given: SimilarOptions = {
    ...checkOptions(caller, searchChecks, context, otherNames),
    ...checkOptions(caller, similarChecks, options, otherNames),
  };
  checkCutoff(caller, given);
  const { minScore, maxDistance, index = true, ...rest } = given;
  const { reading, timesKey, signal, jobs, onProgress, onWarning, onHint, onIndexUse, ...asked } = rest;
  const times = timesFor({ reading }, timesKey);
  const root = typeof index === 'object' ? index.cacheRoot : cacheRoot(process.env);
  const place = index ? { dataFolder: folder, cacheRoot: root } : undefined;
  return [
    { ...(asked as SimilarSettings), cutoff: minScore ?? maxDistance },
    { reading, times, signal, jobs, onProgress, onWarning, onHint, onIndexUse, index: place },
  ];
}

/** A context that knows the moments of frames. */
export interface TimedContext extends SearchContext {
  readonly times: TimesOfFilms;
}

function timesFor({ reading }: SearchContext, timesKey: string | undefined): TimesOfFilms {
  return openTimes({ reading, timesKey });
}

/** A least score and a largest distance each go with their metrics. */
function checkCutoff(caller: string, options: SimilarOptions): void {
  const { metric = questionDefaults.metric, minScore, maxDistance } = options;
  const conflict = (one: string, other: string, instead: string) => {
    const message = `${caller}: option ${one} does not go with the metric '${metric}'`;
    throw new GialloError('usage', message, { hint: `did you mean ${instead}?${other}` });
  };
  if (minScore !== undefined && metric === 'euclidean') conflict('minScore', '', 'maxDistance');
  if (maxDistance !== undefined && metric !== 'euclidean')
    conflict('maxDistance', " maxDistance needs metric: 'euclidean'", 'minScore');
  if (minScore !== undefined && metric === 'cosine' && !aCosine.accepts(minScore))
    throw usageError(`${caller}: option minScore`, aCosine.takes, minScore);
}
