/** Where to look: from the words of a command to films. */

import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { compareCodePoints } from '../collection/names.js';

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
  if (scope === 'others') return films.filter((film) => !home.includes(film));
  return unique(scope.in);
}

/** Each film once, in code point order of names: the order that breaks ties. */
export function inNameOrder(films: Iterable<FilmEntry>): readonly FilmEntry[] {
  return unique([...films]).sort((a, b) => compareCodePoints(a.name, b.name));
}

function unique(films: readonly FilmEntry[]): FilmEntry[] {
  return [...new Set(films)];
}

/**
 * The dim that most frames have, that of the first such film where several have equally many; undefined where no film
 * has frames.
 */
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
