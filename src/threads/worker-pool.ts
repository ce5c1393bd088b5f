/**
 * Worker threads for the work that keeps cores busy: scoring films in batches, building the search index, converting.
 * Whatever happens to a thread, each task ends with its result or with an error, and no thread is left behind.
 */
import { once } from 'node:events';
import { parse } from 'node:path';
import { Worker } from 'node:worker_threads';
import { machineError } from '../errors.js';
import { type FileShare, limitOpenFiles, shareOpenFiles } from '../files/open-files.js';
import { decodeError, encodeError, type Order, type Reply, type TaskKinds } from './messages.js';

export interface WorkerPool<Kinds extends TaskKinds<Kinds>> {
  /** Runs a task on the next free thread. Errors: the task's own; those of the pool, once it has failed or ended. */
  run<Kind extends keyof Kinds & string>(
    kind: Kind,
    task: Kinds[Kind]['task'],
    onProgress?: (done: number) => void,
  ): Promise<Kinds[Kind]['result']>;
}

export interface WorkerPoolOptions {
  /** The most threads; each starts when a task waits for it. */
  readonly threads: number;
  /** Ends the work: tasks end with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Whether an abort asks tasks to stop, so that they can clear up; by default their threads are stopped at once. */
  readonly asksAtAbort?: boolean | undefined;
  /** Megabytes of a thread's heap; by default what Node gives it. */
  readonly heapMegabytes?: number | undefined;
  /** Plain data that all tasks have in common: each thread is sent it once. */
  readonly shared?: unknown;
}

/**
 * Does `work` with a pool whose threads run the `workerTasks` of the module at `module`. The pool ends with the work.
 * Errors: those of `work`; after an abort the signal's reason.
 */
export async function withWorkers<Kinds extends TaskKinds<Kinds>, Result>(
  module: URL,
  options: WorkerPoolOptions,
  work: (pool: WorkerPool<Kinds>) => Promise<Result>,
): Promise<Result> {
  const { signal } = options;
  signal?.throwIfAborted();
  const share = shareOpenFiles(options.threads);
  limitOpenFiles(share.files);
  const pool = new Pool(module, options, share);
  const abort = () => pool.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work(pool);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    await pool.end(new Error('the threads have ended'));
    limitOpenFiles(undefined);
  }
}

interface Job {
  readonly order: Order;
  readonly onProgress: ((done: number) => void) | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

class Pool implements WorkerPool<Record<string, { readonly task: unknown; readonly result: unknown }>> {
  readonly #module: URL;
  readonly #options: WorkerPoolOptions;
  readonly #share: FileShare;
  /** The most threads, as far as the system allows them. */
  #most: number;
  readonly #workers = new Set<Worker>();
  /** Threads that still load their modules: each opens many files for it. */
  readonly #loading = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #running = new Map<Worker, Job>();
  readonly #waiting: Job[] = [];
  /** Why no more tasks are taken. */
  #failure: { readonly reason: unknown } | undefined;

  constructor(module: URL, options: WorkerPoolOptions, share: FileShare) {
    this.#module = module;
    this.#options = options;
    this.#share = share;
    this.#most = share.threads;
  }

  run(kind: string, task: unknown, onProgress?: (done: number) => void): Promise<unknown> {
    const running = new Promise((resolve, reject) => {
      this.#waiting.push({ order: { order: 'run', kind, task }, onProgress, resolve, reject });
      this.#handOut();
    });
    // After a failure, the caller may not wait for all of its tasks: their rejections must not count as unhandled.
    running.catch(() => undefined);
    return running;
  }

