/**
 * The search over those films that the search index answers for: bounds for all rows from their sketches, then the true
 * scores of the few rows that matter. What it gives for a film is what a scan of the film would give, less what cannot
 * be among the answers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GialloError, orErrorSync } from '../errors.js';
import type { BlockScorer } from '../kernel/block-scorer.js';
import type { Hit } from '../ranking/top-k.js';
import type { IndexedFilm, SearchIndex } from '../search-index/open-index.js';
import { type Candidates, scoreCandidates } from './candidates.js';
import type { IndexUse } from './context.js';
import { type AskedFilm, type FilmPart, nameHits, type Search } from './film-part.js';
import { gatherCandidates } from './gather-candidates.js';

/** The parts of the films that the index answered for, and what that took; the other films are to be scanned. */
export interface IndexedParts extends Pick<IndexUse, 'passedOver' | 'rowsLeft' | 'rowsScored'> {
  readonly parts: readonly FilmPart[];
}

/** A film of the index, and what is found in it. */
interface Part {
  readonly asked: AskedFilm;
  readonly film: IndexedFilm;
  /** By the positions of the questions. */
  readonly hits: Map<number, readonly Hit[]>;
  bytesRead: number;
  /** Set where one of its files turns out to be damaged or unreadable. */
  failure?: GialloError | undefined;
}

type Counts = { -readonly [Key in 'rowsLeft' | 'rowsScored']: number };

/** Questions answered in one pass over the sketches; each keeps bounds for all rows of a film at a time. */
const questionsAtOnce = 16;
/** How long to work before signals get their turn. */
const turnMs = 20;

/**
 * Searches the films that `index` can answer for. A film whose files turn out to be damaged has raised the floors for
 * all others by rows that nobody may find again: so the search is begun anew without it. Throws the signal's reason.
 */
export async function searchByIndex(
  search: Search,
  index: SearchIndex,
  scorer: BlockScorer,
): Promise<IndexedParts> {
  const passedOver: Partial<Record<keyof IndexUse['passedOver'], number>> = {};
  let parts = await findParts(search, index, passedOver);
  if (!isWorthwhile(search, parts)) parts = [];
  for (;;) {
    const counts: Counts = { rowsLeft: 0, rowsScored: 0 };
    const found = await answerQuestions(search, parts, scorer, counts);
    const failed = parts.filter(({ failure }) => failure);
    if (failed.length === 0) {
      for (const { film } of parts) tellWarnings(film, search);
      return { parts: found, passedOver, ...counts };
    }
    passedOver.damaged = (passedOver.damaged ?? 0) + failed.length;
    for (const { film, failure } of failed) if (failure?.code === 'index-damaged') await film.removeDamaged();
    parts = parts.filter(({ failure }) => !failure);
  }
}

/** The films that the index answers for, those asked about first, since they raise the floors for all others. */
async function findParts(
  { films, questions, dim }: Search,
  index: SearchIndex,
  passedOver: Partial<Record<keyof IndexUse['passedOver'], number>>,
): Promise<Part[]> {
  const home = new Set(questions.flatMap(({ origin }) => origin.map(({ film }) => film)));
  const [first, others]: [Part[], Part[]] = [[], []];
  for (const asked of films) {
    const film = await index.film(asked.entry);
    if (film === 'elsewhere') continue;
    if (typeof film === 'string') {
      passedOver[film] = (passedOver[film] ?? 0) + 1;
      continue;
    }
    const { frames, dim: found, basis } = film.sketches.meta;
    // A film of another dim is left to the scan, which opens it and says so; of very long rows there are no sketches.
    if (frames > 0 && (found !== dim || basis === null)) continue;
    (home.has(asked.entry) ? first : others).push({ asked, film, hits: new Map(), bytesRead: 0 });
  }
  return [...first, ...others];
}

/** What work takes in microseconds, measured on one core of 2023; what matters is how they compare. */
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
/** Rows that bounds leave to score, as a multiple of those that are wanted: measured, 1.2 to 2 where many are. */
const leftPerResult = 2;

