/** Scores the candidates of a question canonically, best bound first, until what is found beats what is left. */
import { GialloError } from '../errors.js';
import { type BlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import type { FilmRows } from '../search-index/film-rows.js';
import type { Candidate, Candidates } from './candidates.js';
import type { Filters } from './question.js';
import { type ScoredQuery, scoreBlock } from './score-block.js';

export interface CandidateScoring {
  /** Candidates that the bounds left. */
  readonly left: number;
  /** Those of them that were scored. */
  readonly scored: number;
  /** Ordinals of films whose rows could not be read from the index. */
  readonly damaged: ReadonlySet<number>;
}

/** The rows scored before floors are drawn for the first time; the double each time after. */
const firstRound = 32;

/** Offers `candidates` the closeness of all that may be among the answers. `rowsOf` opens the rows of a film. */
export function scoreCandidates(
  candidates: Candidates,
  question: ScoredQuery,
  rowsOf: (film: number) => FilmRows,
  scorer: BlockScorer,
  dim: number,
  filters: Filters,
): CandidateScoring {
  const left = candidates.left();
  const damaged = new Set<number>();
  const perBlock = rowsPerBlock(dim);
  const values = new Float32Array(Math.min(perBlock, Math.max(1, left.length)) * dim);
  const closeness = new Float64Array(perBlock);
  let scored = 0;

  const score = (block: readonly Candidate[]) => {
    const read: Candidate[] = [];
    for (const candidate of inFileOrder(block)) {
      const target = values.subarray(read.length * dim, (read.length + 1) * dim);
      if (damaged.has(candidate.film)) continue;
      if (isRead(rowsOf, candidate, target)) read.push(candidate);
      else {
        damaged.add(candidate.film);
        candidates.dropFilm(candidate.film);
      }
    }
    scorer.load(values.subarray(0, read.length * dim), read.length);
    const into = closeness.subarray(0, read.length).fill(Number.NEGATIVE_INFINITY);
    scoreBlock(scorer, question, filters, scorer.squares(), into);
    for (const [i, candidate] of read.entries()) candidates.offer(candidate, into[i]);
    scored += read.length;
  };

  for (let at = 0, round = firstRound; at < left.length; round *= 2) {
    const open: Candidate[] = [];
    // All that follow a candidate whose bound is below the floor are below it too; a film's own floor says it of one.
    for (; at < left.length && open.length < round; at++)
      if (candidates.isOpen(left[at])) open.push(left[at]);
    for (let start = 0; start < open.length; start += perBlock) score(open.slice(start, start + perBlock));
    candidates.settle();
  }
  return { left: left.length, scored, damaged };
}

function inFileOrder(block: readonly Candidate[]): Candidate[] {
  return [...block].sort((a, b) => a.film - b.film || a.index - b.index);
}

function isRead(
  rowsOf: (film: number) => FilmRows,
  { film, index }: Candidate,
  target: Float32Array,
): boolean {
  try {
    rowsOf(film).readRows(index, target);
    return true;
  } catch (error) {
    if (error instanceof GialloError) return false;
    throw error;
  }
}
