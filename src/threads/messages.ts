/** What the main thread and its worker threads send each other. Tasks and results are plain data. */
import { type ErrorCode, GialloError, machineError } from '../errors.js';

/** The tasks that a module carries out, by their kind. */
export type TaskKinds<Kinds> = {
  readonly [Kind in keyof Kinds]: { readonly task: unknown; readonly result: unknown };
};

/** What a task is given beside its data. */
interface TaskContext<Shared> {
  /** What all tasks of the pool have in common. */
  readonly shared: Shared;
  /** Aborted if the pool asks its tasks to stop. */
  readonly signal: AbortSignal;
  /** Tells the main thread how far the task is. */
  readonly onProgress: (done: number) => void;
}

/** What a module exports as `workerTasks`. */
export type WorkerTasks<Kinds extends TaskKinds<Kinds>, Shared = unknown> = {
  readonly [Kind in keyof Kinds]: (
    task: Kinds[Kind]['task'],
    context: TaskContext<Shared>,
  ) => Kinds[Kind]['result'] | Promise<Kinds[Kind]['result']>;
};

/** To a worker. */
export type Order =
  | { readonly order: 'run'; readonly kind: string; readonly task: unknown }
  | { readonly order: 'abort' }
  /** To one that has nothing to do. */
  | { readonly order: 'end' };

/** From a worker. */
export type Reply =
  /** Its modules are loaded. */
  | { readonly reply: 'ready' }
  | { readonly reply: 'progress'; readonly done: number }
  | { readonly reply: 'result'; readonly result: unknown }
  | { readonly reply: 'error'; readonly error: EncodedError };

/** An error as plain data: a message between threads would lose its class and its fields. */
type EncodedError =
  | { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined }
  | { readonly bug: string; readonly stack: string | undefined };

/** An error as plain data. */
export function encodeError(error: unknown): EncodedError {
  if (error instanceof GialloError) {
    const { code, message, hint } = error;
    return { code, message, hint };
  }
  const machine = machineError(error);
  if (machine) return encodeError(machine);
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
