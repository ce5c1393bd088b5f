/**
 * The library face of giallo: the questions that the commands ask, as functions.
 *
 * ```ts
 * import { openCollection, similar } from 'giallo';
 *
 * const collection = await openCollection('data_embeddings');
 * const { results } = await similar(collection, [{ film: 'Sintel', frame: 40 }], { k: 10 });
 * ```
 */
export { type Collection, openCollection } from './collection/collection.js';
export type { FilmEntry, FilmWarning, ReadingOptions } from './collection/film.js';
export { type ErrorCode, GialloError } from './errors.js';
export type { Progress } from './progress.js';
export type { Metric } from './ranking/metric.js';
export { type FilmRow, type FilmsReport, films } from './reports/films.js';
export type { Finding, FindingCode } from './reports/finding.js';
export { type FrameRow, type FramesReport, frames, type InfoReport, info } from './reports/info.js';
export {
  type QueryFrame,
  type SimilarOptions,
  type SimilarReport,
  similar,
  similarBatch,
} from './reports/similar.js';
export { type FrameVector, vector } from './reports/vector.js';
export { type VerifyReport, verify } from './reports/verify.js';
export type { Result, Searched, SkippedFilm } from './search/answer.js';
export type { SearchContext } from './search/context.js';
export type { FrameName } from './search/query-frames.js';
export type { Filters } from './search/question.js';
