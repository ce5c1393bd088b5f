/**
 * The films of a batch, each read once beforehand: which films can be used, and what the tasks need to know of them.
 */
import { crc32 } from 'node:zlib';
import { type Film, type FilmEntry, withFilm } from '../../collection/film.js';
import { catchGiallo, GialloError } from '../../errors.js';
import { hex32 } from '../../files/file-names.js';
import { countRows } from '../../ranking/rows.js';
import { findShots } from '../../ranking/shots.js';
import { warningsOf } from '../../search-index/film-rows.js';
import { filmPaths } from '../../search-index/index-files.js';
import type { SearchIndex } from '../../search-index/open-index.js';
import { filmsAtOnce, forEachConcurrently } from '../../threads/concurrency.js';
import {
  countSearched,
  dimMismatch,
  requireAnyRead,
  type Searched,
  type SkippedFilm,
  skippedFilm,
} from '../answer.js';
import { fromIndex, openIndexOf, quietly, type SearchContext, tellWarnings } from '../context.js';
import { profileFilm, type WholeFilmProfile } from '../film-profile.js';
import { samePictures } from '../leave-out.js';
import { commonDim, inNameOrder } from '../question.js';
import { search } from '../search.js';
import type { BatchFilm, BatchFilms, IndexedFiles } from './batch-films.js';
import { openBatchIndex, smallFilmBytes, usualHeldBytes, withSketches } from './batch-sketches.js';

interface MeasureRequest {
  readonly films: readonly FilmEntry[];
  /** The films asked about, a part of `films`; by default all. They decide the dim. */
  readonly asked?: readonly FilmEntry[] | undefined;
  /** How many results each frame asked about keeps; by default few. */
  readonly perFrame?: number | undefined;
  readonly shotThreshold?: number | undefined;
  /** Vectors of frames: those that are the same picture as one of them are in `leftOut`. */
  readonly without?: readonly Float32Array[] | undefined;
}

/**
 * Reads and measures the films of a batch. The dim is the one that most frames asked about have; of equally many, that
 * of the first film by name. Films of another dim are skipped as `dim-mismatch`. Errors: as `requireAnyRead` where none
 * of those asked about could be read; the signal's reason.
 */
export async function measureFilms(
  { films: all, asked: some = all, perFrame, shotThreshold, without = [] }: MeasureRequest,
  context: SearchContext,
): Promise<BatchFilms> {
  const [entries, asked] = [inNameOrder(all), inNameOrder(some)];
  const index = await openBatchIndex({ films: entries, asked, perFrame }, context);
  const measured = new Map<FilmEntry, BatchFilm>();
  const skipped = new Map<FilmEntry, SkippedFilm>();
  const takeRoom = roomForVectors(context);
  try {
    await forEachConcurrently(entries, filmsAtOnce(context), async (entry) => {
      context.signal?.throwIfAborted();
      const film = await catchGiallo(() => measure(entry, index, shotThreshold, takeRoom, context));
      if (film instanceof GialloError) skipped.set(entry, skippedFilm(entry, film));
      else measured.set(entry, film);
      context.onProgress?.({ done: measured.size + skipped.size, total: entries.length, unit: 'films read' });
    });
  } finally {
    index?.close();
  }

  const readable = (films: readonly FilmEntry[]) => films.flatMap((entry) => measured.get(entry) ?? []);
  // Films that are asked about may have no frames.
  const dim = commonDim(readable(asked)) ?? commonDim(readable(entries));
  const isFit = (film: BatchFilm) => film.frames === 0 || film.dim === dim;
  for (const film of readable(entries))
    if (!isFit(film))
      skipped.set(film.entry, skippedFilm(film.entry, dimMismatch(film.entry, dim, film.dim)));
  const skippedOf = (some: readonly FilmEntry[]) => some.flatMap((entry) => skipped.get(entry) ?? []);
  requireAnyRead(searchedOf(readable(asked)), skippedOf(asked));
  const films = readable(entries).filter(isFit);
  const sketched = await withSketches({ films, asked: readable(asked).filter(isFit), perFrame }, context);
  return {
    films: without.length > 0 ? await withoutPictures(sketched, without, context) : sketched,
    skipped: skippedOf(entries),
    searched: searchedOf(films),
  };
}

