/** What the program touches of its process, as plain records: tests hand in their own. */
import type { Readable, Writable } from 'node:stream';
import { fileError } from './errors.js';

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts with an `Interruption` on Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  /**
   * Resolves when there is room for more, so that big answers take bounded memory. Errors: `OutputClosed` when the
   * reader went away, `file-unwritable`.
   */
  write(chunk: string | Uint8Array): Promise<void>;
}

/** The reason of an abort by a signal. */
export class Interruption extends Error {
  readonly signal: 'SIGINT' | 'SIGTERM';
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}

/** The reader of a pipe has seen enough, as in `| head`. */
export class OutputClosed extends Error {}

/** The io of a real process. */
export function processIo(process: NodeJS.Process, signal: AbortSignal): Io {
  // Node makes each of these streams when it is first looked at, and takes milliseconds for it.
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      stdout ??= outputTo(process.stdout, 'stdout');
      return stdout;
    },
    get stderr() {
      stderr ??= outputTo(process.stderr, 'stderr');
      return stderr;
    },
    env: process.env,
    signal,
  };
}

function outputTo(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  name: string,
): Output {
  let failure: Error | undefined;
  // The first error is the cause; a stream that it destroyed has only consequences to tell.
  const fail = (error: NodeJS.ErrnoException) => {
    failure ??= error.code === 'EPIPE' ? new OutputClosed() : fileError('write', name, error);
    return failure;
  };
  stream.on('error', fail);
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns || 80,
    write: (chunk) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        stream.write(chunk, (error) => (error ? reject(fail(error)) : resolve()));
      }),
  };
}
