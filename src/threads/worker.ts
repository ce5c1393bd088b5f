/** The entry of a pool's worker threads: it runs when it is imported, and carries out one task at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { limitOpenFiles } from '../files/open-files.js';
import { finishOptimizing } from '../io.js';
import { encodeError, type Order, type Reply, type WorkerTasks } from './messages.js';

type AnyTasks = WorkerTasks<Record<string, { readonly task: unknown; readonly result: unknown }>>;

limitOpenFiles(workerData.openFiles);

// Without a top-level await: with one, V8 ends the whole process if the thread is stopped just as the module begins
// (nodejs/node#62114).
import(workerData.module).then(({ workerTasks }) => takeOrders(workerTasks));

let running = new AbortController();

function takeOrders(tasks: AnyTasks): void {
  parentPort?.on('message', async (order: Order) => {
    if (order.order === 'abort') running.abort();
    else if (order.order === 'end') end();
    else await run(tasks, order.kind, order.task);
  });
  reply({ reply: 'ready' });
}

function end(): void {
  finishOptimizing();
  process.exit();
}

async function run(tasks: AnyTasks, kind: string, task: unknown): Promise<void> {
  running = new AbortController();
  const onProgress = (done: number) => reply({ reply: 'progress', done });
  try {
    const result = await tasks[kind](task, { shared: workerData.shared, signal: running.signal, onProgress });
    reply({ reply: 'result', result });
  } catch (error) {
    reply({ reply: 'error', error: encodeError(error) });
  }
}

function reply(message: Reply): void {
  parentPort?.postMessage(message);
}
