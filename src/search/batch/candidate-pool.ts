/**
 * The best of very many pairs of frames. A running k-th score cannot bound a greedy choice of pairs, since one better
 * pair can displace two others. So a pass over the films keeps as many of the best pairs as memory allows; if the
 * choice needs more, the next pass continues after the last of them.
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

/** The first candidates of one pass, in the order of `compareCandidates`. */
export class CandidatePool {
  #least: number;
  readonly #after: Candidate | undefined;
  readonly #size: number;
  #candidates: Candidate[] = [];
  /** The last candidate that was kept, once others have been turned away. */
  #last: Candidate | undefined;

  /** Room for `size` candidates of at least `least` closeness that come after `after`. */
  constructor(least: number, after: Candidate | undefined, size: number) {
    this.#least = least;
    this.#after = after;
    this.#size = size;
  }

  /** Closeness below which no candidate has a place. */
  get floor(): number {
    return Math.max(this.#least, this.#last?.closeness ?? this.#least);
  }

  /** The last candidate that was kept, if others were turned away: the next pass continues after it. */
  get last(): Candidate | undefined {
    return this.#last;
  }

  offer(candidate: Candidate): void {
    if (candidate.closeness < this.floor) return;
    if (this.#last && compareCandidates(candidate, this.#last) > 0) return;
    if (this.#after && compareCandidates(candidate, this.#after) <= 0) return;
    this.#candidates.push(candidate);
    if (this.#candidates.length >= 2 * this.#size) this.#cut();
  }

  /** Drops candidates after `last`, some of which were lost elsewhere. */
  endAt(last: Candidate): void {
    if (this.#last && compareCandidates(this.#last, last) <= 0) return;
    this.#last = last;
    this.#candidates = this.#candidates.filter((candidate) => compareCandidates(candidate, last) <= 0);
  }

  /** Gives no place to candidates of less closeness. */
  raiseFloor(least: number): void {
    if (least <= this.#least) return;
    this.#least = least;
    this.#candidates = this.#candidates.filter(({ closeness }) => closeness >= least);
  }

  /** How many candidates are kept. */
  get size(): number {
    return this.#candidates.length;
  }

  /** The kept candidates in order. */
  sorted(): readonly Candidate[] {
    return this.#candidates.sort(compareCandidates);
  }

  #cut(): void {
    this.#candidates = this.#candidates.sort(compareCandidates).slice(0, this.#size);
    this.#last = this.#candidates.at(-1);
  }
}
