/** `giallo search`: the nearest frames to vectors made elsewhere. */
import type { Metric } from '../ranking/metric.js';
import type { Result, Searched, SkippedFilm } from '../search/search.js';

/** The answers, and the JSON that `giallo search --json` prints. */
export interface SearchReport {
  readonly v: 1;
  readonly metric: Metric;
  readonly k: number;
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  readonly answers: readonly VectorAnswer[];
}

export interface VectorAnswer {
  /** The row number of the vector in the input, from 0. */
  readonly query: number;
  readonly results: readonly Result[];
}
