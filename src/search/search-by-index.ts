/**
 * The search over the films that the search index answers for: bounds for all rows from their sketches, then the scores
 * of the few rows that can be among the answers. The part of each film is that of a scan, but for frames that cannot be
 * among the answers.
 */
import type { FilmEntry } from '../collection/film.js';
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
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
import { type Gathering, gatherCandidates } from './gather-candidates.js';
import { findIndexParts, type IndexPart, type IndexParts, isWorthwhile } from './index-parts.js';
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
    const answered = await catchGiallo(() => answerQuestions({ search, index, parts, scorer, counts }));
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
    const found = catchGialloSync(() => filmPart(part));
    if (!(found instanceof GialloError)) return found;
    part.failure = found;
    return [];
  });
}

/** Gathers the candidates of the questions of a round. Errors: those of the heads. */
async function gather(round: Round): Promise<readonly Candidates[]> {
  const { search, index, first, end } = round;
  const questions = search.questions.slice(first, end);
  const homes = await homeFilms(questions, index);
  const gathering = gatherCandidates(questions, search.filters, index, homes);
  const films = await filmsOfRound(round, gathering);
  const firstFilms = Math.max(1, films.filter(({ part }) => part.isHome).length);
  const hasReaches = films.some(({ reach }) => reach);
  for (const [i, film] of films.entries()) {
    // The scores of the first films raise the floors, so that fewer of the others are opened.
    if (i === firstFilms && hasReaches) scoreLeft(round, gathering.candidates);
    await addInReach(film, gathering, index);
    await letSignalsIn(search.context.signal);
  }
  return gathering.candidates;
}

/** A film in a round. */
interface FilmOfRound {
  readonly part: IndexPart;
  /** The questions that are asked of it, by their positions in the round. */
  readonly asked: readonly number[];
  /** How close its rows can be; undefined if it has no heads. */
  readonly reach: FilmReach | undefined;
}

/** The films of a round with frames: those that questions are about, which raise the floors most, then the closest. */
async function filmsOfRound(
  { search, parts, first, end }: Round,
  { reachOf }: Gathering,
): Promise<FilmOfRound[]> {
  const films = parts
    .map((part) => ({
      part,
      asked: part.asked.asked.filter((q) => q >= first && q < end).map((q) => q - first),
    }))
    .filter(({ part, asked }) => part.meta.frames > 0 && asked.length > 0);
  const reaches = new Map<HeadedFilm | undefined, FilmReach>();
  for (const reach of reachOf(films.flatMap(({ part }) => part.headed ?? []))) {
    reaches.set(reach.film, reach);
    await letSignalsIn(search.context.signal);
  }
  const closeness = ({ part, reach }: FilmOfRound) =>
    part.isHome ? Number.POSITIVE_INFINITY : Math.max(...(reach?.most ?? []));
  return films
    .map((film) => ({ ...film, reach: reaches.get(film.part.headed) }))
    .sort((a, b) => closeness(b) - closeness(a));
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

/** Adds a film to the gathering if its rows can still be among the answers. An error becomes its failure. */
async function addInReach(
  { part, asked, reach }: FilmOfRound,
  { isInReach, addFilm }: Gathering,
  index: SearchIndex,
): Promise<void> {
  if (reach) part.bytesRead += part.meta.frames * headBytes;
  const inReach = asked.filter((q) => !reach || isInReach(q, reach));
  if (inReach.length === 0 || part.failure) return;
  const { entry, ordinal } = part.asked;
  const film = part.film ?? (await index.film(entry));
  if (typeof film === 'string') {
    part.failure = damaged(entry.path, 'its sketches are missing');
    return;
  }
  part.film = film;
  part.bytesRead += film.sketches.byteLength;
  const failure = catchGialloSync(() => addFilm(film, ordinal, inReach));
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
