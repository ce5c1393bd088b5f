/** The parts of the process that the program uses, as plain records, so that tests can pass their own. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { signalStatus } from './errors.js';
import { type Output, outputOf } from './standard-output.js';
import { type Environment, userCache } from './user-folders.js';

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
      stdout ??= outputOf(process, 'stdout');
      return stdout;
    },
    get stderr() {
      stderr ??= outputOf(process, 'stderr');
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
  process.getBuiltinModule('node:v8').setFlagsFromString('--allow-natives-syntax');
  new Function('%FinalizeOptimization()')();
}

/**
 * Makes Node.js 22.1 and later keep the compiled program, so that giallo starts some milliseconds sooner. Whoever can
 * write to the folder where it is kept can make giallo run their code. So it is a folder that only the user can write
 * to: neither `$GIALLO_CACHE`, which may be shared, nor the folder for temporary files, which is the default of
 * Node.js.
 */
export function keepCompiled(process: NodeJS.Process): void {
  const module: CompilingModule = process.getBuiltinModule('node:module');
  if (!module.enableCompileCache) return;
  try {
    const folder = join(userCache(process.env), 'compiled');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
    if (isOwn) module.enableCompileCache(folder);
  } catch {
    // The folder cannot be made: the program is compiled anew each time.
  }
}

type CompilingModule = typeof import('node:module') & { enableCompileCache?(folder: string): unknown };
