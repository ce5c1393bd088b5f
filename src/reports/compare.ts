/** `giallo compare`: how much of one film is found in another, film by film. */
import type { Searched, SkippedFilm } from '../search/answer.js';
import { type BatchFilm, type BatchFilms, FrameNumbers } from '../search/batch/batch-films.js';
import { packFilms } from '../search/batch/film-block.js';
import type { FramePairs } from '../search/batch/pair-task.js';
import type { SearchContext } from '../search/context.js';
import {
  type AskedAboutPairs,
  answerAboutPairs,
  type FilmPairsRequest,
  rolesOfFrames,
} from './film-pairs.js';

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
   * Mean over the film's shots of the best cosine between a frame of the shot and any frame of the other film; null if
   * either film has no frame that can be compared.
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
  /** The moments of the two frames in their films, where times are known. */
  readonly seconds?: number;
  readonly otherSeconds?: number;
}

/**
 * Compares every film with every other, or those asked about with all others. Errors: `films-skipped` if no film could
 * be read, and those of reading the films.
 */
export function compare(request: FilmPairsRequest, context: SearchContext = {}): Promise<CompareReport> {
  return answerAboutPairs(askCompare, request, context);
}

/** The question that `compare` asks of films that are measured. */
export function askCompare(
  { films, skipped, searched }: BatchFilms,
  request: FilmPairsRequest,
): AskedAboutPairs<CompareReport> {
  const { asked = request.films, maxScore } = request;
  const numbers = new FrameNumbers(films);
  const found = new Map<BatchFilm, Map<BatchFilm, Comparison>>(films.map((film) => [film, new Map()]));
  const take = (pairs: FramePairs) => {
    for (const [film, witnessesIn] of bestOfShots(pairs, numbers))
      for (const [other, witnesses] of witnessesIn)
        found.get(film)?.set(other, comparison(film, other, witnesses));
  };
  return {
    question: {
      blocks: packFilms(films, rolesOfFrames(request, false)),
      excludeNear: 0,
      ceiling: maxScore,
      collect: () => ({ kind: 'best-of-shots' }),
      take({ forward, backward }) {
        take(forward);
        take(backward);
      },
    },
    async answer() {
      const isAsked = new Set(asked);
      const comparisons = films.flatMap((film) =>
        films
          .filter((other) => other !== film && (isAsked.has(film.entry) || isAsked.has(other.entry)))
          .map((other) => found.get(film)?.get(other) ?? comparison(film, other, [])),
      );
      return { v: 1, films: films.map(({ entry }) => entry.name), searched, skipped, comparisons };
    },
  };
}

const witnessCount = 3;

/** The best pair of each shot, by film and other film. */
function bestOfShots(
  { from, to, closeness }: FramePairs,
  numbers: FrameNumbers,
): Map<BatchFilm, Map<BatchFilm, Witness[]>> {
  const found = new Map<BatchFilm, Map<BatchFilm, Witness[]>>();
  for (let i = 0; i < from.length; i++) {
    const [film, other] = [numbers.filmOf(from[i]), numbers.filmOf(to[i])];
    const [index, otherIndex] = [numbers.indexOf(from[i]), numbers.indexOf(to[i])];
    const witness = {
      score: closeness[i],
      shot: film.shots.shotOf[index],
      index,
      filename: film.filenames[index],
      otherIndex,
      otherFilename: other.filenames[otherIndex],
    };
    const ofFilm = found.get(film) ?? new Map<BatchFilm, Witness[]>();
    found.set(film, ofFilm);
    const known = ofFilm.get(other);
    if (known) known.push(witness);
    else ofFilm.set(other, [witness]);
  }
  return found;
}

/** The mean of the best matches of all shots, and the best three of them. */
function comparison(film: BatchFilm, other: BatchFilm, matches: readonly Witness[]): Comparison {
  const best = [...matches].sort((a, b) => a.shot - b.shot);
  const sum = best.reduce((total, { score }) => total + score, 0);
  const witnesses = [...best].sort((a, b) => b.score - a.score || a.index - b.index).slice(0, witnessCount);
  const value = best.length === 0 ? null : sum / best.length;
  return { film: film.entry.name, other: other.entry.name, value, witnesses };
}
