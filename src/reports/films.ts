/** `giallo films`: what a collection holds, from the archives' directories and array headers alone. */
import type { Collection } from '../collection/collection.js';
import { openFilm } from '../collection/film.js';
import { GialloError, orError } from '../errors.js';
import { forEachConcurrently } from '../search/concurrency.js';
import { jobsOf, type SearchContext } from '../search/context.js';
import type { SkippedFilm } from '../search/search.js';

export interface FilmsReport {
  readonly v: 1;
  /** The collection's folder. */
  readonly data: string;
  readonly films: readonly FilmRow[];
  readonly totals: {
    readonly films: number;
    readonly frames: number;
    readonly bytes: number;
    readonly rawBytes: number;
  };
  readonly skipped: readonly SkippedFilm[];
}

export interface FilmRow {
  readonly film: string;
  readonly path: string;
  readonly frames: number;
  readonly dim: number;
  readonly dtype: string;
  readonly compression: string;
  /** The archive's size. */
  readonly bytes: number;
  /** The vectors' bytes as they are stored, uncompressed. */
  readonly rawBytes: number;
  /** bytes / rawBytes; null where there are no vectors. */
  readonly ratio: number | null;
}

/** Lists the films, in code point order; those that cannot be opened are in `skipped`. Never throws a GialloError. */
export async function films(collection: Collection, context: SearchContext = {}): Promise<FilmsReport> {
  const rows = new Map<string, FilmRow | GialloError>();
  await forEachConcurrently(collection.films, jobsOf(context), async (entry) => {
    context.signal?.throwIfAborted();
    rows.set(
      entry.path,
      await orError(async () => {
        const film = await openFilm(entry, context.reading);
        const { name, path, frames, dim, dtype, compression, bytes, rawBytes } = film;
        await film.close();
        const ratio = rawBytes === 0 ? null : bytes / rawBytes;
        return { film: name, path, frames, dim, dtype, compression, bytes, rawBytes, ratio };
      }),
    );
    context.onProgress?.({ done: rows.size, total: collection.films.length, unit: 'films' });
  });

  const listed: FilmRow[] = [];
  const skipped: SkippedFilm[] = [];
  for (const { name, path } of collection.films) {
    const row = rows.get(path) as FilmRow | GialloError;
    if (row instanceof GialloError) skipped.push({ film: name, path, code: row.code, message: row.message });
    else listed.push(row);
  }
  const total = (key: 'frames' | 'bytes' | 'rawBytes') => listed.reduce((sum, row) => sum + row[key], 0);
  const totals = {
    films: listed.length,
    frames: total('frames'),
    bytes: total('bytes'),
    rawBytes: total('rawBytes'),
  };
  return { v: 1, data: collection.folder, films: listed, totals, skipped };
}
