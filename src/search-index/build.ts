/**
 * Builds the index of a collection. Fresh files stay, and each file is whole or not there, so an interrupted build
 * continues where it stopped. Several builds at once do the same work twice and end in the same files.
 */
import { statfsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Collection } from '../collection/collection.js';
import { type FilmEntry, withFilm } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { catchGiallo, GialloError, withFileError } from '../errors.js';
import { removeLeftovers } from '../files/temporary-files.js';
import type { Progress } from '../progress.js';
import { jobsOf } from '../threads/concurrency.js';
import { basisWidth } from './basis.js';
import { buildSketches, makeBases, sampledFilms } from './build-sketches.js';
import { type BuildPool, inParallel, withBuildPool } from './build-tasks.js';
import { stampsOf, writeStamps } from './film-stamps.js';
import { inspectFilms } from './film-state.js';
import { filmPaths, makeIndexFolder, removeOtherFiles, requireNotCleared } from './index-files.js';
import { indexFolder } from './index-folder.js';
import { writeHeads } from './sketch-heads.js';

export interface BuildOptions {
  readonly reading?: ReadingOptions | undefined;
  /** The films to bring up to date; by default all. What the index has of the others stays. */
  readonly films?: readonly FilmEntry[] | undefined;
  /** Threads; all cores by default. */
  readonly jobs?: number | undefined;
  /** Bytes of archives from which threads are worth starting. */
  readonly bytesWorthThreads?: number | undefined;
  /** Free space that the disk must have, as a multiple of the bytes that will be written; 1 by default. */
  readonly room?: number | undefined;
  /** Ends the build: its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface BuildReport {
  /** Films that were read from their archives. */
  readonly read: number;
  /** Films whose sketches were made, those that were read among them. */
  readonly sketched: number;
  /** Films that were removed from the index, since the collection no longer has them. */
  readonly removed: number;
  /** Films that could not be read. */
  readonly failed: readonly FailedFilm[];
}

interface FailedFilm {
  readonly entry: FilmEntry;
  readonly error: GialloError;
}

/**
 * Brings the index of a collection under `root` up to date. Errors: `file-unwritable` (the cache cannot be written, or
 * its disk has too little room), the signal's reason. Films that cannot be read are in the report.
 */
export async function buildIndex(
  collection: Collection,
  root: string,
  options: BuildOptions = {},
): Promise<BuildReport> {
  const folder = indexFolder(root, collection.folder);
  const before = underWay.get(folder)?.catch(() => undefined);
  const mine = Promise.resolve(before).then(() => buildInFolder(folder, collection, options));
  underWay.set(folder, mine);
  try {
    return await mine;
  } catch (error) {
    if (!(error instanceof GialloError) || error.code !== 'file-unwritable') throw error;
    const { code, message, hint = '$GIALLO_CACHE names another folder' } = error;
    throw new GialloError(code, message, { hint, cause: error.cause });
  } finally {
    if (underWay.get(folder) === mine) underWay.delete(folder);
  }
}

/**
 * The last build begun in each folder. Builds in one process wait for each other: each would remove the temporary files
 * of the other as leftovers.
 */
const underWay = new Map<string, Promise<BuildReport>>();

async function buildInFolder(
  folder: string,
  collection: Collection,
  options: BuildOptions,
): Promise<BuildReport> {
  makeIndexFolder(folder, collection.folder);
  removeLeftovers(folder, { ofThisProcess: true });
  const { films = collection.films } = options;
  const done = { read: new Set<FilmEntry>(), sketched: new Set<FilmEntry>() };
  try {
    const threads = await threadsForFilms(films, options);
    return await withBuildPool(threads, options.signal, (pool) =>
      build({ collection, films, folder, pool, options, done }),
    );
  } finally {
    removeLeftovers(folder, { ofThisProcess: true });
  }
}

/** About a tenth of a second of work, which is less than a thread takes to start. */
const usuallyWorthThreads = 2 << 20;

/** How many threads to start for these films; 0 if this thread does the work sooner. */
async function threadsForFilms(films: readonly FilmEntry[], options: BuildOptions): Promise<number> {
  const { bytesWorthThreads = usuallyWorthThreads } = options;
  let bytes = 0;
  for (const { path } of films) {
    bytes += (await stat(path).catch(() => undefined))?.size ?? 0;
    if (bytes >= bytesWorthThreads) return Math.min(jobsOf(options), Math.max(1, films.length));
  }
  return 0;
}

