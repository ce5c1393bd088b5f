/** `giallo compare`: how much of one film is found in another, film by film. */
import type { FilmEntry } from '../collection/film.js';
import type { Searched, SkippedFilm } from '../search/answer.js';
import { type BatchFilm, measureFilms } from '../search/batch/batch-films.js';
import { type Meeting, meetFilms } from '../search/batch/film-pairs.js';
import type { FramePairs } from '../search/batch/pair-task.js';
import type { SearchContext } from '../search/context.js';

/** The comparisons, and the JSON that `giallo compare --json` prints. */
export interface CompareReport {
  readonly v: 1;
  /** The films compared, in code point order. */
  readonly films: readonly string[];
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
  /** Every film with every other, in both directions; film by film in the order of `films`. */
  readonly comparisons: readonly Comparison[];
}

export interface Comparison {
  readonly film: string;
  readonly other: string;
  /**
   * Mean over the film's shots of the best cosine between a frame of the shot and any frame of the other film; null
   * where either film has no frame that can be compared.
   */
  readonly value: number | null;
  /** The three best matches, each in another shot of the film, best first. */
  readonly witnesses: readonly Witness[];
}

export interface Witness {
  readonly score: number;
  readonly shot: number;
  readonly index: number;
  readonly filename: string;
  readonly otherIndex: number;
  readonly otherFilename: string;
}

export interface CompareRequest {
  /** The films to compare with each other. */
  readonly films: readonly FilmEntry[];
  readonly shotThreshold?: number | undefined;
}

/**
 * Compares every film with every other. Errors: `films-skipped` where no film could be read, and those of reading the
 * films.
 */
export async function compare(request: CompareRequest, context: SearchContext = {}): Promise<CompareReport> {
  const { films, skipped, searched } = await measureFilms(request, context);
  const found = new Map<BatchFilm, Map<BatchFilm, Comparison>>(films.map((film) => [film, new Map()]));
  const meeting: Meeting = {
    metric: 'cosine',
    withSelf: false,
    excludeNear: 0,
    collect: (a, b) => ({ kind: 'nearest', limit: 1, floorsA: noFloors(a), floorsB: noFloors(b) }),
    take(a, b, { forward, backward }) {
      found.get(a)?.set(b, comparison(a, b, forward));
      found.get(b)?.set(a, comparison(b, a, backward));
    },
  };
  await meetFilms(films, meeting, context);
  const comparisons = films.flatMap((film) => films.flatMap((other) => found.get(film)?.get(other) ?? []));
  return { v: 1, films: films.map(({ entry }) => entry.name), searched, skipped, comparisons };
}

const witnessCount = 3;

function noFloors({ frames }: BatchFilm): Float64Array {
  return new Float64Array(frames).fill(Number.NEGATIVE_INFINITY);
}

/** From the best match of each frame to the best of each shot, their mean, and the best three of them. */
function comparison(film: BatchFilm, other: BatchFilm, { from, to, closeness }: FramePairs): Comparison {
  const bestOfShot = new Map<number, Witness>();
  for (let i = 0; i < from.length; i++) {
    const index = from[i];
    const shot = film.shots.shotOf[index];
    const known = bestOfShot.get(shot);
    if (known && known.score >= closeness[i]) continue;
    const filename = film.filenames[index];
    const witness = {
      score: closeness[i],
      shot,
      index,
      filename,
      otherIndex: to[i],
      otherFilename: other.filenames[to[i]],
    };
    bestOfShot.set(shot, witness);
  }
  const best = [...bestOfShot.values()].sort((a, b) => a.shot - b.shot);
  const sum = best.reduce((total, { score }) => total + score, 0);
  const witnesses = [...best].sort((a, b) => b.score - a.score || a.index - b.index).slice(0, witnessCount);
  const value = best.length === 0 ? null : sum / best.length;
  return { film: film.entry.name, other: other.entry.name, value, witnesses };
}
