/** The parts of the process that the program uses, as plain records, so that tests can pass their own. */
import { lstatSync, mkdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileError, orUndefined, type signalStatus } from './errors.js';
import { type Environment, userCache } from './user-folders.js';

export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Environment;
  /** Aborts with an `Interruption` on Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal;
}

export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  /**
   * Resolves when there is room for more, so that big answers take bounded memory. Errors: `OutputClosed` if the reader
   * of a pipe has ended, `file-unwritable`.
   */
  write(chunk: string | Uint8Array): Promise<void>;
}

/** The reason of an abort by a signal. */
export class Interruption extends Error {
  readonly signal: keyof typeof signalStatus;
  constructor(signal: keyof typeof signalStatus) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}

/** The reader of a pipe has ended, as `head` does. */
export class OutputClosed extends Error {}

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
      stdout ??= isStdoutClosed(process) ? closedOutput : outputTo(process.stdout, 'stdout');
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

/** An output that is closed, as after `>&-`: writing to it fails. */
const closedOutput: Output = {
  isTerminal: false,
  columns: 80,
  async write() {
    throw fileError('write', 'stdout', { code: 'EBADF' });
  },
};

/**
 * Whether stdout was closed before the process began. Node.js then opens /dev/null for reading and writing in its
 * place. Programs that discard the output of a child do the same, but shells open /dev/null only for writing. So stdout
 * was closed if the parent's stdout is closed too, or if the parent is a shell whose own stdout is not such a
 * /dev/null. If neither can be found out, as after a shell's `exec`, stdout counts as open.
 */
export function isStdoutClosed({ ppid, env, argv }: NodeJS.Process): boolean {
  if (!isReadableNull('self')) return false;
  const parent = `/proc/${ppid}`;
  if (orUndefined(() => !lstatSync(`${parent}/fd/1`, { throwIfNoEntry: false }))) return true;
  if (isReadableNull(String(ppid))) return false;
  const name = orUndefined(() => readFileSync(`${parent}/comm`, 'utf8').trim());
  // After `exec` in bash, this variable still holds the path of the program that bash started.
  return /^(ba|da|z|k|mk|fi|a)?sh$/.test(name ?? '') || basename(env._ ?? '') === basename(argv[1] ?? '-');
}

/** Whether the stdout of a process is /dev/null, opened for both reading and writing. */
function isReadableNull(pid: string): boolean {
  if (orUndefined(() => readlinkSync(`/proc/${pid}/fd/1`)) !== '/dev/null') return false;
  const info = orUndefined(() => readFileSync(`/proc/${pid}/fdinfo/1`, 'utf8')) ?? '';
  const [, flags = '0'] = /^flags:\s*([0-7]+)/m.exec(info) ?? [];
  return (Number.parseInt(flags, 8) & 3) === 2;
}

function outputTo(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  name: string,
): Output {
  let failure: Error | undefined;
  // The first error is the cause; those after it are its consequences.
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
