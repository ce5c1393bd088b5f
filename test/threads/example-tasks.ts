/** Tasks for worker threads: one for each way in which a task can end. */
import { setTimeout } from 'node:timers/promises';
import { GialloError } from '../../src/errors.js';
import type { WorkerTasks } from '../../src/threads/messages.js';

export interface ExampleKinds {
  readonly double: { readonly task: number; readonly result: number };
  readonly refuse: { readonly task: string; readonly result: undefined };
  readonly throwBug: { readonly task: undefined; readonly result: undefined };
  readonly returnFunction: { readonly task: undefined; readonly result: unknown };
  readonly exit: { readonly task: number; readonly result: undefined };
  readonly fillHeap: { readonly task: undefined; readonly result: number };
  readonly rejectLater: { readonly task: undefined; readonly result: undefined };
  readonly loop: { readonly task: undefined; readonly result: undefined };
  readonly waitForAbort: { readonly task: undefined; readonly result: undefined };
}

export const workerTasks: WorkerTasks<ExampleKinds> = {
  double: (number) => 2 * number,
  refuse(message) {
    throw new GialloError('file-unreadable', message, { hint: 'look there' });
  },
  throwBug() {
    throw new TypeError('a bug');
  },
  returnFunction: () => () => undefined,
  exit: (status) => process.exit(status),
  fillHeap() {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, i) => i + kept.length));
  },
  async rejectLater() {
    void Promise.reject(new Error('heard by nobody'));
    await setTimeout(10_000);
    return undefined;
  },
  loop() {
    for (;;);
  },
  async waitForAbort(_, { signal, onProgress }) {
    onProgress(7);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    onProgress(8);
    throw signal.reason;
  },
};
