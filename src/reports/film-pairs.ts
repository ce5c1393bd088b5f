/**
 * Common to `pairs`, `duplicates` and `compare`: which films are paired, each with each other or one with all others.
 */
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { filmsNamed } from '../collection/named-films.js';
import type { BatchFilm, BatchFilms } from '../search/batch/batch-films.js';
import { roles } from '../search/batch/film-block.js';
import { measureFilms } from '../search/batch/measure-films.js';
import { type PairQuestion, scoreFilmPairs } from '../search/batch/run-tasks.js';
import type { SearchContext } from '../search/context.js';

export interface FilmPairsRequest {
  /** The films to look in. */
  readonly films: readonly FilmEntry[];
  /** Films of which at least one must be in each pair of films; by default all. */
  readonly asked?: readonly FilmEntry[] | undefined;
  /** The greatest cosine of a pair of frames. */
  readonly maxScore?: number | undefined;
  /** Vectors of frames: frames that are the same picture as one of them are left out. */
  readonly without?: readonly Float32Array[] | undefined;
  /** Cosine of consecutive frames below which there is a cut; by default each film's own. */
  readonly shotThreshold?: number | undefined;
}

/** A question about pairs of frames, for a pass over the films that may answer other questions as well. */
export interface AskedAboutPairs<Report> {
  /** The question for the pass, which compares by cosine. */
  readonly question: PairQuestion;
  /** The answer, after the pass. Errors: those of further passes, if it needs any. */
  answer(context: SearchContext): Promise<Report>;
}

/**
 * Measures the films, and answers one question about them. Errors: `films-skipped` if no film could be read, and those
 * of reading the films.
 */
export async function answerAboutPairs<Request extends FilmPairsRequest, Report>(
  ask: (measured: BatchFilms, request: Request) => AskedAboutPairs<Report>,
  request: Request,
  context: SearchContext,
): Promise<Report> {
  const { question, answer } = ask(await measureFilms(request, context), request);
  await scoreFilmPairs('cosine', [question], context);
  return answer(context);
}

/**
 * The films of a question with these names: several films are paired with each other, one with all others; without
 * names, all films of the collection. Errors: those of naming films.
 */
export function filmsToPair(
  collection: Collection,
  names: readonly string[],
): Pick<FilmPairsRequest, 'films' | 'asked'> {
  const named = filmsNamed(collection, names);
  if (names.length === 0 || named.length > 1) return { films: named };
  return { films: [...new Set([...collection.films, ...named])], asked: named };
}

/**
 * A function that gives the `roles` of a frame: it is paired with frames of other films, and `withinFilms` with those
 * of its own. If only some films are asked about, frames of the others are not paired with each other.
 */
export function rolesOfFrames(
  { films, asked = films }: FilmPairsRequest,
  withinFilms: boolean,
): (film: BatchFilm, index: number) => number {
  const isAsked = new Set(asked);
  const own = withinFilms ? roles.foundByOwnFilm : 0;
  const ofAsked = roles.asked | roles.found | roles.foundBack | own;
  const ofOthers = roles.found | roles.askedBack;
  return ({ entry, leftOut }, index) => (leftOut?.[index] ? 0 : isAsked.has(entry) ? ofAsked : ofOthers);
}
