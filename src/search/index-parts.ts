/** Which films of a search the search index answers for, and whether it is faster than scanning them. */
import type { GialloError } from '../errors.js';
import type { Hit } from '../ranking/top-k.js';
import type { SketchesMeta } from '../search-index/film-sketches.js';
import type { IndexedFilm, PassedOver, SearchIndex } from '../search-index/open-index.js';
import type { HeadedFilm } from '../search-index/sketch-heads.js';
import type { AskedFilm, Search } from './film-part.js';

/** A film of the index, and what is found in it. */
export interface IndexPart {
  readonly asked: AskedFilm;
  /** What its sketch file says. */
  readonly meta: SketchesMeta;
  /** The film in the file of heads, if it is there. */
  readonly headed: HeadedFilm | undefined;
  /** Whether a question is about one of its frames. */
  readonly isHome: boolean;
  /** Set once it is opened; a film in the file of heads may never be. */
  film: IndexedFilm | undefined;
  /** By the positions of the questions. */
  readonly hits: Map<number, readonly Hit[]>;
  bytesRead: number;
  /** Set if one of its files turns out to be damaged or unreadable. */
  failure?: GialloError | undefined;
}

/** The films that the index answers for. */
export interface IndexParts {
  readonly parts: readonly IndexPart[];
  /** The other films of the collection, and why the index does not answer for them. */
  readonly passedOver: ReadonlyMap<AskedFilm, PassedOver>;
  /** Whether films in the file of heads are among the parts without having been opened. */
  readonly isByHeads: boolean;
}

/** Finds the films that the index answers for. */
export async function findIndexParts(
  search: Search,
  index: SearchIndex,
  isByHeads: boolean,
): Promise<IndexParts> {
  const passedOver = new Map<AskedFilm, PassedOver>();
  const home = new Set(search.questions.flatMap(({ origin }) => origin.map(({ film }) => film)));
  const parts: IndexPart[] = [];
  for (const asked of search.films) {
    const headed = isByHeads ? index.headed(asked.entry) : undefined;
    const film = headed ? undefined : await index.film(asked.entry);
    if (typeof film === 'string') {
      if (film !== 'elsewhere') passedOver.set(asked, film);
      continue;
    }
    const meta = (headed ?? film?.sketches)?.meta as SketchesMeta;
    if (!areSketchesUseful(meta, search)) continue;
    const isHome = home.has(asked.entry);
    parts.push({ asked, meta, headed, isHome, film, hits: new Map(), bytesRead: 0 });
  }
  return { parts, passedOver, isByHeads };
}

/**
 * Whether the index can answer for a film. The scan reports a film of another dim. Films of very long rows have no
 * sketches.
 */
function areSketchesUseful({ frames, dim, basis }: SketchesMeta, search: Search): boolean {
  return frames === 0 || (dim === search.dim && basis !== null);
}

/** Microseconds that each kind of work takes, measured on one core of 2023; only their ratios matter. */
const costs = {
  /** To open a film's archive, or its sketches. */
  archive: 1000,
  sketches: 200,
  /** To scan a row, to inflate or only read a number of it, and to multiply it. */
  scannedRow: 0.5,
  inflatedNumber: 0.02,
  storedNumber: 0.004,
  multipliedNumber: 0.0003,
  /** To read a row's sketch, and to bound it for a query. */
  sketchedRow: 0.8,
  boundedRow: 0.15,
  /** To find a row whose bounds reach the floors, and to read and score each of its numbers. */
  scoredRow: 12,
  scoredNumber: 0.008,
} as const;
/** Rows to score for each result: 1.2 to 2 were measured where there are many results. */
const leftPerResult = 2;

/**
 * Whether the index is faster than scanning the archives. It is slower for short rows, and for so many results that
 * most rows would be scored one by one.
 */
export function isWorthwhile({ questions, filters, dim }: Search, parts: readonly IndexPart[]): boolean {
  const queries = questions.reduce((sum, { vectors }) => sum + vectors.length, 0);
  let rows = 0;
  let scanning = 0;
  for (const { meta } of parts) {
    const { frames, isDeflated } = meta;
    const perNumber = isDeflated ? costs.inflatedNumber : costs.storedNumber;
    const perRow = costs.scannedRow + dim * (perNumber + queries * costs.multipliedNumber);
    scanning += costs.archive + frames * perRow;
    rows += frames;
  }
  const { k, perFilm = rows } = filters;
  const scored = questions.length * Math.min(rows, leftPerResult * Math.min(k, perFilm * parts.length));
  const bounding = parts.length * costs.sketches + rows * (costs.sketchedRow + queries * costs.boundedRow);
  return bounding + scored * (costs.scoredRow + dim * costs.scoredNumber) <= scanning;
}
