/** stdout and stderr of the process. */
import { constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import type { Writable } from 'node:stream';
import { fileError, orUndefined } from './errors.js';

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

/** The reader of a pipe has ended, as `head` does. */
export class OutputClosed extends Error {}

type Name = 'stdout' | 'stderr';
type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** The stdout or stderr of a real process. When the signal aborts, no write to a pipe waits any longer. */
export function outputOf(process: NodeJS.Process, name: Name, signal: AbortSignal): Output {
  if (name === 'stdout' && isStdoutClosed(process)) return closedOutput;
  const descriptor = directDescriptor(name === 'stdout' ? 1 : 2);
  return descriptor === undefined
    ? streamOutput(process[name], name)
    : directOutput(descriptor, name, signal);
}

/**
 * A descriptor to which an output can be written without a stream, which takes Node.js milliseconds to open: the output
 * itself if it is a file, or its pipe once more, opened so that no write waits. Undefined for terminals, sockets and
 * devices, and for pipes on systems without /proc.
 */
function directDescriptor(descriptor: number): number | undefined {
  return orUndefined(() => {
    const stat = fstatSync(descriptor);
    if (stat.isFile()) return descriptor;
    if (!stat.isFIFO()) return undefined;
    return openSync(`/proc/self/fd/${descriptor}`, constants.O_WRONLY | constants.O_NONBLOCK);
  });
}

/** How many bytes are written before signals get their turn. */
const turnBytes = 1 << 20;

/**
 * An output to a file, or to a pipe until it is full; then a stream takes over. Long writes end when the signal aborts.
 * Files get all bytes or an error; the streams of Node.js ignore that a disk has taken only the first bytes.
 */
export function directOutput(descriptor: number, name: Name, signal: AbortSignal): Output {
  let stream: Output | undefined;
  let bytesInTurn = 0;
  return {
    isTerminal: false,
    columns: 80,
    async write(chunk) {
      if (stream) return stream.write(chunk);
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      let done = 0;
      try {
        while (done < bytes.length) done += writeSync(descriptor, bytes, done);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw outputError(name, error);
        signal.throwIfAborted();
        stream = pipeOutput(descriptor, name, signal);
        return stream.write(bytes.subarray(done));
      }
      bytesInTurn += bytes.length;
      if (bytesInTurn < turnBytes) return;
      bytesInTurn = 0;
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
  };
}

function pipeOutput(descriptor: number, name: Name, signal: AbortSignal): Output {
  const { Socket } = process.getBuiltinModule('node:net');
  const pipe = new Socket({ fd: descriptor, readable: false });
  signal.addEventListener('abort', () => pipe.destroy(), { once: true });
  const output = streamOutput(pipe, name);
  return {
    ...output,
    async write(chunk) {
      // If its stream is destroyed, Node.js calls a write done; version 22 says that it was cancelled.
      await output.write(chunk).finally(() => signal.throwIfAborted());
    },
  };
}

/** An output to a stream of Node.js. */
export function streamOutput(stream: OutputStream, name: Name): Output {
  let failure: Error | undefined;
  // The first error is the cause; those after it are its consequences.
  const fail = (error: unknown) => {
    failure ??= outputError(name, error);
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

function outputError(name: Name, error: unknown): Error {
  return (error as NodeJS.ErrnoException).code === 'EPIPE'
    ? new OutputClosed()
    : fileError('write', name, error);
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
