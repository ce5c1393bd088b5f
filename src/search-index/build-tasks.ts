/**
 * The threads of a build and what they do: read a film into its rows file, make a basis from rows files, make a film's
 * sketches, and remove those files of a film that are damaged.
 */
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import type { WorkerTasks } from '../threads/messages.js';
import { type WorkerPool, withWorkers } from '../threads/worker-pool.js';
import { computeBasis, readSample } from './basis.js';
import { readBasis, writeBasis } from './basis-file.js';
import { removeDamaged } from './clear.js';
import type { FilmPaths } from './index-files.js';
import { damaged } from './section-file.js';
import { createRowSketcher, type RowSketcher } from './sketch.js';
import { writeFilmRows, writeFilmSketches } from './write-film.js';

/** What a thread of a build can do. */
interface BuildKinds {
  readonly writeRows: { readonly task: RowsTask; readonly result: undefined };
  /** Gives the id of the basis. */
  readonly makeBasis: { readonly task: BasisTask; readonly result: string };
  readonly writeSketches: { readonly task: SketchesTask; readonly result: undefined };
  readonly removeDamaged: { readonly task: FilmPaths; readonly result: undefined };
}

interface RowsTask {
  readonly entry: FilmEntry;
  readonly path: string;
  readonly reading: ReadingOptions | undefined;
}

export interface BasisTask {
  readonly folder: string;
  readonly dim: number;
  /** Vectors of the basis. */
  readonly width: number;
  readonly rowsPaths: readonly string[];
}

interface SketchesTask {
  readonly folder: string;
  /** Id of the basis; null for a film that gets no sketches. */
  readonly basis: string | null;
  readonly rowsPath: string;
  /** Set if this build has just written the rows, so that their checksums need no check. */
  readonly unchecked: 'unchecked' | undefined;
  readonly path: string;
}

/** The threads of a build. */
export type BuildPool = WorkerPool<BuildKinds>;

/**
 * Does `work` with the threads of a build: at most `threads`; with 0 on this thread, task by task. Errors: as
 * `withWorkers`.
 */
export function withBuildPool<Result>(
  threads: number,
  signal: AbortSignal | undefined,
  work: (pool: BuildPool) => Promise<Result>,
): Promise<Result> {
  if (threads === 0) return work(onThisThread(signal));
  return withWorkers(new URL('./build-tasks.js', import.meta.url), { threads, signal }, work);
}

function onThisThread(signal = new AbortController().signal): BuildPool {
  let before: Promise<unknown> = Promise.resolve();
  return {
    run(kind, task) {
      const result = before.then(() => {
        signal.throwIfAborted();
        return workerTasks[kind](task, { shared: undefined, signal, onProgress: () => undefined });
      });
      before = result.catch(() => undefined);
      return result;
    },
  };
}

/** Begins `work` on all items; the first failure is thrown when all have ended. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(items.map(work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/** Called in the threads. @public */
export const workerTasks: WorkerTasks<BuildKinds> = {
  async writeRows({ entry, path, reading }) {
    await writeFilmRows(entry, path, reading);
    return undefined;
  },
  makeBasis: ({ folder, dim, width, rowsPaths }) =>
    writeBasis(folder, computeBasis(readSample(rowsPaths, dim), dim, width)),
  writeSketches({ folder, basis, rowsPath, unchecked, path }) {
    writeFilmSketches(rowsPath, path, basis === null ? undefined : sketcherOf(folder, basis), unchecked);
    return undefined;
  },
  removeDamaged(paths) {
    removeDamaged(paths);
    return undefined;
  },
};

/** The sketcher of the last task: most tasks have the same basis as the one before. */
let last: RowSketcher | undefined;

function sketcherOf(folder: string, id: string): RowSketcher {
  if (last?.basis === id) return last;
  const basis = readBasis(folder, id);
  if (!basis) throw damaged(`${folder}: basis ${id}`, 'it is missing');
  last = createRowSketcher(id, basis);
  return last;
}
