/** How many threads some work gets, and how many films are read at once. */
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How many threads some work is to have. */
export interface ThreadBudget {
  /** The most threads, or films read at once; by default as many as keep all cores busy. */
  readonly jobs?: number | undefined;
  /** Multiplications from which threads are worth starting. */
  readonly worthThreads?: number | undefined;
}

/** The most threads, and the most films read at once: more would take memory and gain nothing. */
const mostJobs = 256;
/** About half a second of one core. Each thread reads the films again, which takes as long as two threads save. */
const usuallyWorthThreads = 5e9;

/** How many threads to use for work that has enough tasks. */
export function jobsOf({ jobs }: ThreadBudget): number {
  return Math.min(jobs ?? availableParallelism(), mostJobs);
}

/** Node.js has four threads for zlib, whatever the number of cores, unless UV_THREADPOOL_SIZE says otherwise. */
const inflatingThreads = 4;

/**
 * How many films to read at once on this thread: by default two for each film that zlib can inflate at once, so that
 * zlib has one to inflate while this thread looks at the other.
 */
export function filmsAtOnce({ jobs }: ThreadBudget): number {
  return Math.min(jobs ?? 2 * Math.min(availableParallelism(), inflatingThreads), mostJobs);
}

/** How many threads to start for this work; 0 if it is done sooner on this thread. */
export function threadsFor(multiplications: number, tasks: number, budget: ThreadBudget): number {
  const { worthThreads = usuallyWorthThreads } = budget;
  return multiplications >= worthThreads ? Math.min(jobsOf(budget), tasks) : 0;
}

/** How long to work before signals get their turn. */
const turnMs = 20;
/** When they had it last, whatever the work. */
let turnedMs = 0;

/**
 * Gives signals a turn from time to time: work that never waits, such as reading small files, would leave them none.
 * Errors: the signal's reason.
 */
export async function letSignalsIn(signal?: AbortSignal): Promise<void> {
  const nowMs = () => Number(process.hrtime.bigint() / 1_000_000n);
  if (nowMs() - turnedMs > turnMs) {
    await nextTurn();
    turnedMs = nowMs();
  }
  signal?.throwIfAborted();
}

/**
 * Calls `work` for each item, in their order, for at most `jobs` at a time, and lets signals in between. After a
 * failure no new items are begun; the first failure is thrown when those under way have ended.
 */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  jobs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  const takeItems = async () => {
    for (;;) {
      await letSignalsIn();
      if (failure) return;
      const { done, value } = queue.next();
      if (done) return;
      try {
        await work(value);
      } catch (reason) {
        failure ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, takeItems));
  if (failure) throw failure.reason;
}
