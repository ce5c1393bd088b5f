/**
 * Sketches of films that the search index does not have, held in memory for as long as the work lasts: 260 or 520 bytes
 * a frame. No file is written, so that nothing is left behind however the work ends.
 */
import type { ReadingOptions } from '../../collection/film.js';
import { sampleSize } from '../../search-index/basis.js';
import { jobsOf } from '../../threads/thread-budget.js';
import { withWorkers } from '../../threads/worker-pool.js';
import { forEachConcurrently } from '../concurrency.js';
import type { SearchContext } from '../context.js';
import type { BatchFilm } from './batch-films.js';
import type { BatchTasks } from './batch-worker.js';
import type { HeldSketches } from './pair-task.js';

/**
 * The films with their sketches, on a basis of their own. Each is read twice. Errors: those of reading films, and
 * `file-unreadable` for one that is another than was measured; the signal's reason.
 */
export async function holdSketches(
  films: readonly BatchFilm[],
  context: SearchContext,
): Promise<readonly BatchFilm[]> {
  const filled = films.filter(({ frames }) => frames > 0);
  if (filled.length === 0) return films;
  const jobs = Math.min(jobsOf(context), filled.length);
  const forEachFilm = async (unit: string, work: (film: BatchFilm) => Promise<void>) => {
    let done = 0;
    await forEachConcurrently(filled, jobs, async (film) => {
      await work(film);
      context.onProgress?.({ done: ++done, total: filled.length, unit });
    });
  };
  const module = new URL('./batch-worker.js', import.meta.url);
  const options = { threads: jobs, signal: context.signal };
  return withWorkers<BatchTasks, readonly BatchFilm[]>(module, options, async (threads) => {
    const indices = sampledIndices(filled);
    const samples = new Map<BatchFilm, Float32Array>();
    await forEachFilm('films sampled', async (film) => {
      const task = { ...readable(film, context.reading), indices: indices.get(film) ?? [] };
      samples.set(film, await threads.run('sampleFilm', task));
    });
    const { dim } = filled[0];
    const basis = await threads.run('makeBasis', {
      dim,
      samples: filled.map((film) => samples.get(film) as Float32Array),
    });
    const held = new Map<BatchFilm, HeldSketches>();
    await forEachFilm('films sketched', async (film) => {
      held.set(film, await threads.run('sketchFilm', { ...readable(film, context.reading), basis }));
    });
    return films.map((film) => ({ ...film, held: held.get(film) }));
  });
}

function readable({ entry, checksum }: BatchFilm, reading: ReadingOptions | undefined) {
  return { film: { entry, checksum }, reading };
}

/** The rows of each film that are sampled: evenly spaced over all frames. */
function sampledIndices(films: readonly BatchFilm[]): ReadonlyMap<BatchFilm, readonly number[]> {
  const total = films.reduce((sum, { frames }) => sum + frames, 0);
  const step = Math.max(1, total / sampleSize(total, films[0].dim));
  let before = 0;
  let taken = 0;
  return new Map(
    films.map((film) => {
      const indices: number[] = [];
      for (; Math.floor(taken * step) < before + film.frames; taken++)
        indices.push(Math.floor(taken * step) - before);
      before += film.frames;
      return [film, indices];
    }),
  );
}
