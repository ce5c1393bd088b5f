import assert from 'node:assert/strict';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import workerThreads from 'node:worker_threads';
import type { GialloError } from '../../src/errors.js';
import { threadsFor } from '../../src/threads/concurrency.js';
import { type WorkerPool, type WorkerPoolOptions, withWorkers } from '../../src/threads/worker-pool.js';
import { rejects } from '../rejects.js';
import type { ExampleKinds } from './example-tasks.js';

const module = new URL(import.meta.resolve('./example-tasks.js'));

function withPool<Result>(
  work: (pool: WorkerPool<ExampleKinds>) => Promise<Result>,
  options: Partial<WorkerPoolOptions> = {},
): Promise<Result> {
  return withWorkers(module, { threads: 2, ...options }, work);
}

/** Runs `work` where the system starts only so many threads, as with `ulimit -u`. */
async function withStartableThreads<Result>(most: number, work: () => Promise<Result>): Promise<Result> {
  const { Worker } = workerThreads;
  let started = 0;
  workerThreads.Worker = class extends Worker {
    constructor(...given: ConstructorParameters<typeof Worker>) {
      if (started++ >= most) {
        // What Node.js throws.
        const message = 'Worker initialization failure: EAGAIN';
        throw Object.assign(new Error(message), { code: 'ERR_WORKER_INIT_FAILED' });
      }
      super(...given);
    }
  };
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    workerThreads.Worker = Worker;
    syncBuiltinESMExports();
  }
}

describe('a pool of worker threads', () => {
  test('runs more tasks than it has threads', async () => {
    const numbers = Array.from({ length: 20 }, (_, i) => i);
    const found = await withPool((pool) => Promise.all(numbers.map((n) => pool.run('double', n))));
    assert.deepEqual(
      found,
      numbers.map((n) => 2 * n),
    );
  });

  test('continues after a task with an error, which keeps its code and hint', async () => {
    await withPool(
      async (pool) => {
        await rejects(() => pool.run('refuse', 'x.npz: no'), {
          code: 'file-unreadable',
          message: /^x\.npz: no$/,
        });
        const error = await pool.run('refuse', 'y').catch((error: GialloError) => error);
        assert.equal(error?.hint, 'look there');
        await assert.rejects(pool.run('throwBug', undefined), (error: Error) => {
          assert.equal(error.message, 'a bug');
          assert.match(error.stack ?? '', /example-tasks/);
          return true;
        });
        await assert.rejects(pool.run('returnFunction', undefined), /could not be cloned/);
        await assert.rejects(pool.run('double', (() => 1) as unknown as number), /could not be cloned/);
        assert.equal(await pool.run('double', 4), 8);
      },
      { threads: 1 },
    );
  });

  test('does with as many threads as the system allows', async () => {
    await withStartableThreads(1, () =>
      withPool(
        async (pool) => {
          const doubled = await Promise.all([1, 2, 3, 4, 5].map((n) => pool.run('double', n)));
          assert.deepEqual(doubled, [2, 4, 6, 8, 10]);
        },
        { threads: 3 },
      ),
    );
  });

  test('that can start no thread ends its tasks with an error of the machine', async () => {
    const tasks = withStartableThreads(0, () =>
      withPool((pool) => Promise.all([1, 2, 3].map((n) => pool.run('double', n)))),
    );
    await rejects(() => tasks, { code: 'memory-exhausted', message: /^cannot start a thread/ });
  });

  test('refuses tasks after it has ended', async () => {
    let kept: WorkerPool<ExampleKinds> | undefined;
    await withPool(async (pool) => {
      kept = pool;
    });
    await assert.rejects(async () => kept?.run('double', 1), /the threads have ended/);
  });
});

describe('a worker thread that dies ends the work with an error', () => {
  const deaths: readonly (readonly [string, keyof ExampleKinds, unknown, RegExp])[] = [
    ['it exits, as if all were well', 'exit', 0, /a worker thread ended with status 0/],
    ['it exits with a status', 'exit', 3, /a worker thread ended with status 3/],
    ['it is out of memory', 'fillHeap', undefined, /not enough memory/],
    ['a promise is rejected that nobody waits for', 'rejectLater', undefined, /heard by nobody/],
  ];
  for (const [how, kind, task, message] of deaths) {
    test(how, async () => {
      await assert.rejects(
        withPool(
          (pool) =>
            Promise.all([
              pool.run('waitForAbort', undefined),
              pool.run(kind, task as never),
              // Waits for a thread that will not come.
              pool.run('double', 1),
            ]),
          { heapMegabytes: 24 },
        ),
        message,
      );
    });
  }

  test('out of memory is an error of the machine with a code', async () => {
    await rejects(() => withPool((pool) => pool.run('fillHeap', undefined), { heapMegabytes: 24 }), {
      code: 'memory-exhausted',
      message: /not enough memory/,
    });
  });

  test('a missing module is an error', async () => {
    const missing = new URL('./no-such-tasks.js', import.meta.url);
    await assert.rejects(
      withWorkers<ExampleKinds, number>(missing, { threads: 1 }, (pool) => pool.run('double', 1)),
      /no-such-tasks/,
    );
  });
});

// V8 ends the process if a thread is stopped just when a module with a top-level await begins.
describe('threads load no module with a top-level await', () => {
  const load = createRequire(import.meta.url);
  for (const name of [
    'threads/worker',
    'search/batch/batch-worker',
    'search-index/build-tasks',
    'convert/convert-file',
  ]) {
    test(name, () => {
      const path = fileURLToPath(new URL(`../../dist/${name}.js`, import.meta.url));
      try {
        // Refuses such a module and all that import one.
        load(path);
      } catch (error) {
        // On this thread the entry of the worker has no port to listen to.
        assert.match(`${error}`, /reading 'openFiles'/);
      }
    });
  }
});

describe('an abort', () => {
  const reason = new Error('enough');

  test('stops a thread that never checks the signal', async () => {
    const stop = new AbortController();
    const work = withPool(
      async (pool) => {
        const looping = pool.run('loop', undefined);
        await pool.run('double', 1);
        stop.abort(reason);
        await looping;
      },
      { signal: stop.signal },
    );
    await assert.rejects(work, (error) => error === reason);
  });

  test('lets tasks clean up that are asked to stop', async () => {
    const stop = new AbortController();
    const told: number[] = [];
    const work = withPool(
      (pool) =>
        pool.run('waitForAbort', undefined, (done) => {
          told.push(done);
          stop.abort(reason);
        }),
      { signal: stop.signal, asksAtAbort: true },
    );
    await assert.rejects(work, (error) => error === reason);
    assert.deepEqual(told, [7, 8]);
  });

  test('before the work starts no thread', async () => {
    const work = withPool(async () => assert.fail('not begun'), { signal: AbortSignal.abort(reason) });
    await assert.rejects(work, (error) => error === reason);
  });
});

test('threads are started only for work that takes longer than starting them', () => {
  assert.equal(threadsFor(1e6, 8, { jobs: 4 }), 0);
  assert.equal(threadsFor(1e10, 8, { jobs: 4 }), 4);
  assert.equal(threadsFor(1e10, 3, { jobs: 4 }), 3);
  assert.equal(threadsFor(10, 8, { jobs: 2, worthThreads: 1 }), 2);
  assert.equal(threadsFor(1e12, 8, { jobs: 2, worthThreads: Number.POSITIVE_INFINITY }), 0);
});
