/** One writer to a folder at a time. */
import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileError, GialloError } from '../errors.js';
import { removeFile } from '../files/remove-file.js';

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
    await removeFile(path);
  }
}

/** The process that holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process was started, in ticks since the machine was, since numbers of processes are used again. */
  readonly started: string | null;
}

async function takeLock(path: string, folder: string): Promise<void> {
  const me: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  if (await createWhole(path, JSON.stringify(me))) return;
  const holder = await readHolder(path);
  if (holder && !(await isAlive(holder)) && (await takeOver(path, folder, me))) return;
  throw await locked(path, folder);
}

/**
 * Takes the lock of a process that is no more, if it still is one. It is looked at again and removed under a second lock:
 * of two that find the same dead lock, the slower would remove the new one of the faster. A second lock that is in the
 * way is of somebody who does this now; one left behind in that moment is for a person to remove.
 */
async function takeOver(path: string, folder: string, me: Holder): Promise<boolean> {
  const guard = `${path}-takeover`;
  if (!(await createWhole(guard, JSON.stringify(me)))) throw await locked(guard, folder);
  try {
    const holder = await readHolder(path);
    if (holder && !(await isAlive(holder))) await removeFile(path);
    return await createWhole(path, JSON.stringify(me));
  } finally {
    await removeFile(guard);
  }
}

async function locked(path: string, folder: string): Promise<GialloError> {
  const holder = await readHolder(path);
  const who = holder ? ` (process ${holder.pid} on ${holder.host})` : '';
  return new GialloError('dump-locked', `${folder}: another giallo is writing there${who}`, {
    hint: `wait for it, or remove ${path} if it is no more`,
  });
}

/** Creates a file that is never seen without its content; false where there is one of that name. */
async function createWhole(path: string, content: string): Promise<boolean> {
  const temporary = `${path}-${randomBytes(8).toString('hex')}`;
  const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'EEXIST';
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await link(temporary, path).catch(async (error) => {
      if (isTaken(error)) throw error;
      await writeFile(path, content, { flag: 'wx' }); // a file system without hard links
    });
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw fileError('write', path, error);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

async function isAlive({ pid, host, started }: Holder): Promise<boolean> {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (await startOf(pid)) === started;
}

/** Field 22 of /proc/<pid>/stat (proc_pid_stat(5)); null where there is none, as on other systems than Linux. */
async function startOf(pid: number): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the program's name in brackets, with anything in it.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[22 - 3] ?? null;
}
