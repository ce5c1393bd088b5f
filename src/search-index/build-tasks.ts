/**
 * What the threads of a build do: read a film into its rows file, make a basis from rows files, make a film's sketches.
 * Tasks and results are plain data; errors travel as data too, since a thread would strip them to their message.
 */
import type { FilmEntry, ReadingOptions } from '../collection/film.js';
import { type ErrorCode, GialloError } from '../errors.js';
import { computeBasis } from './basis.js';
import { readBasis, writeBasis } from './basis-file.js';
import { sampleRows } from './sample.js';
import { damaged } from './section-file.js';
import { createRowSketcher, type RowSketcher } from './sketch.js';
import { writeFilmRows } from './write-film-rows.js';
import { writeFilmSketches } from './write-film-sketches.js';

export type BuildTask =
  | {
      readonly kind: 'rows';
      readonly entry: FilmEntry;
      readonly path: string;
      readonly reading: ReadingOptions | undefined;
    }
  | {
      readonly kind: 'basis';
      readonly folder: string;
      readonly dim: number;
      readonly rowsPaths: readonly string[];
    }
  | {
      readonly kind: 'sketches';
      readonly folder: string;
      /** Null for a film without frames. */
      readonly basis: string | null;
      readonly rowsPath: string;
      readonly path: string;
    };

/** The new basis' id for a task of that kind. */
export type BuildResult = { readonly basis?: string } | { readonly error: TaskError };

interface TaskError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Does a task; called by name from the pool of threads. @public */
export async function runBuildTask(task: BuildTask): Promise<BuildResult> {
  try {
    switch (task.kind) {
      case 'rows':
        await writeFilmRows(task.entry, task.path, task.reading);
        return {};
      case 'basis':
        return {
          basis: writeBasis(task.folder, computeBasis(sampleRows(task.rowsPaths, task.dim), task.dim)),
        };
      case 'sketches':
        writeFilmSketches(
          task.rowsPath,
          task.path,
          task.basis === null ? undefined : sketcherOf(task.folder, task.basis),
        );
        return {};
    }
  } catch (error) {
    if (!(error instanceof GialloError)) throw error;
    const { code, message, hint } = error;
    return { error: { code, message, hint } };
  }
}

/** The sketcher of the last task, which the next one wants as a rule. */
let last: RowSketcher | undefined;

function sketcherOf(folder: string, id: string): RowSketcher {
  if (last?.basis === id) return last;
  const basis = readBasis(folder, id);
  if (!basis) throw damaged(`${folder}: basis ${id}`, 'found none');
  last = createRowSketcher(id, basis);
  return last;
}
