/**
 * The films that `pairs`, `duplicates` and `compare` are given: each is paired with each, or a single one with all
 * others.
 */
import { filmsToPair } from '../../reports/film-pairs.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';
import { vectorsLeftOut } from './frame-words.js';

/**
 * Opens the collection. Returns the films to ask about, and what the answer is shown with (`seen`). Errors: those of
 * naming and reading.
 */
export async function filmPairsAsked(
  session: Session,
  words: readonly string[],
  { in: more = [], without, maxScore, shotThreshold }: AnyFlags,
) {
  const typedFilms = [...words, ...more];
  const collection = await session.open({ films: typedFilms });
  const films = await filmsToPair(collection, typedFilms);
  const leftOut = await vectorsLeftOut(session, collection, without);
  return {
    request: { ...films, without: leftOut, maxScore, shotThreshold },
    seen: { collection, typedFilms, next: { isSameQuestion: false, scope: ['--all'] } },
  };
}