  /** Stops all tasks, at once or as soon as they have cleared up. */
  abort(reason: unknown): void {
    if (!this.#options.asksAtAbort) {
      void this.end(reason);
      return;
    }
    this.#refuse(reason);
    for (const worker of this.#running.keys()) worker.postMessage({ order: 'abort' } satisfies Order);
  }

  /** Drops what is under way; resolves when no thread is left. Never rejects. */
  async end(reason: unknown): Promise<void> {
    this.#refuse(reason);
    for (const job of this.#running.values()) job.reject(this.#failure?.reason);
    this.#running.clear();
    const workers = [...this.#workers];
    this.#workers.clear();
    await Promise.allSettled(workers.map((worker) => this.#endWorker(worker)));
  }

  /** Asks an idle thread to end itself; stops any other thread. */
  async #endWorker(worker: Worker): Promise<void> {
    if (!this.#idle.includes(worker)) {
      await worker.terminate();
      return;
    }
    const ended = once(worker, 'exit');
    worker.postMessage({ order: 'end' } satisfies Order);
    await ended;
  }

  /** Accepts no more tasks, and starts none of the waiting ones. */
  #refuse(reason: unknown): void {
    this.#failure ??= { reason };
    for (const job of this.#waiting.splice(0)) job.reject(this.#failure.reason);
  }

  #handOut(): void {
    if (this.#failure) this.#refuse(this.#failure.reason);
    while (this.#waiting.length > 0) {
      const worker = this.#idle.pop() ?? this.#start();
      if (!worker) return;
      const job = this.#waiting.shift() as Job;
      try {
        worker.postMessage(job.order);
        this.#running.set(worker, job);
      } catch (error) {
        this.#idle.push(worker);
        job.reject(error);
      }
    }
  }

  #start(): Worker | undefined {
    if (this.#workers.size >= this.#most || this.#loading.size >= this.#share.loading) return undefined;
    let worker: Worker;
    try {
      worker = startWorker(this.#module, this.#share.files, this.#options);
    } catch (error) {
      // The system allows no more threads: those that there are take the tasks.
      this.#most = this.#workers.size;
      if (this.#most === 0) this.#refuse(machineError(error) ?? error);
      return undefined;
    }
    this.#workers.add(worker);
    this.#loading.add(worker);
    worker.on('message', (reply: Reply) => this.#receive(worker, reply));
    worker.on('error', (error) => this.#die(worker, decodeError(encodeError(error))));
    worker.on('messageerror', (error) => this.#die(worker, error));
    worker.on('exit', (status) =>
      this.#die(worker, new Error(`a worker thread ended with status ${status}`)),
    );
    return worker;
  }

  #receive(worker: Worker, reply: Reply): void {
    if (reply.reply === 'ready') {
      this.#loading.delete(worker);
      this.#handOut();
      return;
    }
    const job = this.#running.get(worker);
    if (!job) return;
    if (reply.reply === 'progress') {
      job.onProgress?.(reply.done);
      return;
    }
    this.#running.delete(worker);
    if (reply.reply === 'result') job.resolve(reply.result);
    else job.reject(this.#failure?.reason ?? decodeError(reply.error));
    this.#idle.push(worker);
    this.#handOut();
  }

  /** If a thread has died that was not told to end, all work of the pool fails. */
  #die(worker: Worker, reason: unknown): void {
    if (this.#workers.has(worker)) void this.end(reason);
  }
}

/** Megabytes of a thread's heap for new objects. Node's 48 save no time, since large arrays are outside of the heap. */
const youngMegabytes = 8;

function startWorker(module: URL, openFiles: number, { heapMegabytes, shared }: WorkerPoolOptions): Worker {
  const options = {
    // Options that this process was started with, such as a loader of sources, are passed to the worker if it needs
    // them.
    execArgv: [],
    // What the thread is for, as a process has its command.
    argv: [parse(module.pathname).name],
    resourceLimits: {
      maxYoungGenerationSizeMb: youngMegabytes,
      ...(heapMegabytes === undefined ? {} : { maxOldGenerationSizeMb: heapMegabytes }),
    },
  };
  const entry = new URL('./worker.js', import.meta.url);
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(entry, { ...options, workerData: { module: module.href, openFiles, shared } });
  // Run from the sources through tsx, whose hooks do not reach worker threads on Node 20.
  const asSource = ({ href }: URL) => href.replace(/\.js$/, '.ts');
  const loader = import.meta.resolve('tsx/esm/api');
  const run = `import('${loader}').then((tsx) => (tsx.register(), import('${asSource(entry)}')))`;
  return new Worker(run, {
    ...options,
    eval: true,
    workerData: { module: asSource(module), openFiles, shared },
  });
}
