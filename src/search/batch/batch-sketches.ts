/**
 * Sketches for batch work: with them, most pairs of frames need no score. They come from the search index, which is
 * built first for the films of the work if that is worth it. If the index is not to be used, or its disk has too little
 * room, sketches are made for this work alone and held in memory, some 520 bytes a frame. The answers are the same.
 */
import { statSync } from 'node:fs';
import { openCollection } from '../../collection/collection.js';
import { type FilmEntry, withFilm } from '../../collection/film.js';
import { catchGiallo, GialloError, orUndefined } from '../../errors.js';
import { sampledRows } from '../../search-index/basis.js';
import type { SearchIndex } from '../../search-index/open-index.js';
import { forEachConcurrently, jobsOf } from '../../threads/concurrency.js';
import { withWorkers } from '../../threads/worker-pool.js';
import { openIndexOf, type SearchContext } from '../context.js';
import type { BatchFilm } from './batch-films.js';
import type { BatchKinds } from './batch-worker.js';
import { worthwhileShare } from './scoring-costs.js';

/** Sketches are worth making from this many multiplications on: about a second of scoring all pairs. */
const usuallyWorthSketching = 5e9;
/** Batch work builds an index only if the disk has this many times its size free. */
const roomForIndex = 1.5;

/**
 * A film is small if its vectors take at most this many bytes: opening it takes longer than reading and sketching it.
 */
export const smallFilmBytes = 2 ** 18;
/**
 * If all films are small and take at most this many bytes together, they are held in memory, and scored without the
 * index.
 */
export const usualHeldBytes = 2 ** 26;

/** The films of the work, and those of them that are asked about. */
interface FilmsOfWork<Film> {
  readonly films: readonly Film[];
  readonly asked: readonly Film[];
  /** How many results each frame asked about keeps; by default few. */
  readonly perFrame?: number | undefined;
}

/**
 * Opens the index for batch work on these films; builds it or brings it up to date first if that is worth it. Undefined
 * if there is none to use. Errors: the signal's reason.
 */
export async function openBatchIndex(
  work: FilmsOfWork<FilmEntry>,
  context: SearchContext,
): Promise<SearchIndex | undefined> {
  const { index: place, onHint } = context;
  if (!place || areSmall(work.films, context)) return undefined;
  const shapes = await shapesOf(work, context);
  if (isWorthSketches(shapes, context) && leavesMany(shapes)) return undefined;
  const open = () => openIndexOf(context);
  if (!isWorthSketches(shapes, context) || (await isFresh(work.films, await open()))) return open();
  const { buildIndex } = await import('../../search-index/build.js');
  const { indexBytes } = await import('../../search-index/clear.js');
  const { indexFolder } = await import('../../search-index/index-folder.js');
  onHint?.('building the search index first; --no-cache skips it');
  const built = await catchGiallo(async () => {
    const collection = await openCollection(place.dataFolder);
    await buildIndex(collection, place.cacheRoot, { ...context, films: work.films, room: roomForIndex });
    return indexBytes(indexFolder(place.cacheRoot, place.dataFolder));
  });
  if (built instanceof GialloError) onHint?.(`continuing without a search index: ${built.message}`);
  else onHint?.(`the search index takes ${Math.ceil(built / 1e6)} MB; \`giallo index clear\` removes it`);
  return open();
}

/**
 * These films, all of one dim, with sketches on one basis. They are returned as they are if the index has the sketches
 * of all, or if there is little work; else with sketches in memory. Errors: as `holdSketches`.
 */
export async function withSketches(
  work: FilmsOfWork<BatchFilm>,
  context: SearchContext,
): Promise<readonly BatchFilm[]> {
  const { films } = work;
  const bases = new Set(films.filter(({ frames }) => frames > 0).map(({ indexed }) => indexed?.basis));
  const isSketched = bases.size === 1 && !bases.has(undefined);
  return isSketched || !isWorthSketches(work, context) || leavesMany(work)
    ? films
    : holdSketches(films, context);
}

interface Shape {
  readonly frames: number;
  readonly dim: number;
}

/**
 * Whether there is so much work that sketches are worth making, if they help. Each film asked about is scored with all
 * films; two films that are both asked about are scored once.
 */
function isWorthSketches(
  { films, asked }: FilmsOfWork<Shape>,
  { worthSketching = usuallyWorthSketching }: SearchContext,
): boolean {
  const framesAsked = asked.reduce((sum, { frames }) => sum + frames, 0);
  const numbers = films.reduce((sum, { frames, dim }) => sum + frames * dim, 0);
  const share = asked.length === films.length ? 0.5 : 1;
  return framesAsked * numbers * share >= worthSketching;
}

