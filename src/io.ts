/** The parts of the process that the program uses, as plain records: tests pass their own. */
import { mkdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileError, type signalStatus } from './errors.js';
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
   * Resolves when there is room for more, so that big answers take bounded memory. Errors: `OutputClosed` when the
   * reader went away, `file-unwritable`.
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

/** The reader of a pipe has seen enough, as in `| head`. */
export class OutputClosed extends Error {}

/** The io of a real process. */
export function processIo(process: NodeJS.Process, signal: AbortSignal): Io {
  // Node makes each of these streams on first access, which takes milliseconds.
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

/** Takes nothing, as a program's output after `>&-`. */
const closedOutput: Output = {
  isTerminal: false,
  columns: 80,
  async write() {
    throw fileError('write', 'stdout', { code: 'EBADF' });
  },
};

/**
 * Whether stdout was closed before the process began. Node then opens /dev/null for reading and writing in its place.
 * So do programs that want no output of a program they start; shells open /dev/null only for writing. So stdout was
 * closed if the parent has none either, or if the parent is a shell whose own stdout is no such /dev/null. If neither
 * can be told, as after a shell's `exec`, stdout counts as open.
 */
export function isStdoutClosed({ ppid, env, argv }: NodeJS.Process): boolean {
  if (!isReadableNull('self')) return false;
  const parent = `/proc/${ppid}`;
  const link = orUndefined(() => readlinkSync(`${parent}/fd/1`), 'ENOENT');
  if (link === undefined) return true;
  if (isReadableNull(String(ppid))) return false;
  const name = orUndefined(() => readFileSync(`${parent}/comm`, 'utf8').trim());
  // A bash that has become this process has left the path of what it started.
  return /^(ba|da|z|k|mk|fi|a)?sh$/.test(name ?? '') || basename(env._ ?? '') === basename(argv[1] ?? '-');
}

/** Whether the stdout of a process is /dev/null, opened for reading too. */
function isReadableNull(pid: string): boolean {
  if (orUndefined(() => readlinkSync(`/proc/${pid}/fd/1`)) !== '/dev/null') return false;
  const info = orUndefined(() => readFileSync(`/proc/${pid}/fdinfo/1`, 'utf8')) ?? '';
  const [, flags = '0'] = /^flags:\s*([0-7]+)/m.exec(info) ?? [];
  return (Number.parseInt(flags, 8) & 3) === 2;
}

/** What `work` gives; undefined where it ends in an error, of this code if there is one, and '' in any other. */
function orUndefined(work: () => string, code?: string): string | undefined {
  try {
    return work();
  } catch (error) {
    return code === undefined || (error as NodeJS.ErrnoException).code === code ? undefined : '';
  }
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

/**
 * Waits for the functions that V8 is optimizing on other threads. It is the last thing that a thread does. Node 20
 * needs it. There a process that ends may wait for ever for one of them, which itself waits for a garbage collection
 * (nodejs/node#54918), and a worker thread that ends while one of them asks for a collection ends the process. V8's own
 * way of waiting can be called by its name only.
 */
export function finishOptimizing(): void {
  if (!process.versions.node.startsWith('20.')) return;
  process.getBuiltinModule('node:v8').setFlagsFromString('--allow-natives-syntax');
  new Function('%FinalizeOptimization()')();
}

/**
 * Has Node.js from 22.1 on keep what it compiles of the program, so that a question starts some milliseconds sooner. Whoever
 * else can write where that is kept could have their code run: it is a folder of the user's own, neither in `$GIALLO_CACHE` nor
 * in that for temporary files, which Node.js would take.
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
    // No folder can be made there.
  }
}

type CompilingModule = typeof import('node:module') & { enableCompileCache?(folder: string): unknown };