/** False where the archives are sooner scanned: short rows, or so many results that most rows would be scored one by one. */
function isWorthwhile({ questions, filters, dim }: Search, parts: readonly Part[]): boolean {
  const queries = questions.reduce((sum, { vectors }) => sum + vectors.length, 0);
  let rows = 0;
  let scanning = 0;
  for (const { film } of parts) {
    const { frames, isDeflated } = film.sketches.meta;
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

/** What the films give to the answers; nothing of use where one of them has failed. */
async function answerQuestions(
  search: Search,
  parts: readonly Part[],
  scorer: BlockScorer,
  counts: Counts,
): Promise<FilmPart[]> {
  const { questions } = search;
  for (let first = 0; first < questions.length; first += questionsAtOnce) {
    const end = Math.min(first + questionsAtOnce, questions.length);
    const candidates = await gather(search, first, end, parts);
    if (parts.some(({ failure }) => failure)) return [];
    scoreAll(search, first, candidates, parts, scorer, counts);
    search.context.signal?.throwIfAborted();
  }
  return parts.flatMap((part) => {
    const found = orErrorSync(() => filmPart(part));
    if (!(found instanceof GialloError)) return found;
    part.failure = found;
    return [];
  });
}

/** What the films may give to the questions from `first` up to `end`. */
async function gather(
  { questions, filters, context }: Search,
  first: number,
  end: number,
  parts: readonly Part[],
): Promise<readonly Candidates[]> {
  const { candidates, addFilm } = gatherCandidates(questions.slice(first, end), filters);
  let turnedMs = process.uptime() * 1000;
  for (const part of parts) {
    const { film, asked } = part;
    const mine = asked.asked.filter((q) => q >= first && q < end).map((q) => q - first);
    if (mine.length === 0 || film.sketches.meta.frames === 0 || part.failure) continue;
    part.bytesRead += film.sketches.byteLength;
    const failure = orErrorSync(() => addFilm(film, asked.ordinal, mine));
    if (failure instanceof GialloError) part.failure = failure;
    if (process.uptime() * 1000 - turnedMs > turnMs) {
      await nextTurn();
      turnedMs = process.uptime() * 1000;
    }
    context.signal?.throwIfAborted();
  }
  return candidates;
}

/** Scores the candidates of the questions from `first` on. */
function scoreAll(
  search: Search,
  first: number,
  candidates: readonly Candidates[],
  parts: readonly Part[],
  scorer: BlockScorer,
  counts: Counts,
): void {
  const byOrdinal = new Map(parts.map((part) => [part.asked.ordinal, part]));
  const partOf = (ordinal: number) => byOrdinal.get(ordinal) as Part;
  const readRows = (ordinal: number, firstRow: number, target: Float32Array) => {
    const part = partOf(ordinal);
    part.film.rows().readRows(firstRow, target);
    part.bytesRead += target.byteLength;
  };
  for (const [i, each] of candidates.entries()) {
    const question = search.questions[first + i];
    const { left, scored, failures } = scoreCandidates(each, question, readRows, scorer, search);
    counts.rowsLeft += left;
    counts.rowsScored += scored;
    for (const [ordinal, failure] of failures) partOf(ordinal).failure = failure;
    for (const part of parts) part.hits.set(first + i, each.hitsOf(part.asked.ordinal));
  }
}

function filmPart({ asked, film, hits, bytesRead }: Part): FilmPart {
  const { frames, zero, nonFinite } = film.sketches.meta;
  const found = asked.asked.map((q) => hits.get(q) ?? []);
  const filenames = found.some(({ length }) => length > 0) ? film.rows().filenames() : [];
  const named = found.map((hits) => nameHits(hits, filenames));
  return { film: asked, frames, zero, nonFinite, hits: named, bytesRead };
}

function tellWarnings({ entry, sketches }: IndexedFilm, { context }: Search): void {
  for (const { code, message } of sketches.meta.warnings) {
    context.onWarning?.(entry.name, { code, message: entry.path + message });
  }
}
