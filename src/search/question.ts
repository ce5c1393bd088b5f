/**
 * What is asked, in the terms of the search: vectors, where they come from, where to look, and under which filters.
 * Everything that a person typed has been resolved by now.
 */
import type { FilmEntry } from '../collection/film.js';
import type { Metric } from '../ranking/metric.js';
import type { Nearness } from '../ranking/near.js';

/** How several frames make one question: their mean as one query, or the best score over them. */
export const combinations = ['mean', 'max'] as const;
export type Combination = (typeof combinations)[number];

/** What a question about frames has where nothing else is said: the one place of these defaults. */
export const questionDefaults = {
  metric: 'cosine',
  k: 5,
  excludeNear: 0,
  scope: 'own',
  combine: 'mean',
} as const;

/** A frame of a film of the search. */
export interface FrameRef {
  readonly film: FilmEntry;
  readonly index: number;
}

export interface Question {
  /** The query vectors, each [dim]; of several the best score counts (`--combine max`). */
  readonly vectors: readonly Float32Array[];
  /** The frames that are asked about: left out of the answer by identity, and their neighbours by `excludeNear`. */
  readonly origin: readonly FrameRef[];
  /** The films to look in. */
  readonly scope: readonly FilmEntry[];
}

/** The filters, which act inside the search: k results come back whenever k exist. */
export interface Filters {
  readonly metric: Metric;
  /** How many results. */
  readonly k: number;
  /** At most so many results from any one film. */
  readonly perFilm?: number | undefined;
  /** Least score (cosine, dot) or largest distance (euclidean) of a result. */
  readonly cutoff?: number | undefined;
  /** At most so many results from any one shot of a film. */
  readonly perShot?: number | undefined;
  /**
   * Frames of the same film within so many rows of an origin frame are left out, or its whole shot; 0 leaves out the
   * frame itself.
   */
  readonly excludeNear: Nearness;
  /** Cosine of consecutive frames below which there is a cut; by default each film's own. */
  readonly shotThreshold?: number | undefined;
}

/** True where the filters need to know a film's shots. */
export function needShots({ excludeNear, perShot }: Filters): boolean {
  return excludeNear === 'shot' || perShot !== undefined;
}
