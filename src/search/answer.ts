/** The answer to a question about films, and what it says of films that could not be searched. */
import type { FilmEntry } from '../collection/film.js';
import { type ErrorCode, GialloError, isMachineError } from '../errors.js';

/** A frame in an answer. */
export interface AnswerFrame {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  /** The moment of the frame in its film, where times are known. */
  readonly seconds?: number;
}

/** What tells a frame of an answer from all others. */
export type FramePlace = Pick<AnswerFrame, 'film' | 'index'>;

/** One result of a question. */
export interface Result extends AnswerFrame {
  readonly rank: number;
  readonly score: number;
}

/** What was looked at for a question. */
export interface Searched {
  readonly films: number;
  readonly frames: number;
  /** All-zero rows among the frames. */
  readonly zero: number;
  /** Rows with NaN or Inf, which were left out. */
  readonly nonFinite: number;
}

export interface Answer {
  readonly searched: Searched;
  readonly results: readonly Result[];
}

/** A film that was left out, and why. */
export interface SkippedFilm {
  readonly film: string;
  readonly path: string;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface SearchOutcome {
  /** One a question, in their order. */
  readonly answers: readonly Answer[];
  /** In code point order of the films' names. */
  readonly skipped: readonly SkippedFilm[];
}

/** The film as skipped because of `error`. An error of the machine is thrown: no film is left out for it. */
export function skippedFilm({ name, path }: FilmEntry, error: GialloError): SkippedFilm {
  if (isMachineError(error)) throw error;
  return { film: name, path, code: error.code, message: error.message };
}

/** The error of a film whose vectors have another length than those of the question. */
export function dimMismatch(
  { path }: Pick<FilmEntry, 'path'>,
  dim: number | undefined,
  found: number,
): GialloError {
  return new GialloError('dim-mismatch', `${path}: expected vectors of ${dim} numbers, found ${found}`);
}

/** What was looked at in some films: the sum of each film's frames, all-zero rows and rows left out. */
export function countSearched(films: Iterable<Omit<Searched, 'films'>>): Searched {
  const searched = { films: 0, frames: 0, zero: 0, nonFinite: 0 };
  for (const { frames, zero, nonFinite } of films) {
    searched.films++;
    searched.frames += frames;
    searched.zero += zero;
    searched.nonFinite += nonFinite;
  }
  return searched;
}

/**
 * Requires that a film could be read, if films were in scope; those of another dim count as read. Errors: that of the
 * film if it is the only one; else `films-skipped`, with the reason of the first film as hint.
 */
export function requireAnyRead(searched: Searched, skipped: readonly SkippedFilm[]): void {
  const [first] = skipped;
  if (searched.films > 0 || !first || skipped.some(({ code }) => code === 'dim-mismatch')) return;
  if (skipped.length === 1) throw new GialloError(first.code, first.message);
  throw new GialloError('films-skipped', `none of ${skipped.length} films could be read`, {
    hint: first.message,
  });
}
