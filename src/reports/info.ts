/** `giallo info`: a film's arrays, and what its vectors are like. */
import { type Film, type FilmEntry, withFilm } from '../collection/film.js';
import { digestOf } from '../ranking/profiler.js';
import { isFiniteRow } from '../ranking/rows.js';
import { type SearchContext, tellWarnings } from '../search/context.js';
import { profileFilm } from '../search/film-profile.js';

export interface InfoReport {
  readonly v: 1;
  readonly film: string;
  readonly path: string;
  readonly frames: number;
  readonly dim: number;
  readonly dtype: string;
  readonly arrays: Film['arrays'];
  /** Lengths of the finite vectors; null if there is none. */
  readonly norms: { readonly min: number; readonly mean: number; readonly max: number } | null;
  /** All-zero rows. */
  readonly zero: number;
  /** Rows with NaN or Inf. */
  readonly nonFinite: number;
  /** Rows equal byte for byte to an earlier one. */
  readonly repeats: number;
  /** Cosines of consecutive frames, of pairs that are finite; null if there is none. */
  readonly consecutive: { readonly median: number; readonly p5: number } | null;
}

/** What `giallo info --frames --json` prints. */
export interface FramesReport {
  readonly v: 1;
  readonly film: string;
  readonly path: string;
  readonly frames: readonly FrameRow[];
}

/** The index and the name of a frame. */
export interface FrameRow {
  readonly index: number;
  readonly filename: string;
  /** The moment of the frame in its film, if times are known. */
  readonly seconds?: number;
}

/** Reads the film whole, once. Errors: those of reading a film. */
export async function info(entry: FilmEntry, context: SearchContext = {}): Promise<InfoReport> {
  return withWarnings(entry, context, async (film) => {
    const { path, frames, dim, dtype, arrays } = film;
    return { v: 1, film: film.name, path, frames, dim, dtype, arrays, ...(await measure(film, context)) };
  });
}

/** The frames of a film, in order. Reads the names alone. Errors: those of reading a film. */
export async function frames(entry: FilmEntry, context: SearchContext = {}): Promise<FramesReport> {
  return withWarnings(entry, context, async (film) => {
    const { filenames, warnings } = await film.readFilenames();
    tellWarnings(film.name, warnings, context);
    const rows = filenames.map((filename, index) => ({ index, filename }));
    return { v: 1, film: film.name, path: film.path, frames: rows };
  });
}

async function withWarnings<T>(
  entry: FilmEntry,
  context: SearchContext,
  work: (film: Film) => Promise<T>,
): Promise<T> {
  return withFilm(entry, context.reading, async (film) => {
    try {
      return await work(film);
    } finally {
      tellWarnings(film.name, film.warnings, context);
    }
  });
}

type Measures = Pick<InfoReport, 'norms' | 'zero' | 'nonFinite' | 'repeats' | 'consecutive'>;

async function measure(film: Film, context: SearchContext): Promise<Measures> {
  const digests = new Set<string>();
  const { squaredNorms, cosines, warnings } = await profileFilm(film, context.signal, ({ rows, values }) => {
    for (let row = 0; row < rows; row++)
      digests.add(digestOf(values.subarray(row * film.dim, (row + 1) * film.dim)));
  });
  tellWarnings(film.name, warnings, context);
  const finite = squaredNorms.filter(isFiniteRow);
  const consecutive = cosines.filter((score, i) => !Number.isNaN(score) && isFiniteRow(squaredNorms[i - 1]));
  return {
    norms: finite.length === 0 ? null : summary(finite.map(Math.sqrt)),
    zero: finite.filter((square) => square === 0).length,
    nonFinite: film.frames - finite.length,
    repeats: film.frames - digests.size,
    consecutive:
      consecutive.length === 0
        ? null
        : { median: quantile(consecutive, 0.5), p5: quantile(consecutive, 0.05) },
  };
}

function summary(values: Float64Array) {
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  let sum = 0;
  for (const value of values) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  return { min, mean: sum / values.length, max };
}

/**
 * The quantile at `share` (0 to 1) of `values` (at least one, none NaN), interpolated linearly between neighbours, as
 * numpy's `quantile` does by default (method 7 of Hyndman and Fan 1996).
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  const part = position - below;
  // From the nearer end, as numpy does: the same bits, and `high` itself is reached.
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}
