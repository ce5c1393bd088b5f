/**
 * The functions that describe a collection: its films, their frames, shots and times, what is wrong with them, and the
 * search index.
 */
import { type Collection, openCollection as openFolder } from '../collection/collection.js';
import type { FrameName } from '../collection/frame-name.js';
import { resolveFilm } from '../collection/resolve-film.js';
import { type FilmsReport, films as listFilms } from '../reports/films.js';
import { type FramesReport, type InfoReport, info as infoOf, frames as listFrames } from '../reports/info.js';
import {
  buildSearchIndex,
  clearSearchIndex,
  type IndexBuildReport,
  type IndexClearReport,
  type IndexReport,
  indexStatus,
} from '../reports/search-index.js';
import { shots as findShots, type ShotsReport } from '../reports/shots.js';
import { type TimesReport, times as timesOf } from '../reports/times.js';
import { type FrameVector, vector as readVector } from '../reports/vector.js';
import { type VerifyReport, verify as verifyFilms } from '../reports/verify.js';
import {
  checkCollection,
  checkFilm,
  checkFilms,
  checkFrame,
  checkPath,
  prepare,
  timed,
} from './arguments.js';
import type { ShotsOptions, WorkOptions } from './options.js';

/**
 * Lists the films of a folder, given as a path or a `file:` URL. Errors: `collection-missing`, `file-unreadable`.
 *
 * ```js
 * const collection = await openCollection('data_embeddings');
 * ```
 */
export async function openCollection(folder: string | URL): Promise<Collection> {
  return openFolder(checkPath('openCollection: folder', folder));
}

/**
 * Lists the films with their numbers of frames and their sizes. Films that cannot be opened are in `skipped`.
 *
 * ```js
 * const { films: rows, totals } = await films(collection);
 * console.log(totals.frames, rows.map(({ film }) => film));
 * ```
 */
export async function films(collection: Collection, options?: WorkOptions): Promise<FilmsReport> {
  checkCollection('films', collection);
  return listFilms(collection, prepare('films', collection, options).context);
}

/**
 * Describes a film: its arrays, and what its vectors are like. It reads the whole film. Errors: those of naming and
 * reading a film.
 *
 * ```js
 * const { dim, dtype, arrays } = await info(collection, 'Sintel');
 * console.log(dim, dtype, arrays.map(({ name }) => name));
 * ```
 */
export async function info(collection: Collection, film: string, options?: WorkOptions): Promise<InfoReport> {
  const { entry, context } = prepareFilm('info', collection, film, options);
  return infoOf(entry, context);
}

/**
 * Lists the frames of a film, in order. Errors: those of naming and reading a film.
 *
 * ```js
 * const { frames: rows } = await frames(collection, 'Sintel');
 * console.log(rows[66].filename);
 * ```
 */
export async function frames(
  collection: Collection,
  film: string,
  options?: WorkOptions,
): Promise<FramesReport> {
  const { entry, context } = prepareFilm('frames', collection, film, options);
  return timed(await listFrames(entry, context), new Map([[entry.name, entry]]), context);
}

/**
 * Finds the shots of a film, and for each the frame that represents it. Errors: those of naming and reading a film.
 *
 * ```js
 * const { shots: found } = await shots(collection, 'Sintel');
 * for (const { first, last, filename } of found) console.log(first, last, filename);
 * ```
 */
export async function shots(
  collection: Collection,
  film: string,
  options?: ShotsOptions,
): Promise<ShotsReport> {
  const { entry, given, context } = prepareFilm('shots', collection, film, options);
  const report = await findShots(entry, given.shotThreshold, context);
  return timed(report, new Map([[entry.name, entry]]), context);
}

/**
 * Lists the times of a film's frames. Errors: those of naming and reading a film; `usage` if the times are not known.
 *
 * ```js
 * const { step, frames: moments } = await times(collection, 'Sintel');
 * console.log(step, moments[66].seconds);
 * ```
 */
export async function times(
  collection: Collection,
  film: string,
  options?: WorkOptions,
): Promise<TimesReport> {
  const { entry, context } = prepareFilm('times', collection, film, options);
  return timesOf(entry, context.times, context);
}

/**
 * Reads the vector of one frame, as a Float32Array. Errors: those of naming films and frames and of reading the film.
 *
 * ```js
 * const { vector: numbers } = await vector(collection, { film: 'Sintel', frame: 66 });
 * console.log(numbers.length);
 * ```
 */
export async function vector(
  collection: Collection,
  frame: FrameName,
  options?: WorkOptions,
): Promise<FrameVector> {
  checkCollection('vector', collection);
  const asked = checkFrame('vector: frame', frame);
  return readVector(collection, asked, prepare('vector', collection, options).context);
}

/**
 * Reads the named films, and says what is wrong with them; without names, all films. Errors: those of naming films.
 *
 * ```js
 * const { findings } = await verify(collection, ['Sintel', 'Krank']);
 * for (const { film, severity, message } of findings) console.log(film, severity, message);
 * ```
 */
export async function verify(
  collection: Collection,
  films: readonly string[] = [],
  options?: WorkOptions,
): Promise<VerifyReport> {
  checkCollection('verify', collection);
  const named = checkFilms('verify', films);
  return verifyFilms(collection, named, prepare('verify', collection, options).context);
}

/**
 * Builds the search index, or brings it up to date. Errors: `file-unwritable`, for example if the disk is full.
 *
 * ```js
 * const { built } = await buildIndex(collection, { onProgress: ({ done, total }) => console.log(done, total) });
 * console.log(built.read);
 * ```
 */
export async function buildIndex(collection: Collection, options?: WorkOptions): Promise<IndexBuildReport> {
  checkCollection('buildIndex', collection);
  const { context } = prepare('buildIndex', collection, options);
  return buildSearchIndex(collection, context.cacheRoot, context);
}

/**
 * Says which films the search index has, and whether it is up to date for each. It reads no vectors. Errors:
 * `file-unreadable`.
 *
 * ```js
 * const { totals } = await indexState(collection);
 * console.log(totals.fresh, totals.bytes);
 * ```
 */
export async function indexState(collection: Collection, options?: WorkOptions): Promise<IndexReport> {
  checkCollection('indexState', collection);
  const { context } = prepare('indexState', collection, options);
  return indexStatus(collection, context.cacheRoot, context);
}

/**
 * Removes the search index of the collection. Errors: `file-unwritable`.
 *
 * ```js
 * const { bytes } = await clearIndex(collection);
 * console.log(bytes);
 * ```
 */
export async function clearIndex(collection: Collection, options?: WorkOptions): Promise<IndexClearReport> {
  checkCollection('clearIndex', collection);
  return clearSearchIndex(prepare('clearIndex', collection, options).context.cacheRoot, collection.folder);
}

function prepareFilm<Options extends WorkOptions>(
  caller: 'info' | 'frames' | 'shots' | 'times',
  collection: Collection,
  film: string,
  options: Options | undefined,
) {
  checkCollection(caller, collection);
  checkFilm(caller, film);
  const prepared = prepare(caller, collection, options);
  return { ...prepared, entry: resolveFilm(collection, film) };
}
