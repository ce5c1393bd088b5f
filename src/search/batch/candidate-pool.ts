/**
 * The best of very many pairs of frames. The k-th best score so far is no bound for a greedy choice of pairs, since one
 * better pair can displace two others. So a pass over the films keeps as many of the best pairs as memory allows; if
 * the choice needs more, the next pass continues after the last of them.
 */

/** A pair of frames, numbered through all films; `a` has the lower number. */
export interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly closeness: number;
}

/** Closest first, then by the frames. A total order: no two different pairs are equal. */
export function compareCandidates(one: Candidate, other: Candidate): number {
  return other.closeness - one.closeness || one.a - other.a || one.b - other.b;
}

/** An end after all candidates of this closeness or more, and before all others. */
export function endAfter(closeness: number): Candidate {
  return { a: Number.MAX_VALUE, b: Number.MAX_VALUE, closeness };
}

/** The part of the candidates that a pool keeps. */
export interface PoolBounds {
  /** Only candidates that come after this one. */
  readonly after?: Candidate | undefined;
  /** No candidates that come after this one. */
  readonly end: Candidate;
  /** The most candidates; twice as many for a while. If there are more, the end comes closer. */
  readonly size: number;
}

/** The first candidates of one pass, in the order of `compareCandidates`: all that were offered, up to its end. */
export class CandidatePool {
  readonly #after: Candidate | undefined;
  readonly #size: number;
  #end: Candidate;
  #candidates: Candidate[] = [];

  constructor({ after, end, size }: PoolBounds) {
    this.#after = after;
    this.#size = size;
    this.#end = end;
  }

  /** The candidates that it still keeps. */
  get bounds(): PoolBounds {
    return { after: this.#after, end: this.#end, size: this.#size };
  }

  /** Where the next pass continues. */
  get end(): Candidate {
    return this.#end;
  }

  offer(candidate: Candidate): void {
    if (compareCandidates(candidate, this.#end) > 0) return;
    if (this.#after && compareCandidates(candidate, this.#after) <= 0) return;
    this.#candidates.push(candidate);
    if (this.#candidates.length < 2 * this.#size) return;
    this.#candidates = this.#candidates.sort(compareCandidates).slice(0, this.#size);
    this.#end = this.#candidates[this.#size - 1];
  }

  /** Keeps no candidates after `end`: others may be missing there, or none is needed. */
  endAt(end: Candidate): void {
    if (compareCandidates(end, this.#end) >= 0) return;
    this.#end = end;
    this.#candidates = this.#candidates.filter((candidate) => compareCandidates(candidate, end) <= 0);
  }

  /** How many candidates are kept. */
  get count(): number {
    return this.#candidates.length;
  }

  /** The kept candidates in order. */
  sorted(): readonly Candidate[] {
    return this.#candidates.sort(compareCandidates);
  }
}
