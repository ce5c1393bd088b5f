/**
 * The search over the films that the search index answers for: bounds for all rows from their sketches, then the scores
 * of the few rows that can be among the answers. The part of each film is that of a scan, but for frames that cannot be
 * among the answers.
 */
import type { FilmEntry } from '../collection/film.js';
import { GialloError, orError, orErrorSync } from '../errors.js';
import type { BlockScorer } from '../kernel/block-scorer.js';
import { warningsOf } from '../search-index/film-rows.js';
import type { IndexedFilm, SearchIndex } from '../search-index/open-index.js';
import { damaged } from '../search-index/section-file.js';
import {
  type FilmReach,
  fewestHeadedFilms,
  type HeadedFilm,
  headBytes,
  removeHeads,
} from '../search-index/sketch-heads.js';
import { letSignalsIn } from '../threads/concurrency.js';
import { type Candidates, scoreCandidates } from './candidates.js';
import { type IndexUse, tellWarnings } from './context.js';
import { type FilmPart, nameHits, type Search } from './film-part.js';
import { gatherCandidates } from './gather-candidates.js';
import { findIndexParts, type IndexPart, type IndexParts, inOrder, isWorthwhile } from './index-parts.js';
import type { Question } from './question.js';

/** The parts of the films that the index answered for, and what that took; the other films are to be scanned. */
export interface IndexOutcome
  extends Pick<IndexUse, 'rowsLeft' | 'rowsScored'>,
    Pick<IndexParts, 'passedOver'> {
  readonly parts: readonly FilmPart[];
}

type Counts = { -readonly [Key in 'rowsLeft' | 'rowsScored']: number };

/** The most questions of one pass over the sketches: each keeps bounds for all rows of a film. */
const questionsAtOnce = 16;

/**
 * Searches the films that `index` can answer for. If a film's files turn out to be damaged, the search starts again
 * without the film: its rows have raised the floors for all others, and may be lost in its archive too. Errors: the
 * signal's reason.
 */
export async function searchByIndex(
  search: Search,
  index: SearchIndex,
  scorer: BlockScorer,
): Promise<IndexOutcome> {
  let found = await findIndexParts(search, index, search.films.length >= fewestHeadedFilms);
  if (!isWorthwhile(search, found.parts)) found = { ...found, parts: [] };
  for (;;) {
    const { parts, passedOver } = found;
    const counts: Counts = { rowsLeft: 0, rowsScored: 0 };
    const answered = await orError(() => answerQuestions({ search, index, parts, scorer, counts }));
    if (answered instanceof GialloError) found = await withoutHeads(answered, found, search, index);
    else if (parts.some(({ failure }) => failure)) found = await withoutFailed(found);
    else {
      for (const { asked, meta } of parts)
        tellWarnings(asked.entry.name, warningsOf(meta, asked.entry.path), search.context);
      return { parts: answered, passedOver, ...counts };
    }
  }
}

/**
 * The parts for a search without the heads, since these are damaged or their basis is missing: each film still has its
 * sketches. Errors: `error` itself, if the heads were not used.
 */
async function withoutHeads(
  error: GialloError,
  { isByHeads }: IndexParts,
  search: Search,
  index: SearchIndex,
): Promise<IndexParts> {
  if (!isByHeads) throw error;
  if (error.code === 'index-damaged') removeHeads(index.folder);
  return findIndexParts(search, index, false);
}

async function withoutFailed({ parts, passedOver, isByHeads }: IndexParts): Promise<IndexParts> {
  const failed = parts.filter(({ failure }) => failure);
  for (const { film, failure } of failed) if (failure?.code === 'index-damaged') await film?.removeDamaged();
  return {
    parts: parts.filter(({ failure }) => !failure),
    passedOver: new Map([...passedOver, ...failed.map(({ asked }) => [asked, 'damaged'] as const)]),
    isByHeads,
  };
}

/** A few questions that are answered together. */
interface Round {
  readonly search: Search;
  readonly index: SearchIndex;
  readonly parts: readonly IndexPart[];
  /** The positions of the questions: from `first` up to `end`. */
  readonly first: number;
  readonly end: number;
  readonly scorer: BlockScorer;
  readonly counts: Counts;
}

/** The parts of the films; not to be used if one of `parts` has a failure. Errors: those of the heads. */
async function answerQuestions(work: Omit<Round, 'first' | 'end'>): Promise<FilmPart[]> {
  const { search, parts } = work;
  const { length } = search.questions;
  for (let first = 0; first < length; first += questionsAtOnce) {
    const round = { ...work, first, end: Math.min(first + questionsAtOnce, length) };
    const candidates = await gather(round);
    scoreLeft(round, candidates);
    if (parts.some(({ failure }) => failure)) return [];
    for (const [i, each] of candidates.entries())
      for (const part of parts) part.hits.set(first + i, each.hitsOf(part.asked.ordinal));
  }
  return parts.flatMap((part) => {
    const found = orErrorSync(() => filmPart(part));
    if (!(found instanceof GialloError)) return found;
    part.failure = found;
    return [];
  });
}

