/**
 * The rows that can still be among the answers to a question, by the bounds of their closeness. They are gathered film
 * by film, then scored, the best bound first, until the answers are closer than all bounds that are left.
 */
import { catchGialloSync, GialloError } from '../errors.js';
import { type BlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import { type FilmLimits, FilmSelection, type Filters, minClosenessOf } from '../ranking/film-selection.js';
import type { Range } from '../ranking/rows.js';
import { type Hit, TopK } from '../ranking/top-k.js';
import { type NumberedQuestion, scoreBlock } from './film-part.js';

/** A row to score. */
interface Candidate {
  /** The film's ordinal, as in hits. */
  readonly film: number;
  readonly index: number;
  /** The upper bound of its closeness. */
  readonly most: number;
}

/** The candidates of a film. */
interface FilmCandidates {
  readonly limits: FilmLimits;
  /** The rows that may be among the answers, and the upper bounds of their closeness. */
  readonly indices: number[];
  readonly most: number[];
  /** The best lower bounds, until all rows have bounds; then the best scores. */
  selection: FilmSelection;
  /** The closeness below which no row of the film can be among the answers. */
  floor: number;
}

/** The candidates of one question. Films are begun, given rows and ended; then rows are taken and scored. */
export class Candidates {
  readonly #k: number;
  /** The k best lower bounds within the limits: the answer's last hit is as close as the last of them. */
  readonly #guaranteed: TopK;
  /** By ordinal. */
  readonly #films = new Map<number, FilmCandidates>();
  #floor: number;

  constructor(filters: Filters) {
    this.#k = filters.k;
    this.#guaranteed = new TopK(filters.k);
    this.#floor = minClosenessOf(filters) ?? Number.NEGATIVE_INFINITY;
  }

  /** The closeness below which films need not be begun. */
  get floor(): number {
    return this.#floor;
  }

  /** Begins a film: bounds of its rows follow. */
  beginFilm(film: number, limits: FilmLimits): void {
    const selection = new FilmSelection(film, limits);
    this.#films.set(film, { limits, indices: [], most: [], selection, floor: this.#floor });
  }

  /** The closeness below which rows of the film need not be added. */
  floorOf(film: number): number {
    return Math.max(this.#floor, this.#filmOf(film).floor);
  }

  /** Adds a row of a film with the lower and the upper bound of its closeness. */
  addRow(film: number, index: number, { least, most }: Range): void {
    const { indices, most: bounds, selection } = this.#filmOf(film);
    if (selection.excludes(index, most)) return;
    indices.push(index);
    bounds.push(most);
    selection.offer(index, least);
  }

  /** Raises the film's floor by the rows added. */
  settleFilm(film: number): void {
    const found = this.#filmOf(film);
    found.floor = Math.max(found.floor, found.selection.floorOfFilm());
  }

  /** Ends a film whose rows are all bounded. */
  endFilm(film: number): void {
    const found = this.#filmOf(film);
    for (const hit of found.selection.best().kept) this.#guaranteed.offer(hit);
    this.#floor = Math.max(this.#floor, this.#guaranteed.floor());
    found.selection = new FilmSelection(film, found.limits);
  }

  /**
   * Returns the rows whose bounds reach the floors, the largest bound first, and forgets them. Films may be added
   * later.
   */
  take(): Candidate[] {
    const rows: Candidate[] = [];
    for (const [film, { indices, most, floor }] of this.#films) {
      for (let i = 0; i < indices.length; i++) {
        if (most[i] >= Math.max(this.#floor, floor)) rows.push({ film, index: indices[i], most: most[i] });
      }
      indices.length = 0;
      most.length = 0;
    }
    return rows.sort((a, b) => b.most - a.most);
  }

  /** Whether the candidate may still be among the answers, by the floors of the last `settle`. */
  isOpen({ film, index, most }: Candidate): boolean {
    const { floor, selection } = this.#filmOf(film);
    return most >= this.#floor && most >= floor && !selection.excludes(index, most);
  }

  /** Takes the closeness of a candidate, as scored. */
  offer({ film, index }: Candidate, closeness: number): void {
    this.#filmOf(film).selection.offer(index, closeness);
  }

  /** Raises the floors by what was offered. */
  settle(): void {
    const top = new TopK(this.#k);
    for (const film of this.#films.values()) {
      film.floor = Math.max(film.floor, film.selection.floorOfFilm());
      for (const hit of film.selection.best().kept) top.offer(hit);
    }
    this.#floor = Math.max(this.#floor, top.floor());
  }

  /** The film's hits that can be among the answers, closest first. */
  hitsOf(film: number): Hit[] {
    const hits = this.#films.get(film)?.selection.sorted() ?? [];
    return hits.filter(({ closeness }) => closeness >= this.#floor);
  }

  #filmOf(film: number): FilmCandidates {
    return this.#films.get(film) as FilmCandidates;
  }
}

/** Reads rows of a film, given by its ordinal, from `first` on. Errors: `index-damaged`, `file-unreadable`. */
type ReadRows = (film: number, first: number, target: Float32Array) => void;

/** What the scoring of a question's candidates took. */
interface CandidateScoring {
  /** Candidates whose bounds reached the floors. */
  readonly left: number;
  /** Candidates that were scored. */
  readonly scored: number;
  /**
   * Why rows of films, by their ordinals, could not be read from the index. With a failure, the hits must not be used.
   */
  readonly failures: ReadonlyMap<number, GialloError>;
}

/** Rows that are scored before floors are computed for the first time; each later round has twice as many. */
const firstRound = 32;

/** Scores the rows added to `candidates` since the last time, as far as they may be among the answers. */
export function scoreCandidates(
  candidates: Candidates,
  question: NumberedQuestion,
  readRows: ReadRows,
  scorer: BlockScorer,
  { dim, filters: { metric } }: { readonly dim: number; readonly filters: Filters },
): CandidateScoring {
  const left = candidates.take();
  const failures = new Map<number, GialloError>();
  const perBlock = rowsPerBlock(dim);
  const values = new Float32Array(Math.min(perBlock, Math.max(1, left.length)) * dim);
  const closeness = new Float64Array(perBlock);
  let scored = 0;

  const score = (block: readonly Candidate[]) => {
    const read = readCandidates(block, readRows, values, dim, failures);
    scorer.load(values.subarray(0, read.length * dim), read.length);
    const into = closeness.subarray(0, read.length).fill(Number.NEGATIVE_INFINITY);
    scoreBlock(scorer, question, metric, scorer.squares(), into);
    for (const [i, candidate] of read.entries()) candidates.offer(candidate, into[i]);
    scored += read.length;
  };

  for (let at = 0, round = firstRound; at < left.length; round *= 2) {
    const open: Candidate[] = [];
    // If a candidate's bound is below the floor, so are all that follow; a film's own floor rules out only the one
    // candidate.
    for (; at < left.length && open.length < round; at++)
      if (candidates.isOpen(left[at])) open.push(left[at]);
    for (let start = 0; start < open.length; start += perBlock) score(open.slice(start, start + perBlock));
    candidates.settle();
  }
  return { left: left.length, scored, failures };
}

/**
 * Reads the rows of candidates into `values`, consecutive rows by one read. Returns the candidates in the order of
 * their rows in `values`, without those of films that fail.
 */
function readCandidates(
  block: readonly Candidate[],
  readRows: ReadRows,
  values: Float32Array,
  dim: number,
  failures: Map<number, GialloError>,
): Candidate[] {
  const sorted = [...block].sort((a, b) => a.film - b.film || a.index - b.index);
  const read: Candidate[] = [];
  for (let first = 0, end = 1; first < sorted.length; first = end++) {
    const { film, index } = sorted[first];
    while (sorted[end]?.film === film && sorted[end].index === index + end - first) end++;
    if (failures.has(film)) continue;
    const target = values.subarray(read.length * dim, (read.length + end - first) * dim);
    const failure = catchGialloSync(() => readRows(film, index, target));
    if (failure instanceof GialloError) failures.set(film, failure);
    else read.push(...sorted.slice(first, end));
  }
  return read;
}
