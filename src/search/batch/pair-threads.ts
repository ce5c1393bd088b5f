/** Worker threads that carry out pair tasks, one task a thread at a time. */
import { fileURLToPath } from 'node:url';
import Tinypool from 'tinypool';
import { GialloError } from '../../errors.js';
import type { PairResult, PairTask } from './pair-task.js';
import type { TaskFailure } from './pair-worker.js';

export interface PairThreads {
  /** Errors: as those of a pair runner; any other when the threads were ended meanwhile. */
  run(task: PairTask): Promise<PairResult>;
  /** Drops what is under way; resolves when no thread is left. */
  end(): Promise<void>;
}

// The compiled worker serves the sources as well, which a worker thread could not load.
const workerFile = new URL('../../../dist/search/batch/pair-worker.js', import.meta.url);

/** Starts `count` threads, which stay until they are ended, since each keeps films that its next task may want. */
export function startPairThreads(count: number): PairThreads {
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
    async run(task) {
      if (ending) throw new Error('the threads were ended');
      const result: PairResult | TaskFailure = await pool.run(task, { name: 'runPairTask' });
      if (!('failure' in result)) return result;
      const { code, message, hint } = result.failure;
      throw new GialloError(code, message, { hint });
    },
    end() {
      ending ??= pool.destroy();
      return ending;
    },
  };
}
