/**
 * One budget of descriptors for all reading of films and index files in a process. When the budget is spent, the
 * descriptor that has been idle for longest is closed; it is opened again when its file is read next. A read needs one
 * descriptor and never waits for a second. So any number of files can be in use under any limit, and no read can wait
 * for ever.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { GialloError } from '../errors.js';
import {
  fewestReserved,
  freeDescriptors,
  givenUp,
  hasWaitedInVain,
  isOutOfFiles,
  pausesMs,
  reserveOf,
} from './descriptor-limit.js';

const readAsync = promisify(fs.read);

/** Descriptors that a worker thread needs for itself (counted on Node.js 20). */
const descriptorsOfThread = 4;
/** Descriptors that it needs besides while its modules are loaded. */
const descriptorsOfLoading = 26;
const fewestFiles = 2;

/** Files that have a descriptor and are not being read; the one idle for longest comes first. */
const idle = new Set<OpenFile>();
/** Reads that wait until a descriptor is idle. */
const waiting: (() => void)[] = [];
/** Descriptors that are open, or about to be. */
let held = 0;
/** How many files this thread may have open, and how many the process may; undefined until they are needed. */
let budget: number | undefined;
let whole: number | undefined;

/** Opening a named pipe without O_NONBLOCK waits for a writer, who may never come. */
export const readingFlags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);