/**
 * Whether sketches leave so many pairs that scoring all pairs is faster. Of n frames in any order, a frame that keeps
 * the k closest keeps k (1 + ln(n / k)) of them at some time (the records of a sequence, Rényi 1962), and no bound can
 * spare it these.
 */
function leavesMany({ films, perFrame }: FilmsOfWork<Shape>): boolean {
  if (perFrame === undefined) return false;
  const frames = films.reduce((sum, film) => sum + film.frames, 0);
  const dim = Math.max(0, ...films.map((film) => film.dim));
  const kept = Math.min(perFrame, frames);
  const share = (kept * (1 + Math.log(frames / kept))) / frames;
  return share > worthwhileShare(dim);
}

/** Whether all films can be held in memory, by the sizes of their files: vectors are seldom compressed well. */
function areSmall(films: readonly FilmEntry[], { heldBytes = usualHeldBytes }: SearchContext): boolean {
  // The error of a file that is not there is reported when the film is read.
  const sizes = films.map(({ path }) => orUndefined(() => statSync(path).size) ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total <= heldBytes && sizes.every((size) => size <= smallFilmBytes);
}

/** The shapes of the films that can be opened. */
async function shapesOf(
  { films, asked, perFrame }: FilmsOfWork<FilmEntry>,
  { reading }: SearchContext,
): Promise<FilmsOfWork<Shape>> {
  const shapes = new Map<FilmEntry, Shape>();
  for (const entry of films) {
    const shape = await catchGiallo(() => withFilm(entry, reading, ({ frames, dim }) => ({ frames, dim })));
    if (!(shape instanceof GialloError)) shapes.set(entry, shape);
  }
  const shapesOfSome = (some: readonly FilmEntry[]) => some.flatMap((entry) => shapes.get(entry) ?? []);
  return { films: shapesOfSome(films), asked: shapesOfSome(asked), perFrame };
}

async function isFresh(films: readonly FilmEntry[], index: SearchIndex | undefined): Promise<boolean> {
  if (!index) return false;
  try {
    for (const film of films) {
      const found = await index.film(film);
      if (found === 'missing' || found === 'changed' || found === 'damaged') return false;
    }
    return true;
  } finally {
    index.close();
  }
}

/**
 * The films with sketches in memory, on one basis that is made of them. No file is written, so nothing is left behind
 * however the work ends. Each film is read twice. Errors: those of reading films; `file-unreadable` for films that were
 * replaced since they were measured; the signal's reason.
 */
export async function holdSketches(
  films: readonly BatchFilm[],
  context: SearchContext,
): Promise<readonly BatchFilm[]> {
  const filled = films.filter(({ frames }) => frames > 0);
  if (filled.length === 0) return films;
  const threads = Math.min(jobsOf(context), filled.length);
  const module = new URL('./batch-worker.js', import.meta.url);
  return withWorkers<BatchKinds, readonly BatchFilm[]>(
    module,
    { threads, signal: context.signal },
    async (pool) => {
      /** The results of `work` for the films, in their order. */
      const mapFilms = async <T>(unit: string, work: (film: BatchFilm, place: number) => Promise<T>) => {
        const results: T[] = [];
        let done = 0;
        await forEachConcurrently(filled.entries(), threads, async ([place, film]) => {
          results[place] = await work(film, place);
          context.onProgress?.({ done: ++done, total: filled.length, unit });
        });
        return results;
      };
      const toRead = ({ entry, frames, checksum, dim, squaredNorms, vectors }: BatchFilm) => ({
        film: { entry, frames, checksum, vectors },
        dim,
        squaredNorms,
        reading: context.reading,
      });
      const { dim } = filled[0];
      const sampled = sampledRows(
        filled.map(({ frames }) => frames),
        dim,
      );
      const samples = await mapFilms('films sampled', (film, place) =>
        pool.run('sampleFilm', { ...toRead(film), indices: sampled[place] }),
      );
      const basis = await pool.run('makeBasis', { dim, samples });
      const held = await mapFilms('films sketched', (film) =>
        pool.run('sketchFilm', { ...toRead(film), basis }),
      );
      const sketchesOf = new Map(filled.map((film, place) => [film, held[place]]));
      return films.map((film) => ({ ...film, held: sketchesOf.get(film) }));
    },
  );
}
