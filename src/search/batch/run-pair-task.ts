/** Carries out pair tasks, one after the other, keeping the films that the next one may want. */
import type { ReadingOptions } from '../../collection/film.js';
import { GialloError, orError } from '../../errors.js';
import { createCollector } from './collectors.js';
import {
  type IndexedFiles,
  type PairResult,
  type PairTask,
  pairOutsideNear,
  type TaskFilm,
} from './pair-task.js';
import { readFilmRows } from './read-film-rows.js';
import { openRowStore } from './row-store.js';
import { type FilmRows, scorePairs } from './score-pairs.js';
import { type ScoringMemory, scoreSketched } from './score-sketched.js';
import { createShelf, type Shelf } from './shelf.js';
import { createSketchTiler } from './sketch-tiles.js';
import { joinSketchedFilm, openSketchedFilm, type SketchedFilm } from './sketched-film.js';

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
  let memory: ScoringMemory | undefined;
  const memoryFor = (dim: number): ScoringMemory => {
    if (memory?.rows.dim === dim) return memory;
    memory?.rows.release();
    memory = { tiler: memory?.tiler ?? createSketchTiler(), rows: openRowStore(dim) };
    return memory;
  };
  return {
    async run(task) {
      const sketched = await orError(() => runSketched(task, sketchedFilms, memoryFor));
      if (sketched instanceof GialloError) sketchedFilms.clear();
      // What is damaged in the index is read from the archives.
      return sketched instanceof GialloError || !sketched ? await runOnArchives(task, filmRows) : sketched;
    },
    end() {
      sketchedFilms.clear();
      filmRows.clear();
      memory?.rows.release();
      memory = undefined;
    },
  };
}

/** By the sketches, where both films have them on one basis. */
async function runSketched(
  task: PairTask,
  films: Shelf<SketchedFilm>,
  memoryFor: (dim: number) => ScoringMemory,
): Promise<PairResult | undefined> {
  const { a, b, metric } = task;
  const delta = commonDelta(a, b);
  if (delta === undefined) return undefined;
  const take = (film: TaskFilm) => films.take(film.entry.path, () => sketchedFilm(film, task.reading));
  const filmA = await take(a);
  const filmB = await take(b);
  const [proposals, collector] = [0, 1].map(() => createCollector(task, filmA.frames, filmB.frames));
  const pair = { a: filmA, b: filmB, delta, metric, isWanted: pairOutsideNear(task) };
  scoreSketched(pair, proposals, collector, memoryFor(filmA.dim));
  return collector.finish();
}

async function sketchedFilm(film: TaskFilm, reading: ReadingOptions | undefined): Promise<SketchedFilm> {
  if (film.held) return joinSketchedFilm(film.held, await readFilmRows(film, reading));
  return openSketchedFilm(film.indexed as IndexedFiles);
}

/** What the basis of both says of itself; undefined where they have none in common. */
function commonDelta(a: TaskFilm, b: TaskFilm): number | undefined {
  if (a.held && b.held) return a.held.delta;
  return a.indexed?.basis === b.indexed?.basis ? a.indexed?.delta : undefined;
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