/** A file that is read by position; its descriptor may be closed and opened again, by its path. */
export class OpenFile {
  readonly path: string;
  /** What the file was like when it was opened. */
  readonly stats: fs.BigIntStats;
  #descriptor: number | undefined;
  #reopening: Promise<number> | undefined;
  #reads = 0;
  #isClosed = false;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.stats = fs.fstatSync(descriptor, { bigint: true });
    idle.add(this);
    waiting.shift()?.();
  }

  /** Opens a file. Errors: `open-files-limit`; others of the file system as they are. */
  static async open(path: string): Promise<OpenFile> {
    return OpenFile.#holding(path, await openDescriptor(path));
  }

  /** Opens a file synchronously. Errors: as `open`. */
  static openSync(path: string): OpenFile {
    return OpenFile.#holding(path, openDescriptorSync(path));
  }

  static #holding(path: string, descriptor: number): OpenFile {
    try {
      return new OpenFile(path, descriptor);
    } catch (error) {
      closeDescriptor(descriptor);
      throw error;
    }
  }

  /**
   * Reads at most `length` bytes at `position` into `target`, and returns how many were read. Errors:
   * `open-files-limit`; `file-unreadable` if the file has changed since it was opened; others of the file system as
   * they are.
   */
  async read(target: Uint8Array, offset: number, length: number, position: number): Promise<number> {
    this.#begin();
    try {
      const descriptor = this.#descriptor ?? (await this.#reopen());
      return (await readAsync(descriptor, target, offset, length, position)).bytesRead;
    } finally {
      this.#end();
    }
  }

  /** Reads synchronously, as `read`. */
  readSync(target: Uint8Array, offset: number, length: number, position: number): number {
    this.#begin();
    try {
      const descriptor = this.#descriptor ?? this.#take(openDescriptorSync(this.path));
      return fs.readSync(descriptor, target, offset, length, position);
    } finally {
      this.#end();
    }
  }

  /** Requires that the file is as it was when it was opened. Errors: as `read`. */
  async requireUnchanged(): Promise<void> {
    this.#begin();
    try {
      const descriptor = this.#descriptor ?? (await this.#reopen());
      requireSameFile(this.path, this.stats, fs.fstatSync(descriptor, { bigint: true }));
    } finally {
      this.#end();
    }
  }

  /** Closes the file as soon as no read of it is under way. */
  close(): void {
    this.#isClosed = true;
    if (this.#reads === 0) this.closeDescriptor();
  }

  /** Gives the descriptor back; the next read opens another. */
  closeDescriptor(): void {
    idle.delete(this);
    if (this.#descriptor === undefined) return;
    closeDescriptor(this.#descriptor);
    this.#descriptor = undefined;
  }

  #begin(): void {
    this.#reads++;
    idle.delete(this);
  }

  #end(): void {
    if (--this.#reads > 0) return;
    if (this.#isClosed) this.closeDescriptor();
    else if (this.#descriptor !== undefined) idle.add(this);
    waiting.shift()?.();
  }

  #reopen(): Promise<number> {
    this.#reopening ??= openDescriptor(this.path)
      .then((descriptor) => this.#take(descriptor))
      .finally(() => {
        this.#reopening = undefined;
      });
    return this.#reopening;
  }

  #take(descriptor: number): number {
    try {
      if (this.#descriptor === undefined) {
        requireSameFile(this.path, this.stats, fs.fstatSync(descriptor, { bigint: true }));
        this.#descriptor = descriptor;
      }
    } finally {
      if (this.#descriptor !== descriptor) closeDescriptor(descriptor);
    }
    return this.#descriptor;
  }
}

/** Requires that a file is the same, and not written to, by its facts `before` and `now`. Errors: `file-unreadable`. */
export function requireSameFile(path: string, before: fs.BigIntStats, now: fs.BigIntStats): void {
  const facts = ['dev', 'ino', 'size', 'mtimeNs', 'ctimeNs'] as const;
  if (facts.every((fact) => now[fact] === before[fact])) return;
  const message = `${path}: the file changed while it was being read`;
  throw new GialloError('file-unreadable', message, { hint: 'try again when no program writes to it' });
}

/**
 * Runs `open`, which opens a file. If the process or the system has no descriptor left, closes idle ones and tries
 * again for some seconds. Errors: `open-files-limit`; those of `open`.
 */
export async function openWithRetries<T>(open: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await open();
    } catch (error) {
      if (!isOutOfFiles(error)) throw error;
      if (hasWaitedInVain()) break;
      closeIdleDownTo(Math.floor(held / 2));
      await sleep(pauseMs);
    }
  }
  return await open().catch((error: unknown) => {
    throw givenUp(error);
  });
}

/** As `openWithRetries`, but synchronous: the thread sleeps between attempts. */
export function openWithRetriesSync<T>(open: () => T): T {
  for (const pauseMs of [...pausesMs, 0]) {
    try {
      return open();
    } catch (error) {
      if (!isOutOfFiles(error) || pauseMs === 0 || hasWaitedInVain()) throw givenUp(error);
      closeIdleDownTo(Math.floor(held / 2));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
  throw new Error('unreachable');
}

export interface FileShare {
  /** How many of the threads that were asked for the limit allows, at least 1. */
  readonly threads: number;
  /** How many of them may load their modules at the same time, at least 1. */
  readonly loading: number;
  /** Files that each thread may have open: for `limitOpenFiles` in the thread. */
  readonly files: number;
}

/** Divides what is left of the budget among worker threads and this one. */
export function shareOpenFiles(threads: number): FileShare {
  const free = freeDescriptors(held);
  const forThreads = free - descriptorsOfLoading - fewestReserved;
  const possible = Math.floor(forThreads / (descriptorsOfThread + fewestFiles));
  const started = Math.max(1, Math.min(threads, possible));
  const left = forThreads - started * descriptorsOfThread;
  return {
    threads: started,
    loading: Math.max(1, Math.floor(free / 2 / descriptorsOfLoading)),
    files: Math.max(fewestFiles, Math.floor((left - reserveOf(left)) / (started + 1))),
  };
}

/** Sets how many files this thread may have open; undefined: what the process allows. */
export function limitOpenFiles(files: number | undefined): void {
  budget = files;
  whole = undefined;
  if (files !== undefined) closeIdleDownTo(files);
}

/** Opens a file as soon as the budget has room for it. */
async function openDescriptor(path: string): Promise<number> {
  closeIdleDownTo(allowed() - 1);
  while (held >= allowed()) {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
    closeIdleDownTo(allowed() - 1);
  }
  held++;
  try {
    // Synchronously: a turn of the thread pool takes ten times as long as opening a file.
    return await openWithRetries(async () => fs.openSync(path, readingFlags));
  } catch (error) {
    giveBack();
    throw error;
  }
}

/** Opens a file synchronously; exceeds the budget by one if reads use all descriptors. */
function openDescriptorSync(path: string): number {
  closeIdleDownTo(allowed() - 1);
  held++;
  try {
    return openWithRetriesSync(() => fs.openSync(path, readingFlags));
  } catch (error) {
    giveBack();
    throw error;
  }
}

function closeIdleDownTo(count: number): void {
  for (const file of idle) {
    if (held <= count) return;
    file.closeDescriptor();
  }
}

function closeDescriptor(descriptor: number): void {
  fs.closeSync(descriptor);
  giveBack();
}

function giveBack(): void {
  held--;
  waiting.shift()?.();
}

function allowed(): number {
  if (budget !== undefined) return budget;
  whole ??= wholeBudget();
  const ofThread = Math.max(fewestFiles, Math.floor(whole / 16));
  // Every thread is allowed this many: up to here the module that knows the thread need not be loaded.
  if (held < ofThread) return ofThread;
  const { isMainThread } = process.getBuiltinModule('node:worker_threads');
  budget = isMainThread ? whole : ofThread;
  return budget;
}

function wholeBudget(): number {
  const free = freeDescriptors(held);
  return Math.max(fewestFiles, free - reserveOf(free));
}
