/** The films that a search asks of the search index: which they are, and whether that is worth it. */
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
  /** Where the heads of the sketches have it. */
  readonly headed: HeadedFilm | undefined;
  /** Whether a question is about one of its frames. */
  readonly isHome: boolean;
  /** Set once it is opened, which a film that heads have needs not be. */
  film: IndexedFilm | undefined;
  /** By the positions of the questions. */
  readonly hits: Map<number, readonly Hit[]>;
  bytesRead: number;
  /** Set where one of its files turns out to be damaged or unreadable. */
  failure?: GialloError | undefined;
}

/** The films that a search asks of the index. */
export interface IndexParts {
  readonly parts: readonly IndexPart[];
  /** The other films of the collection, and why the index does not answer for them. */
  readonly passedOver: ReadonlyMap<AskedFilm, PassedOver>;
  /** Whether films may be in it by what the heads of their sketches say. */
  readonly isByHeads: boolean;
}

/**
 * The films that the index answers for. The films asked about come first, since they raise the floors for all others.
 */
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
    if (!isOfUse(meta, search)) continue;
    const isHome = home.has(asked.entry);
    parts.push({ asked, meta, headed, isHome, film, hits: new Map(), bytesRead: 0 });
  }
  return { parts: inOrder(parts, ({ isHome }) => (isHome ? 1 : 0)), passedOver, isByHeads };
}

/** A film of another dim is left to the scan, which opens it and reports it. Very long rows have no sketches. */
function isOfUse({ frames, dim, basis }: SketchesMeta, search: Search): boolean {
  return frames === 0 || (dim === search.dim && basis !== null);
}

/** The greatest first, and equals as they were. */
export function inOrder(parts: readonly IndexPart[], greatness: (part: IndexPart) => number): IndexPart[] {
  return [...parts].sort((a, b) => greatness(b) - greatness(a));
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
  /** To find a row that bounds have left, and to read and score each of its numbers. */
  scoredRow: 12,
  scoredNumber: 0.008,
} as const;
/**
 * How many rows the bounds leave to score for each row that is wanted: 1.2 to 2 were measured where many are wanted.
 */
const leftPerResult = 2;

/**
 * False if scanning the archives is faster: for short rows, or for so many results that most rows would be scored one
 * by one.
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
