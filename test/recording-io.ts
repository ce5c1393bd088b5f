/**
 * An `Io` for tests of the command line in this process. It hides the real process and the search index of its user.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Io } from '../src/io.js';
import type { Output } from '../src/standard-output.js';

export interface Surroundings {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The width of stdout if it is a terminal; undefined for a pipe. stderr is never a terminal, since progress depends
   * on time.
   */
  readonly columns?: number | undefined;
  readonly signal?: AbortSignal;
}

/** What was written, in order. */
export interface Written {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

export interface Recording {
  readonly io: Io;
  readonly written: readonly Written[];
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function recordingIo({ stdin = '', env = {}, columns, signal }: Surroundings = {}): Recording {
  const written: Written[] = [];
  const output = (stream: Written['stream'], isTerminal: boolean): Output => ({
    isTerminal,
    columns: columns ?? 80,
    write: async (chunk) => void written.push({ stream, bytes: Buffer.from(chunk) }),
  });
  const textOf = (stream: Written['stream']) =>
    Buffer.concat(written.flatMap((one) => (one.stream === stream ? [one.bytes] : []))).toString();
  return {
    io: {
      stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]),
      stdout: output('stdout', columns !== undefined),
      stderr: output('stderr', false),
      env: { GIALLO_CACHE: join(tmpdir(), 'giallo-no-cache'), ...env },
      signal: signal ?? new AbortController().signal,
    },
    written,
    stdout: () => textOf('stdout'),
    stderr: () => textOf('stderr'),
  };
}
