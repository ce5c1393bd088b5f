/**
 * The films that `pairs`, `duplicates` and `compare` are given: each is paired with each, or a single one with all
 * others.
 */
import { filmsByName } from '../../collection/named-films.js';
import { fileOf } from '../../collection/resolve-film.js';
import { filmsToPair } from '../../reports/film-pairs.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';
import { vectorsLeftOut } from './frame-words.js';

/**
 * Opens the collection, without which a single film has others only if it is paired with itself (`withinFilms`).
 * Returns the films to ask about, and what the answer is shown with (`seen`). Errors: those of naming and reading.
 */
export async function filmPairsAsked(
  session: Session,
  words: readonly string[],
  { in: more = [], without, maxScore, shotThreshold }: AnyFlags,
  { withinFilms }: { readonly withinFilms: boolean },
) {
  const typed = [...words, ...more];
  const isOne = new Set(typed.map(fileOf)).size <= 1;
  const collection = await session.open({ films: typed, isSearched: isOne && !withinFilms });
  const question = filmsToPair(collection, typed);
  const leftOut = await vectorsLeftOut(session, collection, without);
  return {
    request: { ...question, without: leftOut, maxScore, shotThreshold },
    seen: {
      collection,
      films: filmsByName(collection, question.films),
      next: { isSameQuestion: false, scope: ['--all'] },
    },
  };
}
