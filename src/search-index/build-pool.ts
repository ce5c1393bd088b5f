/** The threads of a build. */
import { fileURLToPath } from 'node:url';
import Tinypool from 'tinypool';
import { GialloError } from '../errors.js';
import type { BuildResult, BuildTask } from './build-tasks.js';

export interface BuildPool {
  /** Runs a task on the next free thread; resolves to the id of the basis that it made. Errors: the task's own. */
  run(task: BuildTask): Promise<string | undefined>;
  close(): Promise<void>;
}

// The compiled worker serves the sources as well, which a worker thread could not load.
const workerFile = new URL('../../dist/search-index/build-tasks.js', import.meta.url);

/**
 * A pool of at most `threads` threads, which start with the first task. An abort ends them where they stand, and tasks
 * end with the signal's reason.
 */
export function openBuildPool(threads: number, signal: AbortSignal | undefined): BuildPool {
  let pool: Tinypool | undefined;
  const start = () =>
    new Tinypool({
      filename: fileURLToPath(workerFile),
      minThreads: threads,
      maxThreads: threads,
      runtime: 'worker_threads',
    });
  const end = async () => pool?.destroy();
  signal?.addEventListener('abort', end, { once: true });
  return {
    async run(task) {
      signal?.throwIfAborted();
      pool ??= start();
      const result: BuildResult = await pool.run(task, { name: 'runBuildTask' }).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
      if (!('error' in result)) return result.basis;
      const { code, message, hint } = result.error;
      throw new GialloError(code, message, { hint });
    },
    async close() {
      signal?.removeEventListener('abort', end);
      await end();
    },
  };
}
