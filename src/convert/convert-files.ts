/**
 * Many conversions, some of them at a time, each in a worker thread: parsing and printing numbers keeps a core busy.
 */
import { GialloError } from '../errors.js';
import { type WorkerPool, withWorkers } from '../threads/worker-pool.js';
import {
  type Conversion,
  type Converted,
  type ConvertKinds,
  type ConvertOptions,
  convertFile,
  type Watching,
} from './convert-file.js';

/** How a conversion ended. */
export type Outcome =
  | { readonly conversion: Conversion; readonly converted: Converted }
  | { readonly conversion: Conversion; readonly error: GialloError };

export interface ConvertingMany extends Watching {
  /** Conversions at a time, at least 1. */
  readonly jobs: number;
  /** Called as each conversion ends. */
  readonly onOutcome?: ((outcome: Outcome) => void) | undefined;
}

/**
 * Converts all, whatever becomes of each, and returns how they ended, in their order. `onProgress` hears the bytes of
 * all sources together. Throws the signal's reason when it is aborted, and what is no GialloError, when none is running
 * any more and what was unfinished is removed.
 */
export async function convertFiles(
  conversions: readonly Conversion[],
  options: ConvertOptions,
  { jobs, signal, onProgress, onOutcome }: ConvertingMany,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const sourceBytes = conversions.map(() => 0);
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const waiting = conversions.entries();
  const lanes = Math.min(jobs, conversions.length);

  const convertAll = async (pool?: WorkerPool<ConvertKinds>) => {
    const runLane = async () => {
      try {
        for (const [i, conversion] of waiting) {
          const watching = {
            signal: either,
            onProgress: (bytes: number) => {
              sourceBytes[i] = bytes;
              onProgress?.(sourceBytes.reduce((sum, more) => sum + more, 0));
            },
          };
          const converting =
            pool?.run('convert', { conversion, options }, watching.onProgress) ??
            convertFile(conversion, options, watching);
          const outcome = await outcomeOf(conversion, converting);
          outcomes[i] = outcome;
          onOutcome?.(outcome);
        }
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    };
    // Not Promise.all: it would return while other lanes still hold temporary files.
    const ends = await Promise.allSettled(Array.from({ length: lanes }, runLane));
    signal?.throwIfAborted();
    for (const end of ends) if (end.status === 'rejected') throw stop.signal.reason;
  };

  const threads = { threads: lanes, signal: either, asksAtAbort: true };
  if (lanes > 1) await withWorkers(new URL('./convert-file.js', import.meta.url), threads, convertAll);
  else await convertAll();
  return outcomes;
}

async function outcomeOf(conversion: Conversion, converting: Promise<Converted>): Promise<Outcome> {
  try {
    return { conversion, converted: await converting };
  } catch (error) {
    if (error instanceof GialloError) return { conversion, error };
    throw error;
  }
}
