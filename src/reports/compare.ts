/** `giallo compare`: how much of one film is found in another, film by film. */
import type { Searched, SkippedFilm } from '../search/search.js';

/** The comparisons, and the JSON that `giallo compare --json` prints. */
export interface CompareReport {
  readonly v: 1;
  /** The films compared, in code point order. */
  readonly films: readonly string[];
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** Every film with every other, in both directions; film by film in the order of `films`. */
  readonly comparisons: readonly Comparison[];
}

export interface Comparison {
  readonly film: string;
  readonly other: string;
  /**
   * Mean over the film's shots of the best cosine between a frame of the shot and any frame of the other film; null
   * where either film has no frame that can be compared.
   */
  readonly value: number | null;
  /** The three best matches, each in another shot of the film, best first. */
  readonly witnesses: readonly Witness[];
}

export interface Witness {
  readonly score: number;
  readonly shot: number;
  readonly index: number;
  readonly filename: string;
  readonly otherIndex: number;
  readonly otherFilename: string;
}
