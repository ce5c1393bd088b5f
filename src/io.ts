/** The parts of the process that the program uses, as plain records, so that tests can pass their own. */
import type { Readable } from 'node:stream';
import { orUndefined, type signalStatus } from './errors.js';
import { type Output, outputOf } from './standard-output.js';
import type { Environment } from './user-folders.js';

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  /** Aborts with an `Interruption` on Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
}

/** The reason of an abort by a signal. */
export class Interruption extends Error {
  readonly signal: keyof typeof signalStatus;
  constructor(signal: keyof typeof signalStatus) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}

/** The io of a real process. */
export function processIo(process: NodeJS.Process, signal: AbortSignal): Io {
  // Node.js opens each of these streams at the first access, which takes milliseconds.
  let stdout: Output | undefined;
  let stderr: Output | undefined;
  return {
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      stdout ??= outputOf(process, 'stdout', signal);
      return stdout;
    },
    get stderr() {
      stderr ??= outputOf(process, 'stderr', signal);
      return stderr;
    },
    env: process.env,
    signal,
  };
}

/**
 * Waits for the functions that V8 is optimizing on other threads. It is the last thing that a thread does, and only
 * Node.js 20 needs it. There, a process that ends may wait for ever for an optimization that itself waits for a garbage
 * collection (nodejs/node#54918); and if a worker thread ends while an optimization asks for a collection, the whole
 * process ends. V8 has a function that waits, which can be called only by its internal name.
 */
export function finishOptimizing(): void {
  if (!process.versions.node.startsWith('20.')) return;
  const { setFlagsFromString } = process.getBuiltinModule('node:v8');
  const { Script } = process.getBuiltinModule('node:vm');
  // A script, since a user can forbid `eval()` and `Function()`. The flag is one for all threads: another one that ends
  // may set it back too soon.
  for (let time = 0; time < 100; time++) {
    setFlagsFromString('--allow-natives-syntax');
    const script = orUndefined(() => new Script('%FinalizeOptimization()'));
    script?.runInThisContext();
    if (script) break;
  }
  // With another flag, V8 would not take the compiled code that is kept.
  setFlagsFromString('--no-allow-natives-syntax');
}
