/**
 * Many conversions, some of them at a time, each in a worker thread: parsing and printing numbers keeps a core busy.
 */
import { stat } from 'node:fs/promises';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { GialloError } from '../errors.js';
import type { Progress } from '../progress.js';
import { forEachConcurrently, jobsOf } from '../threads/concurrency.js';
import { type WorkerPool, withWorkers } from '../threads/worker-pool.js';
import {
  type Conversion,
  type Converted,
  type ConvertKinds,
  type ConvertOptions,
  convertFile,
  type Watching,
} from './convert-file.js';
import { type ConversionRequest, planConversions } from './plan.js';

/** How a conversion ended. */
export type Outcome =
  | { readonly conversion: Conversion; readonly converted: Converted }
  | { readonly conversion: Conversion; readonly error: GialloError };

interface ConvertingMany extends Watching {
  /** Conversions at a time, at least 1. */
  readonly jobs: number;
}

/** A request in the words of the command line and of the library; their defaults are here. */
interface ConvertRequest extends ConversionRequest {
  readonly force?: boolean | undefined;
  readonly dtype?: ConvertOptions['dtype'] | undefined;
  readonly stored?: boolean | undefined;
  readonly nan?: 'null' | undefined;
  readonly onDuplicate?: 'suffix' | undefined;
  readonly reading?: ReadingOptions | undefined;
  readonly jobs?: number | undefined;
}

interface RequestedWork extends Pick<ConvertingMany, 'signal'> {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Plans the request, makes the output folder, and converts. Errors: those of `planConversions` and of `convertFiles`.
 */
export async function convertRequested(
  { inputs, to, output, merge, jobs, ...asked }: ConvertRequest,
  { signal, onProgress }: RequestedWork = {},
): Promise<readonly Outcome[]> {
  const options: ConvertOptions = {
    force: asked.force ?? false,
    dtype: asked.dtype ?? 'float32',
    compression: asked.stored ? 'stored' : 'deflated',
    nan: asked.nan ?? 'refuse',
    onDuplicate: asked.onDuplicate ?? 'refuse',
    reading: asked.reading ?? {},
  };
  const { conversions, folder } = await planConversions({ inputs, to, output, merge }, options);
  if (folder !== undefined) (await import('../files/temporary-files.js')).makeFolder(folder);
  const total = toMegabytes(await totalBytes(inputs));
  return convertFiles(conversions, options, {
    jobs: jobsOf({ jobs }),
    signal,
    onProgress: (bytes) => onProgress?.({ done: toMegabytes(bytes), total, unit: 'MB' }),
  });
}

async function totalBytes(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}

/**
 * Runs all conversions, also after one has failed, and returns their outcomes in order. `onProgress` is called with the
 * bytes used of all sources together. Errors: the signal's reason, and errors that are no GialloError; they are thrown
 * when no conversion is running any more and unfinished files are removed.
 */
export async function convertFiles(
  conversions: readonly Conversion[],
  options: ConvertOptions,
  { jobs, signal, onProgress }: ConvertingMany,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const sourceBytes = conversions.map(() => 0);
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const lanes = Math.min(jobs, conversions.length);

  const convertOne = async (i: number, conversion: Conversion, pool?: WorkerPool<ConvertKinds>) => {
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
    try {
      outcomes[i] = await outcomeOf(conversion, converting);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const convertAll = async (pool?: WorkerPool<ConvertKinds>) => {
    try {
      await forEachConcurrently(conversions.entries(), lanes, ([i, conversion]) =>
        convertOne(i, conversion, pool),
      );
    } finally {
      signal?.throwIfAborted();
    }
  };

  const threads = { threads: lanes, signal: either, asksAtAbort: true };
  // Parquet is never read on the main thread: see `watchPanics`.
  const isParquetRead = conversions.some(({ sources }) => sources.some(({ form }) => form === 'parquet'));
  if (lanes > 1 || isParquetRead)
    await withWorkers(new URL('./convert-file.js', import.meta.url), threads, convertAll);
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
