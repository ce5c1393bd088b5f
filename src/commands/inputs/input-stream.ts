/** What a file, a pipe or a device that is named on the command line brings. */
import { createReadStream, openSync, statSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { openPatientlySync, readingFlags } from '../../files/open-files.js';
import type { Io } from '../../io.js';

/**
 * The bytes of stdin (`-`) or of what is at a path; ended by the signal. A named pipe is opened at once and waited for by
 * the event loop: opened like a file it would hold a thread until a writer comes, and the process could not end. Errors of
 * the file system as they are.
 */
export async function inputStream({ stdin, signal }: Io, file: string): Promise<Readable> {
  return addAbortSignal(signal, file === '-' ? stdin : await streamAt(file));
}

async function streamAt(path: string): Promise<Readable> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFIFO()) return createReadStream(path);
  const { Socket } = await import('node:net');
  const fd = openPatientlySync(() => openSync(path, readingFlags));
  return new Socket({ fd, readable: true, writable: false });
}
