/** What every search gets beside its question: how to read films, how many threads to use, whom to tell. */
import { existsSync } from 'node:fs';
import type { ReadingOptions } from '../collection/film-arrays.js';
import type { FilmWarning } from '../collection/film-warning.js';
import type { Engine } from '../engine/engine.js';
import { GialloError, orErrorSync } from '../errors.js';
import type { Progress } from '../progress.js';
import { hasIndexFolder, indexFolder } from '../search-index/index-folder.js';
import type { PassedOver, SearchIndex } from '../search-index/open-index.js';
import type { ThreadBudget } from '../threads/concurrency.js';
import type { TimesOfFilms } from '../times/times-of-films.js';

/** Pairs of frames whose closeness was bounded by their sketches; those that the bounds left; those that were scored. */
export interface PairCounts {
  readonly bounded: number;
  readonly left: number;
  readonly scored: number;
}

export interface SearchContext extends ThreadBudget {
  /** Names of the arrays, and how to read dtypes that numpy cannot name. */
  readonly reading?: ReadingOptions | undefined;
  /** From so many multiplications on, batch work makes sketches; by default about a second of scoring. */
  readonly worthSketching?: number | undefined;
  /** Bytes of the vectors of small films that batch work keeps in memory, 64 MiB by default: no index is asked for them. */
  readonly heldBytes?: number | undefined;
  /** Where the collection is, if it is in no folder: `search` asks there. */
  readonly engine?: Engine | undefined;
  /** Ends the work: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Where to look for the search index of the collection; by default films are read from their archives. */
  readonly index?: IndexPlace | undefined;
  /** For frames that are named by their moments. */
  readonly times?: TimesOfFilms | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Called with each warning, once a film: something is odd, but the search goes on. */
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
 * The context for asking an engine: times come from the engine, and no search index is looked for. Without an engine the
 * context as it is.
 */
export function withEngine<Context extends SearchContext>(
  context: Context,
  engine: Engine | undefined,
): Context {
  return engine ? { ...context, engine, times: engine.times, index: undefined } : context;
}

/** The context of a search within another, of which nobody need be told. */
export function quietly(context: SearchContext): SearchContext {
  const told = { onProgress: undefined, onWarning: undefined, onIndexUse: undefined, onEngineUse: undefined };
  return { ...context, ...told };
}

/** Tells what is odd with a film. */
export function tellWarnings(
  film: string,
  warnings: readonly FilmWarning[],
  { onWarning }: Pick<SearchContext, 'onWarning'>,
): void {
  for (const warning of warnings) onWarning?.(film, warning);
}

/** Where a collection's index is looked for. */
export interface IndexPlace {
  /** The collection's folder. */
  readonly dataFolder: string;
  /** The folder of all indexes. */
  readonly cacheRoot: string;
}

/** What a search read and did, and where the index had nothing to give. */
export interface IndexUse {
  /** False where none was built. */
  readonly hasIndex: boolean;
  /** Films that the index answered for, and films read from their archives. */
  readonly indexed: number;
  readonly archives: number;
  /**
   * Of those read from archives, the films of the collection, counted by the reason why the index was not used; empty
   * if there is none.
   */
  readonly passedOver: Readonly<Partial<Record<PassedOver, number>>>;
  /** Bytes read of the index, and of archives. */
  readonly bytesRead: number;
  /** Rows looked at: sketches in the index, vectors in archives. */
  readonly rowsScanned: number;
  /** Rows of the index that their bounds left, summed over the questions; and those of them that were scored. */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

/** What a search in an engine took. */
export interface EngineUse {
  /** The engine's address. */
  readonly engine: string;
  /** Rows of the films asked, summed over the questions as all that follows. */
  readonly rowsScanned: number;
  /** Rows that the engine's bounds left, and those of them that were fetched and scored here. */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

/**
 * Opens the search index, where there is one; close it when the search is over. The data folder may be missing: a film
 * given by path is searched without it.
 */
export async function openIndexOf({
  index: place,
  reading,
  onHint,
}: Pick<SearchContext, 'index' | 'reading' | 'onHint'>): Promise<SearchIndex | undefined> {
  if (!place || !existsSync(place.dataFolder)) return undefined;
  const folder = indexFolder(place.cacheRoot, place.dataFolder);
  const isThere = orErrorSync(() => hasIndexFolder(folder));
  if (isThere instanceof GialloError) onHint?.(`continuing without a search index: ${isThere.message}`);
  // What reads indexes is loaded where there is one.
  if (isThere !== true) return undefined;
  const { openIndex } = await import('../search-index/open-index.js');
  return openIndex(folder, place.dataFolder, reading);
}