/** Gathers the candidates of the questions of a round. Errors: those of the heads. */
async function gather(round: Round): Promise<readonly Candidates[]> {
  const { search, index, first, end } = round;
  const { questions, filters, context } = search;
  const mine = questions.slice(first, end);
  const films = await homeFilms(mine, index);
  const { candidates, addFilm, reachOf, isInReach } = gatherCandidates(mine, filters, index, films);
  const askedOf = ({ asked }: IndexPart) =>
    asked.asked.filter((q) => q >= first && q < end).map((q) => q - first);
  const parts = round.parts.filter((part) => part.meta.frames > 0 && askedOf(part).length > 0);
  const reaches = new Map<HeadedFilm, FilmReach>();
  for (const reach of reachOf(parts.flatMap(({ headed }) => headed ?? []))) {
    reaches.set(reach.film, reach);
    await letSignalsIn(context.signal);
  }
  const reachOfPart = ({ headed }: IndexPart) => headed && reaches.get(headed);
  const add = async (part: IndexPart) => {
    const reach = reachOfPart(part);
    if (reach) part.bytesRead += part.meta.frames * headBytes;
    const asked = askedOf(part).filter((q) => !reach || isInReach(q, reach));
    if (asked.length > 0 && !part.failure)
      await addPart(part, index, (film) => addFilm(film, part.asked.ordinal, asked));
    await letSignalsIn(context.signal);
  };
  const homes = parts.filter(({ isHome }) => isHome);
  const others = inOrder(
    parts.filter(({ isHome }) => !isHome),
    (part) => Math.max(...(reachOfPart(part)?.most ?? [])),
  );
  const firstParts = homes.length > 0 ? homes : others.splice(0, 1);
  for (const part of firstParts) await add(part);
  // The scores of the first films raise the floors, so that fewer of the others are opened.
  if (reaches.size > 0) scoreLeft(round, candidates);
  for (const part of others) await add(part);
  return candidates;
}

/** The films that questions are about, as far as the index has them. */
async function homeFilms(questions: readonly Question[], index: SearchIndex) {
  const homes = new Map<FilmEntry, IndexedFilm>();
  for (const { film: entry } of questions.flatMap(({ origin }) => origin)) {
    const film = await index.film(entry);
    if (typeof film !== 'string') homes.set(entry, film);
  }
  return homes;
}

/** Opens a film if it is not open yet, and adds it. An error becomes its failure. */
async function addPart(part: IndexPart, index: SearchIndex, add: (film: IndexedFilm) => void): Promise<void> {
  const film = part.film ?? (await index.film(part.asked.entry));
  if (typeof film === 'string') {
    part.failure = damaged(part.asked.entry.path, 'its sketches are missing');
    return;
  }
  part.film = film;
  part.bytesRead += film.sketches.byteLength;
  const failure = orErrorSync(() => add(film));
  if (failure instanceof GialloError) part.failure = failure;
}

/** Scores the candidates that the films added so far have left for the questions of a round. */
function scoreLeft({ search, parts, first, scorer, counts }: Round, candidates: readonly Candidates[]): void {
  const byOrdinal = new Map(parts.map((part) => [part.asked.ordinal, part]));
  const partOf = (ordinal: number) => byOrdinal.get(ordinal) as IndexPart;
  const readRows = (ordinal: number, firstRow: number, target: Float32Array) => {
    const part = partOf(ordinal);
    filmOf(part).rows().readRows(firstRow, target);
    part.bytesRead += target.byteLength;
  };
  for (const [i, each] of candidates.entries()) {
    const question = search.questions[first + i];
    const { left, scored, failures } = scoreCandidates(each, question, readRows, scorer, search);
    counts.rowsLeft += left;
    counts.rowsScored += scored;
    for (const [ordinal, failure] of failures) partOf(ordinal).failure = failure;
    search.context.signal?.throwIfAborted();
  }
}

/** The film of a part that was added to a gathering. */
function filmOf({ film }: IndexPart): IndexedFilm {
  return film as IndexedFilm;
}

function filmPart(part: IndexPart): FilmPart {
  const { asked, meta, hits, bytesRead } = part;
  const { frames, zero, nonFinite } = meta;
  const found = asked.asked.map((q) => hits.get(q) ?? []);
  const filenames = found.some(({ length }) => length > 0) ? filmOf(part).rows().filenames() : [];
  const named = found.map((hits) => nameHits(hits, filenames));
  return { film: asked, frames, zero, nonFinite, hits: named, bytesRead };
}
