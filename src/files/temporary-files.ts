/**
 * Temporary files and their owners: the name of each names the process that writes it. The next writer to a folder
 * removes the files of dead processes. Files of running processes, and of other machines, stay.
 */
import fs from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { fileError, GialloError, orUndefined, withFileError } from '../errors.js';
import { hex32 } from './file-names.js';

/** The identity of a process. */
export interface ProcessId {
  readonly pid: number;
  readonly host: string;
  /** The namespace of its process number: containers with one host name each count their own (pid_namespaces(7)). */
  readonly space: string | null;
  /** When the process was started, in ticks since the machine started: process numbers are used again. */
  readonly started: string | null;
}

let self: ProcessId | undefined;

/** The identity of this process. */
export function thisProcess(): ProcessId {
  self ??= {
    pid: process.pid,
    host: hostname(),
    space: orUndefined(() => fs.readlinkSync('/proc/self/ns/pid')) ?? null,
    started: statusOf(process.pid)?.started ?? null,
  };
  return self;
}

/** Whether a process runs, as far as this one can know: those that it cannot see count as running. */
export function isRunning({ pid, host, space, started }: ProcessId): boolean {
  const me = thisProcess();
  if (host !== me.host || (space ?? me.space) !== me.space) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const status = statusOf(pid);
  return status === undefined || (status.state !== 'Z' && status.started === started);
}

/** Fields 3 and 22 of /proc/<pid>/stat (proc_pid_stat(5)); undefined if there is no such file, as on other systems. */
function statusOf(pid: number): { state: string; started: string } | undefined {
  const text = orUndefined(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in brackets, with anything in it.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0], started: fields[22 - 3] };
}

/** `.giallo-<pid>-<start>-<checksum of host and space>-<random>.tmp` */
const temporaryName = /^\.giallo-(\d+)-(\d+|none)-([0-9a-f]{8})-[0-9a-f]+\.tmp$/;

/** A new name for a temporary file, short enough for every file system. */
export function temporaryPath(folder: string): string {
  const { pid, started } = thisProcess();
  const random = Math.floor(Math.random() * 2 ** 48).toString(16);
  return join(folder, `.giallo-${pid}-${started ?? 'none'}-${placeOf(thisProcess())}-${random}.tmp`);
}

/** Whether a name is that of a temporary file of giallo. */
export function isTemporary(name: string): boolean {
  return temporaryName.test(name);
}

interface Removal {
  /** Whether the files of this process are removed as well, such as those of threads that were ended. */
  readonly ofThisProcess?: boolean;
}

/**
 * Removes the temporary files of dead processes from a folder. A file that cannot be removed stays: it does no harm.
 */
export function removeLeftovers(folder: string, { ofThisProcess = false }: Removal = {}): void {
  for (const name of orUndefined(() => fs.readdirSync(folder)) ?? []) {
    const owner = ownerOf(name);
    if (!owner || (isRunning(owner) && !(ofThisProcess && isThisProcess(owner)))) continue;
    orUndefined(() => fs.rmSync(join(folder, name), { force: true }));
  }
}

const tidied = new Set<string>();

/** As `removeLeftovers`, but only once for each folder in a process, which may write thousands of files to it. */
export function removeLeftoversOnce(folder: string): void {
  const path = resolve(folder);
  if (tidied.has(path)) return;
  tidied.add(path);
  removeLeftovers(path);
}

function ownerOf(name: string): ProcessId | undefined {
  const [, pid, started, place] = temporaryName.exec(name) ?? [];
  const { host, space } = thisProcess();
  if (pid === undefined || place !== placeOf({ host, space })) return undefined;
  return { pid: Number(pid), host, space, started: started === 'none' ? null : started };
}

function isThisProcess({ pid, started }: ProcessId): boolean {
  const me = thisProcess();
  return pid === me.pid && started === me.started;
}

function placeOf({ host, space }: Pick<ProcessId, 'host' | 'space'>): string {
  return hex32(crc32(JSON.stringify([host, space])));
}

/** Removes a file that may be there. Errors: `file-unwritable`. */
export function removeFile(path: string): void {
  withFileError('write', path, () => fs.rmSync(path, { force: true }));
}

/**
 * Gives a temporary file its own name, in place of whatever has that name but a folder with files in it. Errors:
 * `file-unwritable`.
 */
export function renameInto(temporary: string, path: string): void {
  removeEmptyFolder(path);
  withFileError('write', path, () => fs.renameSync(temporary, path));
}

/** Removes a folder that may be there if there is nothing in it. Never throws. */
export function removeEmptyFolder(path: string): void {
  orUndefined(() => fs.rmdirSync(path));
}

/**
 * Makes a folder and those above it. Does not use `mkdir` with `recursive`, which never returns if no folder can be
 * made, as under /proc. Errors: `file-unwritable`.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let path = resolve(folder); !isFolder(path); path = dirname(path)) missing.push(path);
  for (const path of missing.reverse()) {
    try {
      fs.mkdirSync(path);
    } catch (error) {
      // Another process may have made it meanwhile.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST' && isFolder(path)) continue;
      throw brokenLink(path) ?? fileError('write', path, error);
    }
  }
}

/** The error for a link that leads nowhere, where a folder should be made. */
function brokenLink(path: string): GialloError | undefined {
  const target = orUndefined(() => fs.readlinkSync(path));
  if (target === undefined) return undefined;
  return new GialloError(
    'file-unwritable',
    `${path}: cannot write there: it is a link to ${target}, which does not exist`,
  );
}

/** Makes a new folder in the system's folder for temporary files. Errors: `file-unwritable`. */
export function makeTemporaryFolder(): string {
  return withFileError('write', tmpdir(), () => fs.mkdtempSync(join(tmpdir(), 'giallo-')));
}

/** Whether there is a folder at a path; false if there is nothing. Errors: `file-unwritable` for anything else. */
function isFolder(path: string): boolean {
  try {
    if (fs.statSync(path).isDirectory()) return true;
    throw new GialloError('file-unwritable', `${path}: cannot write there: it is a file, not a folder`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && dirname(path) !== path) return false;
    throw fileError('write', path, error);
  }
}
