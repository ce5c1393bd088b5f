/** One writer to a folder at a time. */
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileError, GialloError } from '../errors.js';

const lockName = '.giallo-lock';

/**
 * Runs `work` while holding the folder's lock. A lock left behind by a process of this machine that is no more is taken
 * over. Errors: `dump-locked`, `file-unwritable`, and those of `work`.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, lockName);
  await takeLock(path, folder);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function takeLock(path: string, folder: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      const file = await open(path, 'wx');
      await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError('write', path, error);
      const holder = await readHolder(path);
      if (tries > 0 || isAlive(holder)) {
        throw new GialloError(
          'dump-locked',
          `${folder}: another giallo is writing there${holder ? ` (process ${holder.pid} on ${holder.host})` : ''}`,
          {
            hint: `wait for it, or remove ${path} if it is no more`,
          },
        );
      }
      await rm(path, { force: true });
    }
  }
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder | undefined): boolean {
  if (!holder || holder.host !== hostname()) return holder !== undefined;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
