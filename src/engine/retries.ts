/** Trying again: after broken connections and while a server restarts, and never after a refusal. */
import { setTimeout } from 'node:timers/promises';
import { isPassing } from './engine-errors.js';

/** Waits between attempts: a server that restarts is back within them. */
const waitsMs = [250, 500, 1000, 2000, 4000, 8000];

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told why, before each wait. */
  readonly onRetry?: (error: Error) => void;
  /** Waits so many milliseconds, or until the signal ends it. */
  readonly wait?: (
    ms: number,
    value: undefined,
    options: { signal?: AbortSignal | undefined },
  ) => Promise<void>;
}

/**
 * What `work` gives, tried again after errors that may pass (`isPassing`), each time after a longer wait; in the end the
 * last error.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { signal, onRetry, wait = setTimeout }: RetryOptions = {},
): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      onRetry?.(error as Error);
    }
    await wait(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  return work();
}