interface Build {
  readonly collection: Collection;
  /** Those of `collection` that are brought up to date. */
  readonly films: readonly FilmEntry[];
  readonly folder: string;
  readonly pool: BuildPool;
  readonly options: BuildOptions;
  /** Films that were read, and films that were sketched. */
  readonly done: { readonly read: Set<FilmEntry>; readonly sketched: Set<FilmEntry> };
}

async function build(work: Build): Promise<BuildReport> {
  const { collection, films, folder, pool, options, done } = work;
  const first = await catchGiallo(() => bringUpToDate(work));
  requireNotCleared(folder);
  const isDamaged = first instanceof GialloError && first.code === 'index-damaged';
  if (first instanceof GialloError && !isDamaged) throw first;
  // Files that were kept because they looked whole may be damaged after all: these are made again as well.
  if (isDamaged) {
    await inParallel(films, ({ name }) => pool.run('removeDamaged', filmPaths(folder, name)));
  }
  const { bases, failed } = isDamaged ? await bringUpToDate(work) : (first as UpToDate);
  const names = collection.films.map(({ name }) => name);
  const isWhole = films.length === collection.films.length;
  const removed = removeOtherFiles(folder, names, isWhole ? bases : undefined);
  requireNotCleared(folder);
  writeHeads(folder, names);
  writeStamps(folder, await stampsOf(collection.films, options.reading));
  return { read: done.read.size, sketched: done.sketched.size, removed, failed };
}

interface UpToDate {
  /** Ids of the bases in use. */
  readonly bases: ReadonlySet<string>;
  /** Films that could not be read. */
  readonly failed: readonly FailedFilm[];
}

/** Makes the missing rows files and sketches. Errors: `index-damaged`, `file-unwritable`. */
async function bringUpToDate({ films, folder, pool, options, done }: Build): Promise<UpToDate> {
  const { reading, onProgress } = options;
  const before = await inspectFilms(folder, films, reading);
  const unread = before.filter(({ rows, error }) => !rows && !error).map(({ entry }) => entry);
  await requireRoom(folder, unread, options);

  const failed: FailedFilm[] = before.flatMap(({ entry, error }) => (error ? [{ entry, error }] : []));
  let tried = 0;
  const read = (entries: readonly FilmEntry[]) =>
    inParallel(entries, async (entry) => {
      const path = filmPaths(folder, entry.name).rows;
      const error = await catchGiallo(() => pool.run('writeRows', { entry, path, reading }));
      if (!(error instanceof GialloError)) done.read.add(entry);
      else if (error.code === 'file-unwritable' || error.code === 'memory-exhausted') throw error;
      else failed.push({ entry, error });
      onProgress?.({ done: ++tried, total: unread.length, unit: 'films read' });
    });
  const sampled = sampledFilms(films);
  await read(unread.filter((entry) => sampled.has(entry)));
  // One thread makes a basis while others read.
  const making = makeBases(folder, await inspectFilms(folder, films, reading), pool, sampled);
  await inParallel([making, read(unread.filter((entry) => !sampled.has(entry)))], (work) => work);

  const states = await inspectFilms(folder, films, reading);
  const bases = await buildSketches(folder, states, pool, await making, { ...done, onProgress });
  return { bases, failed };
}

/**
 * Errors: `file-unwritable` if the disk has no room for the files of these films. Films that cannot be opened do not
 * count.
 */
async function requireRoom(
  folder: string,
  films: readonly FilmEntry[],
  { reading, room = 1 }: BuildOptions,
): Promise<void> {
  let needed = 0;
  for (const entry of films) {
    const bytes = await catchGiallo(() =>
      withFilm(entry, reading, ({ frames, dim }) => frames * bytesOfFrame(dim)),
    );
    if (!(bytes instanceof GialloError)) needed += room * bytes;
  }
  const { bavail, bsize } = withFileError('write', folder, () => statfsSync(folder));
  if (needed <= bavail * bsize) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`;
  throw new GialloError(
    'file-unwritable',
    `${folder}: the index needs ${megabytes(needed)}, and the disk has ${megabytes(bavail * bsize)} left`,
  );
}

/** Bytes of a frame in the index: its row, the codes of its sketch, and checks, measures and a filename. */
function bytesOfFrame(dim: number): number {
  return dim * 4 + basisWidth(Number.POSITIVE_INFINITY, dim) * 2 + 128;
}
