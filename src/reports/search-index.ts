/** `giallo index`: the state of a collection's search index; building it; removing it. */
import type { Collection } from '../collection/collection.js';
import { type SkippedFilm, skippedFilm } from '../search/answer.js';
import type { SearchContext } from '../search/context.js';
import { buildIndex } from '../search-index/build.js';
import { type Cleared, clearAllIndexes, clearIndex, indexBytes } from '../search-index/clear.js';
import { type FilmStateName, inspectFilms } from '../search-index/film-state.js';
import { hasIndexFolder, indexFolder } from '../search-index/index-folder.js';

/** What is in the index, and the JSON that `giallo index status --json` prints. */
export interface IndexReport {
  readonly v: 1;
  /** The collection's folder. */
  readonly data: string;
  /** The folder of its index. */
  readonly cache: string;
  readonly films: readonly IndexedFilmRow[];
  readonly totals: {
    readonly films: number;
    /** Films that searches find in the index. */
    readonly fresh: number;
    /** Bytes of all files of the index. */
    readonly bytes: number;
  };
}

interface IndexedFilmRow {
  readonly film: string;
  readonly path: string;
  /** `fresh`, or why searches read the archive. */
  readonly state: FilmStateName;
  /** Null if the index does not say. */
  readonly frames: number | null;
  /** Bytes of its files. */
  readonly bytes: number;
}

/** The state of the index after a build, and what the build did. */
export interface IndexBuildReport extends IndexReport {
  readonly built: {
    /** Films read from their archives. */
    readonly read: number;
    /** Films whose sketches were made. */
    readonly sketched: number;
    /** Films that were removed, since the collection no longer has them. */
    readonly removed: number;
  };
  readonly skipped: readonly SkippedFilm[];
}

/** What was removed, and the JSON that `giallo index clear --json` prints. */
export interface IndexClearReport extends Cleared {
  readonly v: 1;
  /** The folder that was cleared: of one index, or of all. */
  readonly cache: string;
}

/** The state of the index under `cacheRoot`; reads no vectors. Errors: `file-unreadable`, `file-unwritable`. */
export async function indexStatus(
  collection: Collection,
  cacheRoot: string,
  context: SearchContext,
): Promise<IndexReport> {
  const cache = indexFolder(cacheRoot, collection.folder);
  hasIndexFolder(cache);
  const states = await inspectFilms(cache, collection.films, context.reading);
  const films = states.map(({ entry, state, rows, bytes }) => ({
    film: entry.name,
    path: entry.path,
    state,
    frames: rows?.frames ?? null,
    bytes,
  }));
  const fresh = films.filter(({ state }) => state === 'fresh').length;
  const totals = { films: films.length, fresh, bytes: indexBytes(cache) };
  return { v: 1, data: collection.folder, cache, films, totals };
}

/**
 * Brings the index up to date; films that cannot be read are in `skipped`. Errors: `file-unwritable`, among them a disk
 * with too little room; the signal's reason.
 */
export async function buildSearchIndex(
  collection: Collection,
  cacheRoot: string,
  context: SearchContext = {},
): Promise<IndexBuildReport> {
  const { read, sketched, removed, failed } = await buildIndex(collection, cacheRoot, context);
  const status = await indexStatus(collection, cacheRoot, context);
  const skipped = failed.map(({ entry, error }) => skippedFilm(entry, error));
  return { ...status, built: { read, sketched, removed }, skipped };
}

/**
 * Removes the index of a data folder, or without one all indexes under `cacheRoot`. Errors: `file-unreadable`,
 * `file-unwritable`.
 */
export function clearSearchIndex(cacheRoot: string, dataFolder?: string | undefined): IndexClearReport {
  const cache = dataFolder === undefined ? cacheRoot : indexFolder(cacheRoot, dataFolder);
  hasIndexFolder(cache);
  return { v: 1, cache, ...(dataFolder === undefined ? clearAllIndexes(cache) : clearIndex(cache)) };
}
