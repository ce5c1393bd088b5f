/** What every search gets beside its question: how to read films, how many threads to use, what to report to whom. */
import { existsSync } from 'node:fs';
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import type { FilmWarning } from '../collection/film-warning.js';
import type { Engine } from '../engine/engine.js';
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
import type { Progress } from '../progress.js';
import { hasIndexFolder, indexFolder } from '../search-index/index-folder.js';
import type { IndexedFilm, PassedOver, SearchIndex } from '../search-index/open-index.js';
import type { ThreadBudget } from '../threads/concurrency.js';
import type { TimesOfFilms } from '../times/times-of-films.js';

/** Counts of pairs of frames in batch work. */
export interface PairCounts {
  /** Pairs that were bounded, by their sketches or in float32. */
  readonly bounded: number;
  /** Pairs whose bounds reached a floor. */
  readonly left: number;
  /** Pairs that were scored. */
  readonly scored: number;
}

export interface SearchContext extends ThreadBudget {
  /** Names of the arrays, and how to read dtypes that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
  /** The multiplications from which batch work makes sketches; by default about a second of scoring. */
  readonly worthSketching?: number | undefined;
  /** Bytes of small films that batch work holds in memory, where it needs no index; 64 MiB by default. */
  readonly heldBytes?: number | undefined;
  /** The engine that has the collection, if it is not in a folder. */
  readonly engine?: Engine | undefined;
  /** Ends the work: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Where to look for the search index of the collection; by default films are read from their archives. */
  readonly index?: IndexPlace | undefined;
  /** The times of films, to find frames that are named by their moments. */
  readonly times?: TimesOfFilms | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called once with each warning about a film: the search goes on. */
  readonly onWarning?: ((film: string, warning: FilmWarning) => void) | undefined;
  /** Called with hints about how the work is done. */
  readonly onHint?: ((text: string) => void) | undefined;
  /** Called after each search with what it read. */
  readonly onIndexUse?: ((use: IndexUse) => void) | undefined;
  /** Called after each pass of batch work: how many pairs of frames were bounded, left and scored. */
  readonly onPairCounts?: ((counts: PairCounts) => void) | undefined;
  readonly onEngineUse?: ((use: EngineUse) => void) | undefined;
}

/**
 * The context for asking an engine: times come from the engine, and no search index is used. Without an engine, the
 * context as it is.
 */
export function withEngine<Context extends SearchContext>(
  context: Context,
  engine: Engine | undefined,
): Context {
  return engine ? { ...context, engine, times: engine.times, index: undefined } : context;
}

/** The context for a search within another search: it reports nothing. */
export function quietly(context: SearchContext): SearchContext {
  const told = { onProgress: undefined, onWarning: undefined, onIndexUse: undefined, onEngineUse: undefined };
  return { ...context, ...told };
}

/** Reports the warnings about a film. */
export function tellWarnings(
  film: string,
  warnings: readonly FilmWarning[],
  { onWarning }: Pick<SearchContext, 'onWarning'>,
): void {
  for (const warning of warnings) onWarning?.(film, warning);
}

/** Where a collection's index is looked for. */
interface IndexPlace {
  /** The collection's folder. */
  readonly dataFolder: string;
  /** The folder of all indexes. */
  readonly cacheRoot: string;
}

/** What a search read and did, and why films were not searched by the index. */
export interface IndexUse {
  /** False if no index was built. */
  readonly hasIndex: boolean;
  /** Films that the index answered for, and films read from their archives. */
  readonly indexed: number;
  readonly archives: number;
  /** The films of the collection that were read from archives, counted by the reason; empty if there is no index. */
  readonly passedOver: Readonly<Partial<Record<PassedOver, number>>>;
  /** Bytes read of the index, and of archives. */
  readonly bytesRead: number;
  /** Rows looked at: sketches in the index, vectors in archives. */
  readonly rowsScanned: number;
  /**
   * Rows of the index whose bounds reached the floors, and those of them that were scored; summed over the questions.
   */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

/** What a search in an engine took. */
export interface EngineUse {
  /** The engine's address. */
  readonly engine: string;
  /** Rows of the films asked. All counts are summed over the questions. */
  readonly rowsScanned: number;
  /**
   * Rows whose bounds, computed by the engine, reached the floors, and those of them that were fetched and scored here.
   */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

/**
 * Opens the search index, if there is one; the caller closes it when the search is over. The data folder may be
 * missing: a film given by path is searched without an index.
 */
export async function openIndexOf({
  index: place,
  reading,
  onHint,
}: Pick<SearchContext, 'index' | 'reading' | 'onHint'>): Promise<SearchIndex | undefined> {
  if (!place || !existsSync(place.dataFolder)) return undefined;
  const folder = indexFolder(place.cacheRoot, place.dataFolder);
  const isThere = catchGialloSync(() => hasIndexFolder(folder));
  if (isThere instanceof GialloError) onHint?.(`continuing without a search index: ${isThere.message}`);
  // The code that reads indexes is loaded only if there is one.
  if (isThere !== true) return undefined;
  const { openIndex } = await import('../search-index/open-index.js');
  return openIndex(folder, place.dataFolder, reading);
}

/**
 * What `read` finds in the index's part of a film; undefined if there is none that can be used. Damaged files are
 * removed.
 */
export async function fromIndex<T>(
  index: SearchIndex | undefined,
  entry: FilmEntry,
  read: (film: IndexedFilm) => T,
): Promise<T | undefined> {
  const film = await index?.film(entry);
  if (film === undefined || typeof film === 'string') return undefined;
  const found = await catchGiallo(() => read(film));
  if (!(found instanceof GialloError)) return found;
  if (found.code === 'index-damaged') await film.removeDamaged();
  return undefined;
}
