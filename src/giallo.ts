/**
 * The library face of giallo: the questions that the commands ask, as functions. Arguments are checked first: a wrong
 * one gives a GialloError with the code `usage`, which names the option and what it takes.
 *
 * ```ts
 * import { openCollection, similar } from 'giallo';
 *
 * const collection = await openCollection('data_embeddings');
 * const { results } = await similar(collection, [{ film: 'Sintel', frame: 40 }], { k: 10 });
 * ```
 */
export type { Collection } from './collection/collection.js';
export type { FilmEntry } from './collection/film.js';
export type { ReadingOptions } from './collection/film-arrays.js';
export type { FilmWarning } from './collection/film-warning.js';
export type { FrameName } from './collection/frame-name.js';
export type { EngineState } from './engine/engine-state.js';
export { type ErrorCode, GialloError } from './errors.js';
export { type Conversion, type ConversionReport, convert } from './library/convert.js';
export { dropEngine, engineState, initEngine, openEngine, push } from './library/engine.js';
export {
  buildIndex,
  clearIndex,
  films,
  frames,
  indexState,
  info,
  openCollection,
  shots,
  times,
  vector,
  verify,
} from './library/films.js';
export type {
  ComparisonOptions,
  ConvertOptions,
  DuplicatesOptions,
  EngineOptions,
  FilterOptions,
  PairsOptions,
  PushOptions,
  RunOptions,
  SearchOptions,
  ShotsOptions,
  SimilarOptions,
  TopkOptions,
  WorkOptions,
} from './library/options.js';
export { compare, duplicates, pairs, search, similar, similarBatch, topk } from './library/searches.js';
export type { Progress } from './progress.js';
export type { Metric } from './ranking/metric.js';
export type { CompareReport, Comparison, Witness } from './reports/compare.js';
export type { DuplicateGroup, DuplicatesReport, FrameRun } from './reports/duplicates.js';
export type { FilmRow, FilmsReport } from './reports/films.js';
export type { Finding, FindingCode } from './reports/finding.js';
export type { FrameRow, FramesReport, InfoReport } from './reports/info.js';
export type { PairRow, PairsReport } from './reports/pairs.js';
export type { PushedFilm, PushReport } from './reports/push.js';
export type { SearchReport, VectorAnswer } from './reports/search.js';
export type { IndexBuildReport, IndexClearReport, IndexReport } from './reports/search-index.js';
export type { ShotRow, ShotsReport } from './reports/shots.js';
export type { SimilarReport } from './reports/similar.js';
export type { TimedFrame, TimesReport } from './reports/times.js';
export type { FrameNeighbors, Neighbor } from './reports/topk.js';
export type { FrameVector } from './reports/vector.js';
export type { VerifyReport } from './reports/verify.js';
export type { AnswerFrame as QueryFrame, Result, Searched, SkippedFilm } from './search/answer.js';
export type { IndexUse } from './search/context.js';
