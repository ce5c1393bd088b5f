/** What the main thread and its worker threads send each other. Tasks and results are plain data. */
import { type ErrorCode, GialloError } from '../errors.js';

/** The tasks that a module carries out, by their kind. */
export type TaskKinds<Kinds> = {
  readonly [Kind in keyof Kinds]: { readonly task: unknown; readonly result: unknown };
};

/** What a task has beside its data. */
export interface TaskContext {
  /** Aborted where the pool asks its tasks to stop. */
  readonly signal: AbortSignal;
  /** Tells the main thread how far the task is. */
  readonly onProgress: (done: number) => void;
}

/** What a module exports as `workerTasks`. */
export type WorkerTasks<Kinds extends TaskKinds<Kinds>> = {
  readonly [Kind in keyof Kinds]: (
    task: Kinds[Kind]['task'],
    context: TaskContext,
  ) => Kinds[Kind]['result'] | Promise<Kinds[Kind]['result']>;
};

/** To a worker. */
export type Order =
  | { readonly order: 'run'; readonly kind: string; readonly task: unknown }
  | { readonly order: 'abort' };

/** From a worker. */
export type Reply =
  | { readonly reply: 'progress'; readonly done: number }
  | { readonly reply: 'result'; readonly result: unknown }
  | { readonly reply: 'error'; readonly error: EncodedError };

/** An error on its way between threads, which strips classes and fields. */
export type EncodedError =
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }
  | { readonly bug: string; readonly stack: string | undefined };

/** An error as plain data. */
export function encodeError(error: unknown): EncodedError {
  if (error instanceof GialloError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  if (isMemoryError(error)) return encodeError(memoryError(error));
  if (error instanceof Error) return { bug: error.message, stack: error.stack };
  return { bug: String(error), stack: undefined };
}

/** The error that `encodeError` was given. */
export function decodeError(encoded: EncodedError): Error {
  if ('code' in encoded) return new GialloError(encoded.code, encoded.message, { hint: encoded.hint });
  const error = new Error(encoded.bug);
  if (encoded.stack !== undefined) error.stack = encoded.stack;
  return error;
}

/** The error of a machine that has too little memory for the work. */
export function memoryError(cause?: unknown): GialloError {
  return new GialloError('memory-exhausted', 'not enough memory for this work', {
    hint: 'use fewer threads with -j, or fewer films at a time',
    cause,
  });
}

/** True for what Node throws where memory is short: of a worker's heap, and of an array outside it. */
function isMemoryError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || code === 'ERR_MEMORY_ALLOCATION_FAILED') return true;
  return error instanceof RangeError && /allocation failed/i.test(error.message);
}
