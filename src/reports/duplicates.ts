/** `giallo duplicates`: frames that are the same picture or nearly so, in groups. */
import type { Searched, SkippedFilm } from '../search/search.js';

/** The groups, and the JSON that `giallo duplicates --json` prints. */
export interface DuplicatesReport {
  readonly v: 1;
  readonly minScore: number;
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** Largest first; then by their first frame. */
  readonly groups: readonly DuplicateGroup[];
}

export interface DuplicateGroup {
  /** Number of the group, from 1. */
  readonly group: number;
  readonly frames: number;
  readonly films: number;
  /** The least score by which a frame hangs on to the group, by the strongest links that join it: 1 where all are equal. */
  readonly weakest: number;
  readonly runs: readonly FrameRun[];
}

/** Consecutive frames of one film. */
export interface FrameRun {
  readonly film: string;
  readonly first: number;
  readonly last: number;
  /** Of the first frame. */
  readonly filename: string;
}
