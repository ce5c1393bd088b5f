/** `giallo pairs`: the best-matching pairs of frames of different films, possible match cuts. */
import type { Searched, SkippedFilm } from '../search/search.js';

/** The pairs, and the JSON that `giallo pairs --json` prints. */
export interface PairsReport {
  readonly v: 1;
  readonly k: number;
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** Best first. */
  readonly pairs: readonly PairRow[];
}

export interface PairRow {
  readonly rank: number;
  /** Cosine. */
  readonly score: number;
  /** The frame whose film comes first by name. */
  readonly a: ShotFrame;
  readonly b: ShotFrame;
}

/** A frame, and the shot that it is in. */
export interface ShotFrame {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  readonly shot: number;
}
