/**
 * One writer to a folder at a time. The lock of a dead process is replaced by one rename, under a guard: a lock whose
 * name comes from the dead lock. If several processes find the dead lock, one of them replaces it. A guard that a dead
 * process has left is replaced in the same way.
 */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { fileError, GialloError, orUndefined } from '../errors.js';
import { hex32 } from './file-names.js';
import {
  isRunning,
  type ProcessId,
  removeFile,
  removeLeftovers,
  temporaryPath,
  thisProcess,
} from './temporary-files.js';

const lockName = '.giallo-lock';
const waitMs = 20;

/** A process that holds a lock. Each lock has another `token`. */
interface Holder extends ProcessId {
  readonly token: string;
}

/**
 * Runs `work` while holding the folder's lock, after removing what dead processes have left in the folder. If another
 * process holds the lock, waits for it up to `patienceMs`. Errors: `dump-locked`, `file-unwritable`, and those of
 * `work`.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, patienceMs = 0): Promise<T> {
  const path = join(folder, lockName);
  const release = await takeWithin(patienceMs, path, folder);
  try {
    removeLeftovers(folder);
    removeGuards(folder);
    return await work();
  } finally {
    release();
  }
}

async function takeWithin(patienceMs: number, path: string, folder: string): Promise<() => void> {
  for (const end = performance.now() + patienceMs; ; ) {
    try {
      return take(path, folder);
    } catch (error) {
      const isLocked = error instanceof GialloError && error.code === 'dump-locked';
      if (!isLocked || performance.now() >= end) throw error;
    }
    await setTimeout(waitMs);
  }
}

/** Takes the lock at `path`, and returns the function that releases it. Errors: `dump-locked`, `file-unwritable`. */
function take(path: string, folder: string): () => void {
  const token = Math.floor(Math.random() * 2 ** 48).toString(16);
  const content = JSON.stringify({ ...thisProcess(), token });
  const release = () => {
    if (read(path) === content) removeFile(path);
  };
  if (create(path, content)) return release;
  const found = read(path);
  // It may have been released just now.
  if (found === undefined && create(path, content)) return release;
  const holder = holderOf(found);
  if (!holder || isRunning(holder)) throw lockedError(path, folder);

  const releaseGuard = take(guardOf(path, holder), folder);
  try {
    if (read(path) === found) {
      replace(path, content);
      return release;
    }
  } finally {
    releaseGuard();
  }
  // Another process replaced it first.
  return take(path, folder);
}

function guardOf(path: string, { pid, started, token }: Holder): string {
  const name = `${lockName}-${hex32(crc32(JSON.stringify([path, pid, started, token])))}`;
  return join(path, '..', name);
}

/** Guards of processes that died while they took over a lock. The locks they protect no longer exist. */
function removeGuards(folder: string): void {
  // In a folder that may only be written to, leftovers stay.
  for (const name of orUndefined(() => fs.readdirSync(folder)) ?? []) {
    if (!/^\.giallo-lock-[0-9a-f]{8}$/.test(name)) continue;
    const holder = holderOf(read(join(folder, name)));
    if (holder && !isRunning(holder)) removeFile(join(folder, name));
  }
}

function lockedError(path: string, folder: string): GialloError {
  const holder = holderOf(read(path));
  const who = holder ? ` (process ${holder.pid} on ${holder.host})` : '';
  return new GialloError('dump-locked', `${folder}: another giallo is writing there${who}`, {
    hint: `wait for it, or delete ${path} if that process has ended`,
  });
}

/** Creates a file that is never seen without its content; false if there is one of that name. */
function create(path: string, content: string): boolean {
  return withTemporary(path, content, (temporary) => {
    try {
      fs.linkSync(temporary, path);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    }
    // A file system without hard links.
    try {
      fs.writeFileSync(path, content, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  });
}

function replace(path: string, content: string): void {
  withTemporary(path, content, (temporary) => fs.renameSync(temporary, path));
}

function withTemporary<T>(path: string, content: string, work: (temporary: string) => T): T {
  const folder = dirname(path);
  const temporary = temporaryPath(folder);
  try {
    // The content is on the disk before the name is: an empty lock, as after a power cut, would have no owner.
    fs.writeFileSync(temporary, content, { flag: 'wx', flush: true });
    return work(temporary);
  } catch (error) {
    throw fileError('write', folder, error);
  } finally {
    // If this fails, the next writer to the folder removes it.
    orUndefined(() => fs.rmSync(temporary, { force: true }));
  }
}

function read(path: string): string | undefined {
  return orUndefined(() => fs.readFileSync(path, 'utf8'));
}

function holderOf(content: string | undefined): Holder | undefined {
  const found = orUndefined(() => JSON.parse(content ?? '') as Holder);
  return typeof found?.pid === 'number' && typeof found.host === 'string' ? found : undefined;
}
