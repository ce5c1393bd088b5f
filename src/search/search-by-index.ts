/**
 * The search over those films that the search index answers for: bounds for all rows from their sketches, then the true
 * scores of the few rows that matter. What it gives for a film is what a scan of the film would give, less what cannot
 * be among the answers.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FilmEntry } from '../collection/film.js';
import { GialloError } from '../errors.js';
import type { BlockScorer } from '../kernel/block-scorer.js';
import type { Hit } from '../ranking/top-k.js';
import type { IndexedFilm, SearchIndex } from '../search-index/open-index.js';
import type { SearchContext } from './context.js';
import { gatherCandidates } from './gather-candidates.js';
import type { IndexCounts } from './index-use.js';
import type { Filters, Question } from './question.js';
import type { FilmScan } from './scan.js';
import type { ScoredQuery } from './score-block.js';
import { scoreCandidates } from './score-candidates.js';

/** What is asked of which films. */
export interface IndexedSearch {
  readonly questions: readonly Question[];
  /** The questions as `scorer` numbers their vectors. */
  readonly queries: readonly ScoredQuery[];
  /** In the order that breaks ties: a film's position is its ordinal. */
  readonly films: readonly FilmEntry[];
  /** The questions that are asked of each film, by their positions. */
  readonly askedOf: ReadonlyMap<FilmEntry, readonly number[]>;
  readonly dim: number;
  readonly scorer: BlockScorer;
  readonly filters: Filters;
  readonly context: SearchContext;
}

/** A film's part in the answers. */
export interface IndexedScan {
  readonly scan: FilmScan;
  /** By index; those of the hits at least. */
  readonly filenames: readonly string[];
}

/** Questions answered in one pass over the sketches; each keeps bounds for all rows of a film at a time. */
const questionsAtOnce = 16;
/** How long to work before signals get their turn. */
const turnMs = 20;

/**
 * The films' parts, of those that `index` can answer for; the others are to be read from their archives. Counts what it
 * does in `counts`. Throws the signal's reason.
 */
export async function searchByIndex(
  index: SearchIndex,
  search: IndexedSearch,
  counts: IndexCounts,
): Promise<ReadonlyMap<FilmEntry, IndexedScan>> {
  const parts = await findParts(index, search, counts);
  for (let first = 0; first < search.questions.length; first += questionsAtOnce) {
    await answerQuestions(
      first,
      Math.min(first + questionsAtOnce, search.questions.length),
      parts,
      search,
      counts,
    );
  }
  const scans = new Map<FilmEntry, IndexedScan>();
  for (const part of parts) {
    if (!part.failure) part.failure = failureOf(() => scans.set(part.film.entry, scanOf(part)));
    if (part.failure) {
      counts.passedOver.damaged = (counts.passedOver.damaged ?? 0) + 1;
      if (part.failure.code === 'index-damaged') await part.film.removeDamaged();
    } else {
      counts.indexed++;
      tellWarnings(part.film, search.context);
    }
  }
  return scans;
}

/** A film of the index, and its part in the search. */
interface Part {
  readonly film: IndexedFilm;
  readonly ordinal: number;
  /** The questions asked of it, by position, and their hits. */
  readonly asked: readonly number[];
  readonly hits: Map<number, readonly Hit[]>;
  /** Set as soon as one of its files turns out to be damaged or unreadable: then nothing found in it counts. */
  failure?: GialloError | undefined;
}

/** The films that the index answers for, those asked about first, since they raise the floors for all others. */
async function findParts(
  index: SearchIndex,
  { films, askedOf, questions, dim }: IndexedSearch,
  counts: IndexCounts,
): Promise<Part[]> {
  const parts: Part[] = [];
  for (const [ordinal, entry] of films.entries()) {
    const film = await index.film(entry);
    if (film === 'elsewhere') continue;
    if (typeof film === 'string') {
      counts.passedOver[film] = (counts.passedOver[film] ?? 0) + 1;
      continue;
    }
    const { frames, dim: found } = film.sketches.meta;
    // A film of another dim is left to the plain way, which opens it and says so.
    if (frames > 0 && found !== dim) continue;
    parts.push({ film, ordinal, asked: askedOf.get(entry) ?? [], hits: new Map() });
  }
  const home = new Set(questions.flatMap(({ origin }) => origin.map(({ film }) => film)));
  const [first, others] = [true, false].map((isHome) =>
    parts.filter(({ film }) => home.has(film.entry) === isHome),
  );
  return [...first, ...others];
}

/** Answers the questions from `first` on, up to `end`. */
async function answerQuestions(
  first: number,
  end: number,
  parts: readonly Part[],
  { questions, queries, filters, dim, scorer, context }: IndexedSearch,
  counts: IndexCounts,
): Promise<void> {
  const { candidates, addFilm } = gatherCandidates(questions.slice(first, end), filters);
  let turnedMs = performance.now();
  for (const part of parts) {
    const { film, ordinal } = part;
    const asked = part.asked.filter((q) => q >= first && q < end).map((q) => q - first);
    if (asked.length === 0 || film.sketches.meta.frames === 0 || part.failure) continue;
    counts.bytesRead += film.sketches.byteLength;
    counts.rowsScanned += film.sketches.meta.frames;
    part.failure = failureOf(() => addFilm(film, ordinal, asked));
    if (part.failure) for (const each of candidates) each.dropFilm(ordinal);
    if (performance.now() - turnedMs > turnMs) {
      await nextTurn();
      turnedMs = performance.now();
    }
    context.signal?.throwIfAborted();
  }

  const byOrdinal = new Map(parts.map((part) => [part.ordinal, part]));
  const partOf = (ordinal: number) => byOrdinal.get(ordinal) as Part;
  for (const [i, each] of candidates.entries()) {
    const rowsOf = (ordinal: number) => partOf(ordinal).film.rows();
    const scoring = scoreCandidates(each, queries[first + i], rowsOf, scorer, dim, filters);
    counts.rowsLeft += scoring.left;
    counts.rowsScored += scoring.scored;
    counts.bytesRead += scoring.scored * dim * 4;
    for (const [ordinal, failure] of scoring.failures) partOf(ordinal).failure = failure;
    for (const part of parts) part.hits.set(first + i, each.hitsOf(part.ordinal));
    context.signal?.throwIfAborted();
  }
}

function scanOf({ film, asked, hits }: Part): IndexedScan {
  const { frames, zero, nonFinite } = film.sketches.meta;
  const found = asked.map((q) => hits.get(q) ?? []);
  const filenames = found.some(({ length }) => length > 0) ? film.rows().filenames() : [];
  return { scan: { frames, zero, nonFinite, becameInfinite: 0, hits: found }, filenames };
}

function tellWarnings({ entry, sketches }: IndexedFilm, { onWarning }: SearchContext): void {
  for (const { code, message } of sketches.meta.warnings) {
    onWarning?.(entry.name, { code, message: entry.path + message });
  }
}

/** Why an index file could not be used, if so. */
function failureOf(work: () => void): GialloError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof GialloError) return error;
    throw error;
  }
}
