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
import { resolveFilm } from './collection/resolve-film.js';
import { GialloError, orError } from './errors.js';
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
  type TimedContext,
  type WorkOptions,
  workContext,
} from './library/options.js';
import { type FilmsReport, films as listFilms } from './reports/films.js';
import { type FramesReport, type InfoReport, info as infoOf, frames as listFrames } from './reports/info.js';
import {
  similar as findSimilar,
  similarBatch as findSimilarBatch,
  type SimilarReport,
  type SimilarOptions as SimilarSettings,
} from './reports/similar.js';
import { type FrameVector, vector as readVector } from './reports/vector.js';
import { type VerifyReport, verify as verifyFilms } from './reports/verify.js';
import type { FrameName } from './search/query-frames.js';
import { type FilmTimes, filmNames, withSeconds } from './times/film-times.js';

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
  const context = workContext('frames', options);
  return timed(collection, context, [film], await listFrames(collection, film, context));
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
  const [settings, context] = similarSettings('similar', collection, options, work);
  const report = await findSimilar(collection, frames, settings, context);
  return timed(collection, context, filmsIn([frames], settings), report);
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
  const [settings, context] = similarSettings('similarBatch', collection, options, work);
  const answers = await findSimilarBatch(collection, questions, settings, context);
  const films = filmsIn(questions, settings);
  return Promise.all(
    answers.map((answer) =>
      answer instanceof GialloError ? answer : timed(collection, context, films, answer),
    ),
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

/** A report with the seconds of its frames, where times are known. */
async function timed<T extends object>(
  collection: Collection,
  { times }: TimedContext,
  typed: readonly string[],
  report: T,
): Promise<T> {
  const names = filmNames(report);
  const elsewhere = await Promise.all(typed.map((name) => orError(() => resolveFilm(collection, name))));
  const known = new Map<string, FilmTimes>();
  for (const film of [...collection.films, ...elsewhere]) {
    if (film instanceof GialloError || !names.has(film.name) || known.has(film.name)) continue;
    const found = await times.of(film);
    if (found) known.set(film.name, found);
  }
  return known.size === 0 ? report : withSeconds(report, known);
}

/** The films that a question names, which may lie outside the collection. */
function filmsIn(questions: readonly (readonly FrameName[])[], { scope }: SimilarSettings): string[] {
  const named = questions.flatMap((frames) => frames.map(({ film }) => film));
  return [...new Set([...named, ...(typeof scope === 'object' ? scope.in : [])])];
}
