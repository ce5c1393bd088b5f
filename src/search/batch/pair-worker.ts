/** What a worker thread of batch work does: one pair task after the other, keeping films that the next may want. */
import { type FilmEntry, openFilm, type ReadingOptions } from '../../collection/film.js';
import { readAllRows } from '../../collection/held-rows.js';
import { GialloError } from '../../errors.js';
import { squaredNorm } from '../../kernel/scalar.js';
import { createCollector } from './collectors.js';
import { pairOutsideNear } from './near.js';
import type { PairResult, PairTask } from './pair-task.js';
import { type FilmRows, scorePairs } from './score-pairs.js';

/** A GialloError on its way between threads, which would strip it to a plain Error. */
export interface TaskFailure {
  readonly failure: {
    readonly code: GialloError['code'];
    readonly message: string;
    readonly hint: string | undefined;
  };
}

/** Runs a task; called by name from the pool. */
export async function runPairTask(task: PairTask): Promise<PairResult | TaskFailure> {
  try {
    const a = await rowsOf(task.a.entry, task.reading);
    const b = task.a.entry.path === task.b.entry.path ? a : await rowsOf(task.b.entry, task.reading);
    const collector = createCollector(task, a.frames, b.frames);
    const isWanted = pairOutsideNear(task);
    scorePairs(a, b, task.metric, (indexA, indexB, closeness) => {
      if (isWanted(indexA, indexB)) collector.offer(indexA, indexB, closeness);
    });
    return collector.finish();
  } catch (error) {
    if (!(error instanceof GialloError)) throw error;
    const { code, message, hint } = error;
    return { failure: { code, message, hint } };
  }
}

/** Tasks come ordered by their first film, so the two films of the last task are the ones worth keeping. */
const keptFilms = 2;
const kept = new Map<string, FilmRows>();

async function rowsOf(entry: FilmEntry, reading: ReadingOptions | undefined): Promise<FilmRows> {
  const known = kept.get(entry.path);
  kept.delete(entry.path);
  const rows = known ?? (await readFilmRows(entry, reading));
  kept.set(entry.path, rows);
  for (const path of [...kept.keys()].slice(0, -keptFilms)) kept.delete(path);
  return rows;
}

async function readFilmRows(entry: FilmEntry, reading: ReadingOptions | undefined): Promise<FilmRows> {
  const film = await openFilm(entry, reading);
  try {
    const { frames, dim } = film;
    const values = await readAllRows(film);
    const squaredNorms = Float64Array.from({ length: frames }, (_, row) =>
      squaredNorm(values.subarray(row * dim, (row + 1) * dim)),
    );
    return { frames, dim, values, squaredNorms };
  } finally {
    await film.close();
  }
}
