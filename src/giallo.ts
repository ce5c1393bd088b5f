/**
 * The library face of giallo: the questions that the commands ask, as functions. Arguments are checked first: what is
 * wrong with them is a GialloError of the code `usage`, which names the option and what it takes.
 *
 * ```ts
 * import { openCollection, similar } from 'giallo';
 *
 * const collection = await openCollection('data_embeddings');
 * const { results } = await similar(collection, [{ film: 'Sintel', frame: 40 }], { k: 10 });
 * ```
 */
import { type Collection, openCollection as openFolder } from './collection/collection.js';
import type { GialloError } from './errors.js';
import {
  checkCollection,
  checkFilm,
  checkFilms,
  checkFolder,
  checkFrame,
  checkFrames,
  checkQuestions,
  type SearchOptions,
  type SimilarOptions,
  similarSettings,
  type WorkOptions,
  workContext,
} from './library/options.js';
import { type FilmsReport, films as listFilms } from './reports/films.js';
import { type FramesReport, type InfoReport, info as infoOf, frames as listFrames } from './reports/info.js';
import {
  similar as findSimilar,
  similarBatch as findSimilarBatch,
  type SimilarReport,
} from './reports/similar.js';
import { type FrameVector, vector as readVector } from './reports/vector.js';
import { type VerifyReport, verify as verifyFilms } from './reports/verify.js';
import type { FrameName } from './search/query-frames.js';

export type { Collection } from './collection/collection.js';
export type { FilmEntry, FilmWarning, ReadingOptions } from './collection/film.js';
export { type ErrorCode, GialloError } from './errors.js';
export type { SearchOptions, SimilarOptions, WorkOptions } from './library/options.js';
export type { Progress } from './progress.js';
export type { Metric } from './ranking/metric.js';
export type { FilmRow, FilmsReport } from './reports/films.js';
export type { Finding, FindingCode } from './reports/finding.js';
export type { FrameRow, FramesReport, InfoReport } from './reports/info.js';
export type { QueryFrame, SimilarReport } from './reports/similar.js';
export type { FrameVector } from './reports/vector.js';
export type { VerifyReport } from './reports/verify.js';
export type { Result, Searched, SkippedFilm } from './search/answer.js';
export type { FrameName } from './search/query-frames.js';

/**
 * Lists the films of a folder, given as a path or a `file:` URL. Errors: `collection-missing`, `file-unreadable`,
 * `usage`.
 */
export async function openCollection(folder: string | URL): Promise<Collection> {
  return openFolder(checkFolder('openCollection', folder));
}

/** The films with their frames and sizes; those that cannot be opened are in `skipped`. Errors: `usage`. */
export async function films(collection: Collection, options?: WorkOptions): Promise<FilmsReport> {
  checkCollection('films', collection);
  return listFilms(collection, workContext('films', options));
}

/** What is in a film, which is read whole. Errors: `usage`, and those of naming and reading a film. */
export async function info(collection: Collection, film: string, options?: WorkOptions): Promise<InfoReport> {
  checkCollection('info', collection);
  checkFilm('info', film);
  return infoOf(collection, film, workContext('info', options));
}

/** The frames of a film, in order. Errors: `usage`, and those of naming and reading a film. */
export async function frames(
  collection: Collection,
  film: string,
  options?: WorkOptions,
): Promise<FramesReport> {
  checkCollection('frames', collection);
  checkFilm('frames', film);
  return listFrames(collection, film, workContext('frames', options));
}

/** The numbers of one frame. Errors: `usage`, and those of naming films and frames and of reading the film. */
export async function vector(
  collection: Collection,
  frame: FrameName,
  options?: WorkOptions,
): Promise<FrameVector> {
  checkCollection('vector', collection);
  checkFrame('vector: frame', frame);
  return readVector(collection, frame, workContext('vector', options));
}

/**
 * The frames most similar to `frames` (one, or several combined), closest first. `work` may hold those options that do
 * not say what is asked, for callers that keep them apart. Errors: `usage`, those of naming films and frames, of reading
 * the films asked about, `query-unusable`, `dim-mismatch`, `films-skipped` (none could be read).
 */
export async function similar(
  collection: Collection,
  frames: readonly FrameName[],
  options?: SimilarOptions,
  work?: SearchOptions,
): Promise<SimilarReport> {
  checkCollection('similar', collection);
  checkFrames('similar: frames', frames);
  return findSimilar(collection, frames, ...similarSettings('similar', collection, options, work));
}

/**
 * The same for many questions in one pass over the films; a question that cannot be answered has its error in its
 * place. Memory grows with the number of questions: give some hundreds at a time.
 */
export async function similarBatch(
  collection: Collection,
  questions: readonly (readonly FrameName[])[],
  options?: SimilarOptions,
  work?: SearchOptions,
): Promise<(SimilarReport | GialloError)[]> {
  checkCollection('similarBatch', collection);
  checkQuestions('similarBatch', questions);
  return findSimilarBatch(
    collection,
    questions,
    ...similarSettings('similarBatch', collection, options, work),
  );
}

/** Reads the named films (all of them, where none is named) and says what is wrong with them. Errors: `usage`, those of naming films. */
export async function verify(
  collection: Collection,
  films: readonly string[] = [],
  options?: WorkOptions,
): Promise<VerifyReport> {
  checkCollection('verify', collection);
  checkFilms('verify', films);
  return verifyFilms(collection, films, workContext('verify', options));
}