/** The films, with those frames in `leftOut` that are the same picture as one of `pictures`. */
async function withoutPictures(
  films: readonly BatchFilm[],
  pictures: readonly Float32Array[],
  context: SearchContext,
): Promise<readonly BatchFilm[]> {
  const scope = films.map(({ entry }) => entry);
  const index = await openIndexOf(context);
  try {
    const { results, skipped } = await samePictures(pictures, scope, (questions, filters) =>
      search(questions, filters, quietly(context), { index }),
    );
    for (const { code, message } of skipped) throw new GialloError(code, message);
    const leftOut = new Map(films.map(({ entry, frames }) => [entry.name, new Uint8Array(frames)]));
    for (const { film, index } of results) (leftOut.get(film) as Uint8Array)[index] = 1;
    return films.map((film) => ({ ...film, leftOut: leftOut.get(film.entry.name) }));
  } finally {
    index?.close();
  }
}

type TakeRoom = (film: Film) => Float32Array | undefined;

/** Memory that threads share for the vectors of a small film, while there is room. */
function roomForVectors({ heldBytes = usualHeldBytes }: SearchContext): TakeRoom {
  let left = heldBytes;
  return ({ frames, dim }) => {
    const bytes = frames * dim * Float32Array.BYTES_PER_ELEMENT;
    if (bytes > Math.min(smallFilmBytes, left)) return undefined;
    left -= bytes;
    return new Float32Array(new SharedArrayBuffer(bytes));
  };
}

async function measure(
  entry: FilmEntry,
  index: SearchIndex | undefined,
  threshold: number | undefined,
  takeRoom: TakeRoom,
  context: SearchContext,
): Promise<BatchFilm> {
  return withFilm(entry, context.reading, async (film) => {
    const { frames, dim } = film;
    const { filenames, warnings } = await film.readFilenames();
    const known = await profileFromIndex(film, entry, index);
    const vectors = known ? undefined : takeRoom(film);
    const profile =
      known ??
      (await profileFilm(film, context.signal, ({ firstRow, values }) =>
        vectors?.set(values, firstRow * dim),
      ));
    tellWarnings(film.name, [...film.warnings, ...warnings, ...profile.warnings], context);
    const { squaredNorms, scorelessRows, checksum } = profile;
    return {
      entry,
      frames,
      dim,
      filenames,
      squaredNorms,
      shots: findShots(profile, threshold),
      scorelessRows,
      checksum,
      fingerprint: `${frames}x${dim}:${checksum}:${namesChecksum(film, filenames)}`,
      indexed: known?.indexed,
      vectors,
    };
  });
}

/**
 * The profile of a film from the index, so that the film need not be read; undefined if there is none. Only archives
 * have one: their checksum tells whether the content is still the same.
 */
async function profileFromIndex(
  film: Film,
  entry: FilmEntry,
  index: SearchIndex | undefined,
): Promise<(WholeFilmProfile & { readonly indexed: IndexedFiles }) | undefined> {
  const checksum = film.checksums.embeddings;
  if (!index || checksum === null || film.frames === 0) return undefined;
  return fromIndex(index, entry, ({ sketches: { meta }, rows }) => {
    const { fingerprint, basis, width } = meta;
    if (basis === null) return undefined;
    const { delta } = index.basis(basis);
    const indexed = { ...filmPaths(index.folder, entry.name), fingerprint, basis, width, delta };
    // The other warnings, of names and dtypes, come from the archive.
    const warnings = warningsOf(meta, film.path).filter(({ code }) => code === 'became-infinite');
    return { ...rows().profile(), checksum, warnings, indexed };
  });
}

function namesChecksum({ checksums }: Film, filenames: readonly string[]): string {
  return checksums.filenames ?? hex32(crc32(JSON.stringify(filenames)));
}

function searchedOf(films: readonly BatchFilm[]): Searched {
  return countSearched(films.map(({ frames, squaredNorms }) => ({ frames, ...countRows(squaredNorms) })));
}
