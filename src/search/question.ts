/**
 * A question in the terms of the search: vectors, the frames that they come from, and the films to look in. The names
 * that were typed have been resolved before.
 */
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { compareCodePoints } from '../collection/names.js';
import { samePictureScore } from '../ranking/metric.js';

/** How several frames make one question: their mean as one query, or the best score over them. */
export const combinations = ['mean', 'max'] as const;
export type Combination = (typeof combinations)[number];

/** The defaults of a question about frames; no other place has them. */
export const questionDefaults = {
  metric: 'cosine',
  k: 5,
  excludeNear: 0,
  scope: 'own',
  combine: 'mean',
} as const;

/** The defaults of the questions about every frame; no other place has them. */
export const batchDefaults = {
  topk: { k: 10 },
  pairs: { k: 100, perShot: 1, maxScore: samePictureScore },
  duplicates: { minScore: samePictureScore, excludeNear: 'shot' },
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
  /** Other frames that no answer may hold; unlike those of `origin`, without the frames near them. */
  readonly leftOut?: readonly FrameRef[] | undefined;
  /** The films to look in. */
  readonly scope: readonly FilmEntry[];
}

/** `own`: the films that are asked about; `others`: every film but those; or the films named. */
export type Scope = 'own' | 'all' | 'others' | { readonly in: readonly FilmEntry[] };

/** The films to look in for a question about frames of `home` films, which a path may have brought from elsewhere. */
export function filmsInScope(
  scope: Scope,
  { films }: Collection,
  home: readonly FilmEntry[],
): readonly FilmEntry[] {
  if (scope === 'own') return unique(home);
  if (scope === 'all') return unique([...films, ...home]);
  if (scope !== 'others') return unique(scope.in);
  const asked = new Set(home);
  return films.filter((film) => !asked.has(film));
}

/** Each film once, in code point order of names: the order that breaks ties. */
export function inNameOrder(films: Iterable<FilmEntry>): readonly FilmEntry[] {
  return unique([...films]).sort((a, b) => compareCodePoints(a.name, b.name));
}

function unique(films: readonly FilmEntry[]): FilmEntry[] {
  return [...new Set(films)];
}

/** The dim that most frames have; of equally many, that of the first such film. Undefined if no film has frames. */
export function commonDim(
  films: readonly { readonly dim: number; readonly frames: number }[],
): number | undefined {
  const framesOf = new Map<number, number>();
  for (const { dim, frames } of films) framesOf.set(dim, (framesOf.get(dim) ?? 0) + frames);
  let common: number | undefined;
  for (const [dim, frames] of framesOf) {
    if (frames > 0 && (common === undefined || frames > (framesOf.get(common) as number))) common = dim;
  }
  return common;
}
