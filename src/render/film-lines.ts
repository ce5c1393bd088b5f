/** The results of a search, film by film: where in the film the hits are, and how strong each is. */
import { groupBy } from '../group-by.js';
import type { FramePlace, Result } from '../search/answer.js';

/** What is needed of a result. */
export type LinedResult = Pick<Result, 'film' | 'rank' | 'index' | 'score'>;

/** Frames of each film, by its name. */
export type FilmLengths = ReadonlyMap<string, number>;

export interface FilmLine {
  readonly film: string;
  /** How many frames it has. */
  readonly frames: number;
  /** Best first. */
  readonly hits: readonly FilmHit[];
  /** Indices of the frames that were asked about. */
  readonly asked: readonly number[];
}

interface FilmHit extends Omit<LinedResult, 'film'> {
  /** 1 for the best of all results, 0 for the last. */
  readonly strength: number;
}

/**
 * A line for each film with results; the film with the best result comes first. A film of unknown length ends with the
 * last of its frames in `results` and `asked`.
 */
export function filmLines(
  results: readonly LinedResult[],
  asked: readonly FramePlace[],
  lengths: FilmLengths,
): FilmLine[] {
  const best = results[0]?.score ?? 0;
  const range = best - (results.at(-1)?.score ?? 0);
  const strengthOf = (score: number) => (range === 0 ? 1 : 1 - (best - score) / range);
  return [...groupBy(results, ({ film }) => film)].map(([film, found]) => {
    const hits = found.map(({ rank, index, score }) => ({ rank, index, score, strength: strengthOf(score) }));
    const ofFilm = asked.flatMap((frame) => (frame.film === film ? [frame.index] : []));
    const last = [...hits.map(({ index }) => index), ...ofFilm].reduce((a, b) => Math.max(a, b));
    return { film, frames: lengths.get(film) ?? last + 1, hits, asked: ofFilm };
  });
}
