/** Trying again: after broken connections and while a server restarts, and never after a refusal. */
import { setTimeout } from 'node:timers/promises';
import { isPassing } from './engine-errors.js';

/** Waits between attempts: a server that restarts is back within them. */
const waitsMs = [250, 500, 1000, 2000, 4000, 8000];

/**
 * What `work` gives, tried again after errors that may pass (`isPassing`), each time after a longer wait; in the end the
 * last error. `onRetry` is told why.
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  { signal, onRetry }: { readonly signal?: AbortSignal | undefined; onRetry?: (error: Error) => void },
): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error)) throw error;
      onRetry?.(error as Error);
    }
    await setTimeout(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  return work();
}
