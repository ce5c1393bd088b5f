/** Runs pair tasks on all cores and hands each result to its taker, on the one thread that keeps the answers. */
import { forEachConcurrently } from '../concurrency.js';
import { jobsOf, type SearchContext } from '../context.js';
import { endAtAbort } from './end-at-abort.js';
import type { PairResult, PairTask } from './pair-task.js';

/** A task that is put together when its turn comes, so that it knows what was found until then. */
export interface PlannedTask {
  /** Multiplications that its scores take. */
  readonly cost: number;
  build(): Omit<PairTask, 'reading'>;
  /** Takes the result; tasks under way finish in any order. */
  take(result: PairResult): void | Promise<void>;
}

/** Who carries tasks out. */
interface Crew {
  run(task: PairTask): Promise<PairResult>;
  /** Drops what is under way; resolves when no thread is left. */
  end(): Promise<void>;
}

/** Below this threads would take longer to start than the work lasts: about a tenth of a second of one core. */
const worthThreads = 2e8;

/**
 * Runs the tasks in order, `jobs` at a time. At an abort or the first failure what is under way is dropped, and no
 * thread is left. Errors: those of reading the films; the signal's reason.
 */
export async function runTasks(tasks: readonly PlannedTask[], context: SearchContext): Promise<void> {
  const { signal, reading, onProgress } = context;
  signal?.throwIfAborted();
  const isWorthThreads = tasks.reduce((sum, { cost }) => sum + cost, 0) >= worthThreads;
  const jobs = isWorthThreads ? Math.min(jobsOf(context), tasks.length) : 1;
  const crew = isWorthThreads ? await startThreads(jobs) : await thisThread();
  let done = 0;
  const tell = () => onProgress?.({ done, total: tasks.length, unit: 'pairs of films' });
  tell();
  await endAtAbort(crew.end, signal, () =>
    forEachConcurrently(tasks, jobs, async (task) => {
      try {
        signal?.throwIfAborted();
        await task.take(await crew.run({ ...task.build(), reading }));
        done++;
        tell();
      } catch (error) {
        void crew.end();
        throw error;
      }
    }),
  );
}

async function thisThread(): Promise<Crew> {
  const { createPairRunner } = await import('./run-pair-task.js');
  const { run, end } = createPairRunner();
  return { run, end: async () => end() };
}

async function startThreads(count: number): Promise<Crew> {
  const { startBatchThreads } = await import('./batch-threads.js');
  const { run, end } = await startBatchThreads(count);
  return { run: (task) => run('runPairTask', task), end };
}
