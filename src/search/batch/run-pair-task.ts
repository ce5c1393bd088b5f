/** Carries out pair tasks, one after the other, keeping the films that the next one may want. */
import { openFilm, type ReadingOptions } from '../../collection/film.js';
import { readAllRows } from '../../collection/held-rows.js';
import { GialloError, orError } from '../../errors.js';
import { squaredNorm } from '../../kernel/scalar.js';
import { vectorsChecksum } from '../film-profile.js';
import { createCollector } from './collectors.js';
import { pairOutsideNear } from './near.js';
import type { PairResult, PairTask, TaskFilm } from './pair-task.js';
import { openRowStore, type RowStore } from './row-store.js';
import { type FilmRows, scorePairs } from './score-pairs.js';
import { scoreSketched } from './score-sketched.js';
import { createShelf, type Shelf } from './shelf.js';
import { openSketchedFilm, type SketchedFilm } from './sketched-film.js';

export interface PairRunner {
  /**
   * Carries out a task and holds on to its two films. Errors: those of reading films, and `file-unreadable` for one that
   * is another than was measured.
   */
  run(task: PairTask): Promise<PairResult>;
  /** Lets go of films and memory. */
  end(): void;
}

/** A runner of tasks, one at a time. */
export function createPairRunner(): PairRunner {
  const sketchedFilms = createShelf<SketchedFilm>(({ close }) => close());
  const filmRows = createShelf<FilmRows>();
  let store: RowStore | undefined;
  const rowsOf = (dim: number) => {
    if (store?.dim === dim) return store;
    store?.release();
    store = openRowStore(dim);
    return store;
  };
  return {
    async run(task) {
      const sketched = await orError(() => runSketched(task, sketchedFilms, rowsOf));
      if (sketched instanceof GialloError) sketchedFilms.clear();
      // What is damaged in the index is read from the archives.
      return sketched instanceof GialloError || !sketched ? await runOnArchives(task, filmRows) : sketched;
    },
    end() {
      sketchedFilms.clear();
      filmRows.clear();
      store?.release();
      store = undefined;
    },
  };
}

/** By the sketches, where the index has both films on one basis. */
async function runSketched(
  task: PairTask,
  films: Shelf<SketchedFilm>,
  rowsOf: (dim: number) => RowStore,
): Promise<PairResult | undefined> {
  const { a, b, metric } = task;
  const [filesA, filesB] = [a.indexed, b.indexed];
  if (!filesA || !filesB || filesA.basis !== filesB.basis) return undefined;
  const sketchedA = await films.take(filesA.rows, () => openSketchedFilm(filesA));
  const sketchedB = await films.take(filesB.rows, () => openSketchedFilm(filesB));
  const [proposals, collector] = [0, 1].map(() => createCollector(task, sketchedA.frames, sketchedB.frames));
  const pair = { a: sketchedA, b: sketchedB, delta: filesA.delta, metric, isWanted: pairOutsideNear(task) };
  scoreSketched(pair, proposals, collector, rowsOf(sketchedA.dim));
  return collector.finish();
}

async function runOnArchives(task: PairTask, films: Shelf<FilmRows>): Promise<PairResult> {
  const rowsOf = (film: TaskFilm) => films.take(film.entry.path, () => readFilmRows(film, task.reading));
  const a = await rowsOf(task.a);
  const b = await rowsOf(task.b);
  const collector = createCollector(task, a.frames, b.frames);
  const isWanted = pairOutsideNear(task);
  scorePairs(a, b, task.metric, (indexA, indexB, closeness) => {
    if (isWanted(indexA, indexB)) collector.offer(indexA, indexB, closeness);
  });
  return collector.finish();
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
