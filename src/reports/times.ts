/** `giallo times`: the moments of a film's frames, and where they come from. */
import type { FilmEntry } from '../collection/film.js';
import type { SearchContext } from '../search/context.js';
import type { FilmTimes } from '../times/film-times.js';
import { rateText } from '../times/rates.js';
import type { TimesOfFilms } from '../times/times-of-films.js';
import { frames } from './info.js';

export interface TimesReport {
  readonly v: 1;
  readonly film: string;
  readonly path: string;
  /** Where the times come from. */
  readonly source: FilmTimes['source'];
  /**
   * What an interval is multiplied with: the numbers in the filenames, or the index; null for an archive's own times.
   */
  readonly counted: FilmTimes['counted'];
  /** Seconds from one screenshot to the next; of an archive's own times the median. */
  readonly step: number;
  /** The path of the video, and its frames a second as a fraction. */
  readonly video: string | null;
  readonly rate: string | null;
  readonly frames: readonly TimedFrame[];
}

export interface TimedFrame {
  readonly index: number;
  readonly filename: string;
  readonly seconds: number;
}

/** The times of a film. Errors: those of reading a film; `usage` if they are not known. */
export async function times(
  film: FilmEntry,
  known: TimesOfFilms,
  context: SearchContext = {},
): Promise<TimesReport> {
  const { source, counted, step, video, rate, seconds } = await known.require(film);
  const named = await frames(film, context);
  return {
    v: 1,
    film: film.name,
    path: film.path,
    source,
    counted,
    step,
    video,
    rate: rate && rateText(rate),
    frames: named.frames.map((frame) => ({ ...frame, seconds: seconds[frame.index] })),
  };
}
