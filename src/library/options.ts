/** The options of the library: their types, and one table with the check of each. */
import type { ReadingOptions } from '../collection/film-arrays.js';
import type { FilmWarning } from '../collection/film-warning.js';
import type { FrameName } from '../collection/frame-name.js';
import { formNames } from '../convert/forms.js';
import type { Progress } from '../progress.js';
import { type Metric, metrics } from '../ranking/metric.js';
import type { Nearness } from '../ranking/near.js';
import type { SkippedFilm } from '../search/answer.js';
import type { IndexUse } from '../search/context.js';
import { type Combination, combinations } from '../search/question.js';
import {
  aFunction,
  aName,
  aSignal,
  type CheckTable,
  either,
  listOf,
  numberWithin,
  oneOf,
  recordOf,
  trueOrFalse,
  wholeNumber,
} from './checks.js';

/** What all functions take whose work can take a while. */
export interface RunOptions {
  /** Ends the work when it is aborted; the function then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How many films to read at the same time, and how many threads to use; by default enough to keep all cores busy. */
  readonly jobs?: number | undefined;
  /** Called again and again with the progress of the work. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What all functions take that are given a collection. */
export interface WorkOptions extends RunOptions {
  /** The names of the arrays, and how to read 2-byte items that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
  /** The array of an archive that holds the times of its frames in seconds; `times` by default. */
  readonly timesKey?: string | undefined;
  /** Called once with each warning about a film. The work goes on. */
  readonly onWarning?: ((film: string, warning: FilmWarning) => void) | undefined;
  /**
   * Whether to use the search index, if one has been built (the default, as in the command). giallo looks for it in
   * `cacheRoot`, else in `$GIALLO_CACHE`, else in the user's cache folder. The answers are the same without it.
   */
  readonly index?: boolean | { readonly cacheRoot: string | URL } | undefined;
  /** Called with hints about how the work is done, such as a search index that is out of date. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Called after each search with what it read from the search index and from archives. */
  readonly onIndexUse?: ((use: IndexUse) => void) | undefined;
}

/** What all searches and comparisons take. */
export interface ComparisonOptions extends WorkOptions {
  /** Leaves out results above this score. */
  readonly maxScore?: number | undefined;
  /** Leaves out frames that show the same picture as one of these, such as a black frame (a cosine of 0.98 or more). */
  readonly without?: readonly FrameName[] | undefined;
  /**
   * There is a cut where the cosine of consecutive frames is below this; by default each film has its own threshold.
   */
  readonly shotThreshold?: number | undefined;
}

/** What all searches for the nearest frames take. */
export interface FilterOptions extends ComparisonOptions {
  /** How many results each question has: by default 5, with `topk` 10. */
  readonly k?: number | undefined;
  /** `cosine` (the default), `dot`, or `euclidean`, whose scores are distances. */
  readonly metric?: Metric | undefined;
  /** At most so many results from any one film. */
  readonly perFilm?: number | undefined;
  /** At most so many results from any one shot. */
  readonly perShot?: number | undefined;
  /** Nothing below this score. */
  readonly minScore?: number | undefined;
  /** Leaves out results farther than this. Only with the metric `euclidean`. */
  readonly maxDistance?: number | undefined;
}

/** How `search` looks for vectors. */
export interface SearchOptions extends FilterOptions {
  /** Where to look: in all films (the default), or in the named ones. */
  readonly scope?: 'all' | { readonly in: readonly string[] } | undefined;
}

/** How `similar` looks for frames. */
export interface SimilarOptions extends FilterOptions {
  /** Where to look: in the query's own films (the default), in all films, in all others, or in the named ones. */
  readonly scope?: 'own' | 'all' | 'others' | { readonly in: readonly string[] } | undefined;
  /**
   * Scores a frame against the mean direction of several query frames (the default), or takes its best score (`max`).
   */
  readonly combine?: Combination | undefined;
  /** Leaves out frames within so many rows of a query frame in its film, or those in its shot. */
  readonly excludeNear?: Nearness | undefined;
}

/** How `topk` looks for the neighbours of every frame. */
export interface TopkOptions extends FilterOptions {
  /** Where to look: in all films (the default), in all other films, or in the named ones. */
  readonly scope?: 'all' | 'others' | { readonly in: readonly string[] } | undefined;
  /** Leaves out frames within so many rows of the frame in its film, or those in its shot. */
  readonly excludeNear?: Nearness | undefined;
  /** Called with each film that could not be read. */
  readonly onSkipped?: ((film: SkippedFilm) => void) | undefined;
}

/** How `pairs` chooses pairs of frames. */
export interface PairsOptions extends ComparisonOptions {
  /** `others` (the default): pairs of different films; `all`: also pairs within a film, of different shots. */
  readonly scope?: 'all' | 'others' | undefined;
  /** How many pairs: 100 by default. */
  readonly k?: number | undefined;
  /** How many pairs any one shot may be in: 1 by default. */
  readonly perShot?: number | undefined;
  /** Leaves out pairs below this cosine. */
  readonly minScore?: number | undefined;
}

/** How `duplicates` joins frames. */
export interface DuplicatesOptions extends ComparisonOptions {
  /** `all` (the default): joins any frames; `others`: only frames of different films, which finds re-used footage. */
  readonly scope?: 'all' | 'others' | undefined;
  /** The least cosine of two frames that count as the same picture: 0.98 by default. */
  readonly minScore?: number | undefined;
  /** Does not join frames within so many rows of each other in their film, or those of one shot (the default). */
  readonly excludeNear?: Nearness | undefined;
}

/** How `shots` finds cuts. */
export interface ShotsOptions extends WorkOptions {
  /** There is a cut where the cosine of consecutive frames is below this; by default the film has its own threshold. */
  readonly shotThreshold?: number | undefined;
}

/** What `convert` makes, and how. */
export interface ConvertOptions extends RunOptions {
  /** The format to write: by default that of the ending of `output`, else JSON for an npz, and npz for other files. */
  readonly to?: 'npz' | 'npy' | 'json' | 'csv' | 'parquet' | undefined;
  /** A file, or a folder if several files are made. By default each file is written beside its source. */
  readonly output?: string | URL | undefined;
  /** Whether all files are joined into one, `output`. */
  readonly merge?: boolean | undefined;
  /** Whether existing files may be replaced. */
  readonly force?: boolean | undefined;
  /** The type of the numbers to write: `float32` by default. */
  readonly dtype?: 'float32' | 'float16' | undefined;
  /** Whether an npz is written without compression. */
  readonly stored?: boolean | undefined;
  /** Writes NaN to JSON as `null`, and reads `null` and NaN as NaN; by default these are errors, as Inf always is. */
  readonly nan?: 'null' | undefined;
  /** Adds a number to names that are repeated in JSON. Without this option they are an error. */
  readonly onDuplicate?: 'suffix' | undefined;
  /** The names of the arrays, and how to read 2-byte items that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
}

/** How to connect to an engine. */
export interface EngineOptions {
  /** By default `$GIALLO_ENGINE_PASSWORD`. */
  readonly password?: string | undefined;
  /** Ends all work with the engine when it is aborted, also later searches. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to answer from the other servers if some servers of a cluster are down. */
  readonly partial?: boolean | undefined;
}

/** How `push` copies films. */
export interface PushOptions extends WorkOptions {
  /** By default `$GIALLO_ENGINE_PASSWORD`. */
  readonly password?: string | undefined;
  /** Whether to push films again that the engine has already. */
  readonly force?: boolean | undefined;
  /** Called with each film that is pushed again because its connection broke. */
  readonly onRetry?: ((film: string, error: Error) => void) | undefined;
}

export const aCosine = numberWithin('a cosine, from -1 to 1', -1, 1);
const aScore = numberWithin('a finite number', -Infinity, Infinity);
const aNearness = either("a whole number from 0, or 'shot'", wholeNumber(0), oneOf(['shot']));

export const aFrame = recordOf(
  '{ film, frame }: film a name, frame an index (a whole number) or a filename',
  {
    film: aName,
    frame: either('', aName, { takes: '', accepts: (value) => Number.isSafeInteger(value) }),
  },
  ['film', 'frame'],
);

/** A folder or file as a path or a `file:` URL. */
export const aPath = either(
  'a path or a file: URL',
  { takes: '', accepts: (value) => typeof value === 'string' && value !== '' && !value.includes('\0') },
  { takes: '', accepts: (value) => value instanceof URL && value.protocol === 'file:' },
);

const films = listOf('an array of film names, at least one', aName, 1);
const reading = recordOf("an object with embeddingsKey, filenamesKey (strings) or assume ('bfloat16')", {
  embeddingsKey: aName,
  filenamesKey: aName,
  assume: oneOf(['bfloat16']),
});
const run: CheckTable = { signal: aSignal, jobs: wholeNumber(1), onProgress: aFunction };
const work: CheckTable = {
  ...run,
  timesKey: aName,
  reading,
  onWarning: aFunction,
  index: either(
    'true, false, or an object with cacheRoot (a folder)',
    trueOrFalse,
    recordOf('', { cacheRoot: aPath }, ['cacheRoot']),
  ),
  onHint: aFunction,
  onIndexUse: aFunction,
};
const comparison: CheckTable = {
  maxScore: aScore,
  without: listOf('an array of { film, frame }', aFrame, 0),
  shotThreshold: aCosine,
  ...work,
};
const filters: CheckTable = {
  k: wholeNumber(1),
  metric: oneOf(metrics),
  perFilm: wholeNumber(1),
  perShot: wholeNumber(1),
  minScore: aScore,
  maxDistance: numberWithin('a distance, from 0', 0, Infinity),
  ...comparison,
};
const inFilms = recordOf('', { in: films }, ['in']);
const allOrOthers = oneOf(['all', 'others']);
const similarity: CheckTable = {
  scope: either("'own', 'all', 'others' or { in: [film, …] }", oneOf(['own', 'all', 'others']), inFilms),
  combine: oneOf(combinations),
  excludeNear: aNearness,
  ...filters,
};
const comparedCosines: CheckTable = { ...comparison, minScore: aCosine, maxScore: aCosine };
const connection: CheckTable = {
  password: { takes: 'a string', accepts: (value) => typeof value === 'string' },
};
const reached: CheckTable = { ...connection, signal: aSignal, partial: trueOrFalse };

/** The options of each function. */
export const optionChecks = {
  openEngine: reached,
  initEngine: reached,
  engineState: reached,
  dropEngine: reached,
  films: work,
  info: work,
  frames: work,
  vector: work,
  verify: work,
  times: work,
  buildIndex: work,
  indexState: work,
  clearIndex: work,
  shots: { shotThreshold: aCosine, ...work },
  similar: similarity,
  similarBatch: similarity,
  search: { scope: either("'all' or { in: [film, …] }", oneOf(['all']), inFilms), ...filters },
  topk: {
    scope: either("'all', 'others' or { in: [film, …] }", allOrOthers, inFilms),
    excludeNear: aNearness,
    onSkipped: aFunction,
    ...filters,
  },
  pairs: { scope: allOrOthers, k: wholeNumber(1), perShot: wholeNumber(1), ...comparedCosines },
  duplicates: { scope: allOrOthers, excludeNear: aNearness, ...comparedCosines },
  compare: { ...comparison, maxScore: aCosine },
  push: { ...connection, force: trueOrFalse, onRetry: aFunction, ...work },
  convert: {
    to: oneOf(formNames),
    output: aPath,
    merge: trueOrFalse,
    force: trueOrFalse,
    dtype: oneOf(['float32', 'float16']),
    stored: trueOrFalse,
    nan: oneOf(['null']),
    onDuplicate: oneOf(['suffix']),
    reading,
    ...run,
  },
} satisfies Readonly<Record<string, CheckTable>>;

export type Caller = keyof typeof optionChecks;
