/** The films of a batch, each read once beforehand: which can be used, and what the tasks must know of them. */
import { type Film, type FilmEntry, openFilm } from '../../collection/film.js';
import { GialloError } from '../../errors.js';
import { findShots, type Shots } from '../../ranking/shots.js';
import { commonDim } from '../common-dim.js';
import { forEachConcurrently } from '../concurrency.js';
import { jobsOf, type SearchContext } from '../context.js';
import { profileFilm } from '../film-profile.js';
import { inNameOrder } from '../scope.js';
import type { Searched, SkippedFilm } from '../search.js';

/** A film that can be read, measured. */
export interface BatchFilm {
  readonly entry: FilmEntry;
  readonly frames: number;
  readonly dim: number;
  readonly filenames: readonly string[];
  /** n2 of each row. */
  readonly squaredNorms: Float64Array;
  readonly shots: Shots;
  /** Rows that no cosine can find, all-zero or not finite, by index, each with a digest of its bytes. */
  readonly scorelessRows: ReadonlyMap<number, string>;
  /** What tells this content from another: the archive's size and the CRC-32 of its arrays. */
  readonly fingerprint: string;
}

export interface BatchFilms {
  /** In code point order; all of one dim, films without frames among them. */
  readonly films: readonly BatchFilm[];
  readonly skipped: readonly SkippedFilm[];
  readonly searched: Searched;
}

/**
 * Reads and measures the films of a batch. Films of another dim than the most frames have (the first by name of equally
 * many) are skipped as `dim-mismatch`.
 */
export async function measureFilms(
  entries: readonly FilmEntry[],
  shotThreshold: number | undefined,
  context: SearchContext,
): Promise<BatchFilms> {
  const measured = new Map<FilmEntry, BatchFilm>();
  const skipped = new Map<FilmEntry, SkippedFilm>();
  const ordered = inNameOrder(entries);
  await forEachConcurrently(ordered, jobsOf(context), async (entry) => {
    context.signal?.throwIfAborted();
    try {
      measured.set(entry, await measure(entry, shotThreshold, context));
    } catch (error) {
      if (!(error instanceof GialloError)) throw error;
      skipped.set(entry, { film: entry.name, path: entry.path, code: error.code, message: error.message });
    }
    context.onProgress?.({ done: measured.size + skipped.size, total: ordered.length, unit: 'films read' });
  });

  const readable = ordered.flatMap((entry) => measured.get(entry) ?? []);
  const dim = commonDim(readable);
  const films = readable.filter((film) => film.frames === 0 || film.dim === dim);
  for (const { entry, dim: found } of readable.filter((film) => !films.includes(film))) {
    const message = `${entry.path}: expected vectors of ${dim} numbers, found ${found}`;
    skipped.set(entry, { film: entry.name, path: entry.path, code: 'dim-mismatch', message });
  }
  return {
    films,
    skipped: ordered.flatMap((entry) => skipped.get(entry) ?? []),
    searched: countSearched(films),
  };
}

async function measure(
  entry: FilmEntry,
  threshold: number | undefined,
  context: SearchContext,
): Promise<BatchFilm> {
  const film = await openFilm(entry, context.reading);
  try {
    const { filenames, warnings } = await film.readFilenames();
    const steps = await profileFilm(film, context.signal);
    for (const warning of [...film.warnings, ...warnings]) context.onWarning?.(film.name, warning);
    const { frames, dim } = film;
    const { squaredNorms, scorelessRows } = steps;
    const shots = findShots(steps, threshold);
    return {
      entry,
      frames,
      dim,
      filenames,
      squaredNorms,
      shots,
      scorelessRows,
      fingerprint: fingerprintOf(film),
    };
  } finally {
    await film.close();
  }
}

function fingerprintOf({ bytes, checksums }: Film): string {
  return `${bytes}:${checksums.embeddings ?? '-'}:${checksums.filenames ?? '-'}`;
}

function countSearched(films: readonly BatchFilm[]): Searched {
  const count = (isCounted: (norm: number) => boolean) =>
    films.reduce((sum, { squaredNorms }) => sum + squaredNorms.filter(isCounted).length, 0);
  return {
    films: films.length,
    frames: films.reduce((sum, { frames }) => sum + frames, 0),
    zero: count((norm) => norm === 0),
    nonFinite: count((norm) => !Number.isFinite(norm)),
  };
}
