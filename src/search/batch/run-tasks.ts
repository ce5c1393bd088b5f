/** Runs pair tasks on all cores and hands each result to its taker, on the one thread that keeps the answers. */
import { fileURLToPath } from 'node:url';
import Tinypool from 'tinypool';
import { GialloError } from '../../errors.js';
import { forEachConcurrently } from '../concurrency.js';
import { jobsOf, type SearchContext } from '../context.js';
import type { PairResult, PairTask } from './pair-task.js';
import type { TaskFailure } from './pair-worker.js';

/** A task that is put together when its turn comes, so that it knows what was found until then. */
export interface PlannedTask {
  build(): Omit<PairTask, 'reading'>;
  /** Takes the result; tasks under way finish in any order. */
  take(result: PairResult): void | Promise<void>;
}

// The compiled worker serves the sources as well, which a worker thread could not load.
const workerFile = new URL('../../../dist/search/batch/pair-worker.js', import.meta.url);

/** Runs the tasks in order, `jobs` at a time. Errors: those of reading the films; the signal's reason. */
export async function runTasks(
  tasks: Iterable<PlannedTask>,
  total: number,
  context: SearchContext,
): Promise<void> {
  const threads = jobsOf(context);
  const pool = new Tinypool({
    filename: fileURLToPath(workerFile),
    minThreads: 0,
    maxThreads: threads,
    runtime: 'worker_threads',
  });
  let done = 0;
  try {
    await forEachConcurrently(tasks, threads, async (task) => {
      context.signal?.throwIfAborted();
      const options = { name: 'runPairTask', ...(context.signal ? { signal: context.signal } : {}) };
      const result: PairResult | TaskFailure = await pool
        .run({ ...task.build(), reading: context.reading }, options)
        .catch((error: unknown) => {
          context.signal?.throwIfAborted();
          throw error;
        });
      if ('failure' in result) {
        const { code, message, hint } = result.failure;
        throw new GialloError(code, message, { hint });
      }
      await task.take(result);
      context.onProgress?.({ done: ++done, total, unit: 'pairs of films' });
    });
  } finally {
    await pool.destroy();
  }
}
