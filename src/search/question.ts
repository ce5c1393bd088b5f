/**
 * What is asked, in the terms of the search: vectors, where they come from, where to look, and under which filters.
 * Everything that a person typed has been resolved by now.
 */
import type { FilmEntry } from '../collection/film.js';

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

/** The cosine from which on two frames are the same picture. */
export const samePictureScore = 0.98;

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
  /** Other frames that no answer may hold, each by itself. */
  readonly leftOut?: readonly FrameRef[] | undefined;
  /** The films to look in. */
  readonly scope: readonly FilmEntry[];
}
