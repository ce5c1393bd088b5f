/** Streams of the bytes of files, pipes and devices that are named on the command line. */
import { createReadStream, openSync, statSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Io } from '../io.js';
import { openWithRetriesSync, readingFlags } from './open-files.js';

/** The bytes of stdin (`-`) or of the file at a path, as `streamAt`. */
export async function inputStream({ stdin, signal }: Io, file: string): Promise<Readable> {
  return file === '-' ? addAbortSignal(signal, stdin) : await streamAt(file, signal);
}

/**
 * The bytes of the file, pipe or device at a path; ended by the signal. A named pipe is opened without waiting for a
 * writer, and read by the event loop: opened like a file, it would hold a thread until a writer comes, and the process
 * could not end. Errors: those of the file system, unchanged.
 */
export async function streamAt(path: string, signal?: AbortSignal): Promise<Readable> {
  const stream = isPipe(path) ? await pipeAt(path) : createReadStream(path);
  return signal ? addAbortSignal(signal, stream) : stream;
}

function isPipe(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFIFO() === true;
}

async function pipeAt(path: string): Promise<Readable> {
  const { Socket } = await import('node:net');
  const fd = openWithRetriesSync(() => openSync(path, readingFlags));
  return new Socket({ fd, readable: true, writable: false });
}
