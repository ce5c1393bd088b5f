/** Carries out pair tasks, one after the other, keeping the films that the next one may want. */
import { openFilm, type ReadingOptions } from '../../collection/film.js';
import { readAllRows } from '../../collection/held-rows.js';
import { GialloError } from '../../errors.js';
import { squaredNorm } from '../../kernel/scalar.js';
import { vectorsChecksum } from '../film-profile.js';
import { createCollector } from './collectors.js';
import { pairOutsideNear } from './near.js';
import type { PairResult, PairTask, TaskFilm } from './pair-task.js';
import { type FilmRows, scorePairs } from './score-pairs.js';

/**
 * A function that carries out a task and holds on to its two films. Errors: those of reading films, and
 * `file-unreadable` for one that is another than was measured.
 */
export function createPairRunner(): (task: PairTask) => Promise<PairResult> {
  const rowsOf = createFilmShelf();
  return async (task) => {
    const a = await rowsOf(task.a, task.reading);
    const b = task.a.entry.path === task.b.entry.path ? a : await rowsOf(task.b, task.reading);
    const collector = createCollector(task, a.frames, b.frames);
    const isWanted = pairOutsideNear(task);
    scorePairs(a, b, task.metric, (indexA, indexB, closeness) => {
      if (isWanted(indexA, indexB)) collector.offer(indexA, indexB, closeness);
    });
    return collector.finish();
  };
}

/** Tasks come ordered by their first film, so the two films of the last task are the ones worth keeping. */
const keptFilms = 2;

function createFilmShelf(): (film: TaskFilm, reading: ReadingOptions | undefined) => Promise<FilmRows> {
  const kept = new Map<string, FilmRows>();
  return async (film, reading) => {
    const { path } = film.entry;
    const known = kept.get(path);
    kept.delete(path);
    for (const other of [...kept.keys()].slice(0, 1 - keptFilms)) kept.delete(other);
    const rows = known ?? (await readFilmRows(film, reading));
    kept.set(path, rows);
    return rows;
  };
}

async function readFilmRows(
  { entry, checksum }: TaskFilm,
  reading: ReadingOptions | undefined,
): Promise<FilmRows> {
  const film = await openFilm(entry, reading);
  try {
    const { frames, dim } = film;
    const values = await readAllRows(film);
    if (vectorsChecksum(film, values) !== checksum) throw changed(entry.path);
    const squaredNorms = Float64Array.from({ length: frames }, (_, row) =>
      squaredNorm(values.subarray(row * dim, (row + 1) * dim)),
    );
    return { frames, dim, values, squaredNorms };
  } finally {
    await film.close();
  }
}

function changed(path: string): GialloError {
  return new GialloError(
    'file-unreadable',
    `${path}: expected the vectors that were there a moment ago, found others`,
    { hint: 'the file was replaced meanwhile; run the command again' },
  );
}
