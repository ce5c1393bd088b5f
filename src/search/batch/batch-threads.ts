/** Worker threads that carry out the tasks of batch work, one task a thread at a time. */
import { fileURLToPath } from 'node:url';
import { GialloError } from '../../errors.js';
import type { BatchTasks, TaskFailure } from './batch-worker.js';

export interface BatchThreads {
  /** Carries out a task of a kind. Errors: the task's own; any other when the threads were ended meanwhile. */
  run<Kind extends keyof BatchTasks>(
    kind: Kind,
    task: BatchTasks[Kind]['task'],
  ): Promise<BatchTasks[Kind]['result']>;
  /** Drops what is under way; resolves when no thread is left. */
  end(): Promise<void>;
}

// The compiled worker serves the sources as well, which a worker thread could not load.
const workerFile = new URL('../../../dist/search/batch/batch-worker.js', import.meta.url);

/** Starts `count` threads, which stay until they are ended, since each keeps films that its next task may want. */
export async function startBatchThreads(count: number): Promise<BatchThreads> {
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename: fileURLToPath(workerFile),
    minThreads: count,
    maxThreads: count,
    runtime: 'worker_threads',
    // What this process was started with, a loader of sources say, is no concern of compiled files.
    execArgv: [],
  });
  let ending: Promise<void> | undefined;
  return {
    async run(kind, task) {
      if (ending) throw new Error('the threads were ended');
      const done: { readonly result: BatchTasks[typeof kind]['result'] } | TaskFailure = await pool.run(
        { kind, task },
        { name: 'runBatchTask' },
      );
      if (!('failure' in done)) return done.result;
      const { code, message, hint } = done.failure;
      throw new GialloError(code, message, { hint });
    },
    end() {
      ending ??= pool.destroy();
      return ending;
    },
  };
}
