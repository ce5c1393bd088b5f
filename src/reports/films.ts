/** `giallo films`: what a collection holds, from the archives' directories and array headers alone. */
import type { Collection } from '../collection/collection.js';
import { type FilmEntry, withFilm } from '../collection/film.js';
import type { Engine } from '../engine/engine.js';
import { catchGiallo, GialloError } from '../errors.js';
import { type SkippedFilm, skippedFilm } from '../search/answer.js';
import type { SearchContext } from '../search/context.js';
import { filmsAtOnce, forEachConcurrently } from '../threads/concurrency.js';

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
  /** bytes / rawBytes; null if there are no vectors. */
  readonly ratio: number | null;
}

/** Lists the films, in code point order; those that cannot be opened are in `skipped`. Never throws a GialloError. */
export async function films(collection: Collection, context: SearchContext = {}): Promise<FilmsReport> {
  if (context.engine) return filmsOfEngine(context.engine);
  const rows = new Map<string, FilmRow | GialloError>();
  await forEachConcurrently(collection.films, filmsAtOnce(context), async (entry) => {
    context.signal?.throwIfAborted();
    rows.set(
      entry.path,
      await catchGiallo(() => withFilm(entry, context.reading, (film) => filmRow(entry, film))),
    );
    context.onProgress?.({ done: rows.size, total: collection.films.length, unit: 'films' });
  });

  const listed: FilmRow[] = [];
  const skipped: SkippedFilm[] = [];
  for (const entry of collection.films) {
    const row = rows.get(entry.path) as FilmRow | GialloError;
    if (row instanceof GialloError) skipped.push(skippedFilm(entry, row));
    else listed.push(row);
  }
  return report(collection, listed, skipped);
}

/** The films in an engine, from its list; each shard that is missing is in `skipped`, in the place of its films. */
async function filmsOfEngine(engine: Engine): Promise<FilmsReport> {
  const { collection } = engine;
  const listed = collection.films.map((entry) => filmRow(entry, engine.stored(entry)));
  const { missingShard } = await import('../search/search-engine.js');
  const missing = await engine.missingShards();
  return report(
    collection,
    listed,
    missing.map((shard) => missingShard(engine, shard)),
  );
}

type StoredFacts = Pick<FilmRow, 'frames' | 'dim' | 'dtype' | 'compression' | 'bytes' | 'rawBytes'>;

function filmRow({ name, path }: FilmEntry, stored: StoredFacts): FilmRow {
  const { frames, dim, dtype, compression, bytes, rawBytes } = stored;
  const ratio = rawBytes === 0 ? null : bytes / rawBytes;
  return { film: name, path, frames, dim, dtype, compression, bytes, rawBytes, ratio };
}

function report(
  { folder }: Collection,
  films: readonly FilmRow[],
  skipped: readonly SkippedFilm[],
): FilmsReport {
  const total = (key: 'frames' | 'bytes' | 'rawBytes') => films.reduce((sum, row) => sum + row[key], 0);
  const totals = {
    films: films.length,
    frames: total('frames'),
    bytes: total('bytes'),
    rawBytes: total('rawBytes'),
  };
  return { v: 1, data: folder, films, totals, skipped };
}
