/** Whether and how a search uses the search index. */
import { existsSync } from 'node:fs';
import type { ReadingOptions } from '../collection/film.js';
import type { PassedOver, SearchIndex } from '../search-index/open-index.js';

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
  /** Films of the collection among the latter, by why the index was passed over; empty where there is none. */
  readonly passedOver: Readonly<PassedOverCounts>;
  /** Bytes read of the index, and of archives. */
  readonly bytesRead: number;
  /** Rows looked at: sketches in the index, vectors in archives. */
  readonly rowsScanned: number;
  /** Rows of the index that their bounds left, summed over the questions; and those of them that were scored. */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

type PassedOverCounts = Partial<Record<PassedOver, number>>;

/** The same while it is counted. */
export type IndexCounts = { -readonly [Key in Exclude<keyof IndexUse, 'passedOver'>]: IndexUse[Key] } & {
  readonly passedOver: PassedOverCounts;
};

/** Counts from nothing. */
export function countIndexUse(index: SearchIndex | undefined): IndexCounts {
  const counts = { indexed: 0, archives: 0, bytesRead: 0, rowsScanned: 0, rowsLeft: 0, rowsScored: 0 };
  return { hasIndex: index !== undefined, passedOver: {}, ...counts };
}

/**
 * Opens the index of a place, where there is one; close it when the search is over. The data folder may be missing: a
 * film given by path is searched without it.
 */
export async function openIndexAt(
  place: IndexPlace | undefined,
  reading: ReadingOptions | undefined,
): Promise<SearchIndex | undefined> {
  if (!place || !existsSync(place.dataFolder)) return undefined;
  const { openIndex } = await import('../search-index/open-index.js');
  return openIndex(place.dataFolder, place.cacheRoot, reading);
}
