/**
 * Frames that no answer may hold: frames with a score above a ceiling, and frames with the same picture as given ones.
 * Separate searches find them, so that the search itself, its bounds and the engine need not know of these filters.
 */
import type { FilmEntry } from '../collection/film.js';
import type { Filters } from '../ranking/film-selection.js';
import { closenessOf, samePictureScore } from '../ranking/metric.js';
import type { Result, SearchOutcome, SkippedFilm } from './answer.js';
import type { FrameRef, Question } from './question.js';

type Search = (questions: readonly Question[], filters: Filters) => Promise<SearchOutcome>;

/** More than there are frames. */
const all = 2 ** 31;

/** The questions with the frames that `ceiling` and `without` leave out of their answers. Errors: those of `search`. */
export async function leaveOut(
  questions: readonly Question[],
  { metric, ceiling, without = [] }: Filters,
  search: Search,
): Promise<readonly Question[]> {
  const entries = new Map(questions.flatMap(({ scope }) => scope.map((film) => [film.name, film] as const)));
  const framesOf = (results: readonly Result[]) =>
    results.flatMap(({ film, index }): FrameRef[] => {
      const entry = entries.get(film);
      return entry ? [{ film: entry, index }] : [];
    });
  let leftOut = questions.map((): FrameRef[] => []);
  if (ceiling !== undefined) {
    // Near frames, which the search itself leaves out, may be among them: to leave them out twice does no harm.
    const { answers } = await search(questions, { metric, k: all, cutoff: ceiling, excludeNear: 0 });
    const isAbove = ({ score }: Result) => closenessOf(metric, score) > closenessOf(metric, ceiling);
    leftOut = answers.map(({ results }) => framesOf(results.filter(isAbove)));
  }
  if (without.length > 0) {
    const scope = [...new Set(questions.flatMap((question) => question.scope))];
    const pictures = framesOf((await samePictures(without, scope, search)).results);
    leftOut = leftOut.map((frames) => [...frames, ...pictures]);
  }
  return questions.map((question, q) => ({ ...question, leftOut: leftOut[q] }));
}

/** The frames of films that are the same picture as one of these, and the films that could not be looked at. */
export async function samePictures(
  pictures: readonly Float32Array[],
  scope: readonly FilmEntry[],
  search: Search,
): Promise<{ readonly results: readonly Result[]; readonly skipped: readonly SkippedFilm[] }> {
  const filters = { metric: 'cosine', k: all, cutoff: samePictureScore, excludeNear: 0 } as const;
  const { answers, skipped } = await search([{ vectors: pictures, origin: [], scope }], filters);
  return { results: answers[0].results, skipped };
}
