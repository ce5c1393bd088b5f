/** Runs pair tasks on all cores and hands each result to its taker, on the one thread that keeps the answers. */
import { threadsFor } from '../../threads/thread-budget.js';
import { withWorkers } from '../../threads/worker-pool.js';
import { forEachConcurrently } from '../concurrency.js';
import type { SearchContext } from '../context.js';
import type { BatchTasks } from './batch-worker.js';
import type { PairResult, PairTask } from './pair-task.js';

/** A task that is put together when its turn comes, so that it knows what was found until then. */
export interface PlannedTask {
  /** Multiplications that its scores take. */
  readonly cost: number;
  build(): Omit<PairTask, 'reading'>;
  /** Takes the result; tasks under way finish in any order. */
  take(result: PairResult): void | Promise<void>;
}

/**
 * Runs the tasks in order, `jobs` at a time. At an abort or the first failure what is under way is dropped, and no
 * thread is left. Errors: those of reading the films; the signal's reason.
 */
export async function runTasks(tasks: readonly PlannedTask[], context: SearchContext): Promise<void> {
  const { signal, reading, onProgress } = context;
  signal?.throwIfAborted();
  const threads = threadsFor(
    tasks.reduce((sum, { cost }) => sum + cost, 0),
    tasks.length,
    context,
  );
  let done = 0;
  const tell = () => onProgress?.({ done, total: tasks.length, unit: 'pairs of films' });
  tell();
  const runAll = (run: (task: PairTask) => Promise<PairResult>) =>
    forEachConcurrently(tasks, Math.max(1, threads), async (task) => {
      signal?.throwIfAborted();
      await task.take(await run({ ...task.build(), reading }));
      done++;
      tell();
    });
  if (threads > 0) {
    const module = new URL('./batch-worker.js', import.meta.url);
    await withWorkers<BatchTasks, void>(module, { threads, signal }, (pool) =>
      runAll((task) => pool.run('runPairTask', task)),
    );
    return;
  }
  const { createPairRunner } = await import('./run-pair-task.js');
  const { run, end } = createPairRunner();
  await runAll(run).finally(end);
}
