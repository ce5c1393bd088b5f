/** The options of the library: their types as a user writes them, and the check of each in one table. */
import type { ReadingOptions } from '../collection/film-arrays.js';
import type { FilmWarning } from '../collection/film-warning.js';
import { formNames } from '../convert/forms.js';
import type { Progress } from '../progress.js';
import { type Metric, metrics } from '../ranking/metric.js';
import type { Nearness } from '../ranking/near.js';
import type { SkippedFilm } from '../search/answer.js';
import type { IndexUse } from '../search/context.js';
import type { FrameName } from '../search/query-frames.js';
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

/** What all functions take that read or write for a while. */
export interface RunOptions {
  /** Ends the work when it is aborted: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** How many films to read at the same time, and how many threads; by default as many as keep all cores busy. */
  readonly jobs?: number | undefined;
  /** Called with how far the work is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What every function takes that is given a collection. */
export interface WorkOptions extends RunOptions {
  /** The names of the arrays, and how to read 2-byte items that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
  /** The array of the archive that holds the seconds of the frames; `times` by default. */
  readonly timesKey?: string | undefined;
  /** Called with each warning, once a film: something is odd, but the work goes on. */
  readonly onWarning?: ((film: string, warning: FilmWarning) => void) | undefined;
  /**
   * Whether to use the search index, if one has been built (the default, as in the command). giallo looks for it in
   * `cacheRoot`, else in `$GIALLO_CACHE`, else in the user's cache folder. The answers are the same without it.
   */
  readonly index?: boolean | { readonly cacheRoot: string | URL } | undefined;
  /** Called with hints about how the work is done, such as a search index that is out of date. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Called after each search with what it read. */
  readonly onIndexUse?: ((use: IndexUse) => void) | undefined;
}

/** What all searches and comparisons take. */
export interface ComparisonOptions extends WorkOptions {
  /** Nothing above this score. */
  readonly maxScore?: number | undefined;
  /** Leaves out frames that show the same picture as one of these, such as a black frame (a cosine of 0.98 or more). */
  readonly without?: readonly FrameName[] | undefined;
  /** Cosine of consecutive frames below which there is a cut; by default each film's own. */
  readonly shotThreshold?: number | undefined;
}

/** What all searches for the nearest frames take. */
export interface FilterOptions extends ComparisonOptions {
  /** How many results for each question: 5 by default, of `topk` 10. */
  readonly k?: number | undefined;
  /** `cosine` (the default), `dot`, or `euclidean`, whose scores are distances. */
  readonly metric?: Metric | undefined;
  /** At most so many results from any one film. */
  readonly perFilm?: number | undefined;
  /** At most so many results from any one shot. */
  readonly perShot?: number | undefined;
  /** Nothing below this score. */
  readonly minScore?: number | undefined;
  /** Nothing farther than this, with the metric `euclidean`. */
  readonly maxDistance?: number | undefined;
}

/** How `search` looks for vectors. */
export interface SearchOptions extends FilterOptions {
  /** Where to look: in every film (the default), or in the films named. */
  readonly scope?: 'all' | { readonly in: readonly string[] } | undefined;
}

/** How `similar` looks for frames. */
export interface SimilarOptions extends FilterOptions {
  /** Where to look: the films asked about (`own`, the default), every film, every other film, or the films named. */
  readonly scope?: 'own' | 'all' | 'others' | { readonly in: readonly string[] } | undefined;
  /** How several frames make one question: by their mean direction (the default), or by the best score over them. */
  readonly combine?: Combination | undefined;
  /** Leaves out frames of the same film within so many rows of a frame asked about, or in its shot. */
  readonly excludeNear?: Nearness | undefined;
}

/** How `topk` looks for the neighbours of every frame. */
export interface TopkOptions extends FilterOptions {
  /** Where to look: in every film (the default), every other film, or the films named. */
  readonly scope?: 'all' | 'others' | { readonly in: readonly string[] } | undefined;
  /** Leaves out frames of the same film within so many rows of the frame, or in its shot. */
  readonly excludeNear?: Nearness | undefined;
  /** Called with each film that could not be read. */
  readonly onSkipped?: ((film: SkippedFilm) => void) | undefined;
}

/** How `pairs` chooses. */
export interface PairsOptions extends ComparisonOptions {
  /** Pairs of different films (`others`, the default), or those within a film too, of different shots. */
  readonly scope?: 'all' | 'others' | undefined;
  /** How many pairs: 100 by default. */
  readonly k?: number | undefined;
  /** How many pairs any one shot may be in: 1 by default. */
  readonly perShot?: number | undefined;
  /** Nothing below this cosine. */
  readonly minScore?: number | undefined;
}

/** How `duplicates` joins frames. */
export interface DuplicatesOptions extends ComparisonOptions {
  /** Frames of all films (the default), or frames of different films only (`others`): re-used footage. */
  readonly scope?: 'all' | 'others' | undefined;
  /** The cosine from which two frames are the same: 0.98 by default. */
  readonly minScore?: number | undefined;
  /** Does not join frames within so many rows of each other in a film, or in one shot (the default). */
  readonly excludeNear?: Nearness | undefined;
}

/** How `shots` finds cuts. */
export interface ShotsOptions extends WorkOptions {
  /** Cosine of consecutive frames below which there is a cut; by default the film's own. */
  readonly shotThreshold?: number | undefined;
}

/** What `convert` makes, and how. */
export interface ConvertOptions extends RunOptions {
  /** The format to write; by default the ending of `output`, else npz, or JSON if the source is npz. */
  readonly to?: 'npz' | 'npy' | 'json' | 'csv' | 'parquet' | undefined;
  /** A file, or a folder where several files are made; by default each beside its source. */
  readonly output?: string | URL | undefined;
  /** Whether all files become one, `output`. */
  readonly merge?: boolean | undefined;
  /** Whether existing files are replaced. */
  readonly force?: boolean | undefined;
  /** The numbers to write: `float32` by default. */
  readonly dtype?: 'float32' | 'float16' | undefined;
  /** Whether an npz is written without compression. */
  readonly stored?: boolean | undefined;
  /** Writes NaN into JSON as `null`, and reads `null` and NaN as NaN. Without this option they are errors; Inf always is. */
  readonly nan?: 'null' | undefined;
  /** Adds a number to names in JSON that appear again; without this option they are an error. */
  readonly onDuplicate?: 'suffix' | undefined;
  /** The names of the arrays, and how to read 2-byte items that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
}

/** How an engine is reached. */
export interface EngineOptions {
  /** By default `$GIALLO_ENGINE_PASSWORD`. */
  readonly password?: string | undefined;
  /** Ends all that is asked of the engine. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to answer from the other servers if some of a cluster are down. */
  readonly partial?: boolean | undefined;
}

/** How `push` copies films. */
export interface PushOptions extends WorkOptions {
  /** By default `$GIALLO_ENGINE_PASSWORD`. */
  readonly password?: string | undefined;
  /** Whether films that are there already are pushed again. */
  readonly force?: boolean | undefined;
  /** Called with each film that starts again after its connection broke. */
  readonly onRetry?: ((film: string, error: Error) => void) | undefined;
}

const aCosine = numberWithin('a cosine, from -1 to 1', -1, 1);
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
