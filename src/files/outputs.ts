/**
 * Files that appear only when they are complete. Each is written under a temporary name in its folder, and gets its own
 * name when all files are complete and on the disk. A symbolic link stays, and the file that it leads to is written.
 * Devices, pipes and stdout get the whole content at the end.
 */
import fs from 'node:fs';
import { type FileHandle, link, lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileError, GialloError } from '../errors.js';
import { isStdoutClosed, OutputClosed } from '../standard-output.js';
import { openWithRetries } from './open-files.js';
import { removeLeftoversOnce, temporaryPath } from './temporary-files.js';

export interface Outputs {
  /**
   * Opens the temporary file that becomes `path`; `-` is stdout. Files are written one after another: an error of the
   * file system is taken for one of the file created last. Errors: `output-exists`, `usage` for a source,
   * `file-unwritable`.
   */
  create(path: string): Promise<FileHandle>;
  /** Opens a file, in the folder of `path`, that is removed when the writing has ended. */
  scratch(path: string): Promise<FileHandle>;
  /** Whether there is a file, a folder or a link of that name. */
  exists(path: string): Promise<boolean>;
}

export interface OutputOptions {
  /** Whether files that exist are replaced. */
  readonly force: boolean;
  /** Files that are being read: never replaced. */
  readonly sources: readonly string[];
}

/** Where content ends up. */
interface Destination {
  /** The path as it was named, for errors. */
  readonly path: string;
  /** The path without links. */
  readonly file: string;
  /** Whether it is a device, a pipe or an open descriptor. */
  readonly isStream: boolean;
  /** Permissions of the file that is replaced. */
  readonly mode: number | undefined;
}

interface WrittenFile {
  readonly handle: FileHandle;
  readonly temporary: string;
  /** The path in errors: that of the output, or for a stream the folder of the temporary file. */
  readonly place: string;
  /** Undefined for scratch files. */
  readonly destination: Destination | undefined;
}

/**
 * Runs `write` and publishes the files that it created, in the order of creation. Returns their paths beside its
 * result. If anything fails, none of these files is left, and files that existed are unchanged. Errors: those of
 * `write`, `output-exists`, and `file-unwritable` for every error of the file system.
 */
export async function withOutputs<T>(
  options: OutputOptions,
  write: (outputs: Outputs) => Promise<T>,
): Promise<{ result: T; paths: readonly string[] }> {
  const files: WrittenFile[] = [];
  try {
    const result = await write({
      create: async (path) => {
        const destination = await destinationOf(path);
        await refuse(destination, options);
        return await openBeside(destination, destination, files);
      },
      scratch: async (path) => await openBeside(await destinationOf(path), undefined, files),
      exists,
    });
    const finished = files.filter(hasDestination);
    for (const { handle, place } of finished) await withPath(place, () => handle.sync());
    for (const { handle, place } of files) await withPath(place, () => handle.close());
    await publish(finished, options);
    return { result, paths: finished.map(({ destination }) => destination.path) };
  } catch (error) {
    // The system does not say which file an error of a handle is about.
    throw asWriteError(error, (files.findLast(hasDestination) ?? files[0])?.place ?? '');
  } finally {
    for (const { handle, temporary } of files) {
      await handle.close().catch(() => {});
      await rm(temporary, { force: true }).catch(() => {});
    }
  }
}

/** Writes one file of this content, in place of one that exists. Errors: `file-unwritable`. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await withOutputs({ force: true, sources: [] }, async (outputs) => {
    await (await outputs.create(path)).writeFile(content);
  });
}

/** The destination that a path names. Errors: `file-unwritable` for a folder, and for errors of the file system. */
async function destinationOf(path: string): Promise<Destination> {
  const descriptor = descriptorOf(path);
  if (descriptor === 1 && isStdoutClosed(process)) throw fileError('write', 'stdout', { code: 'EBADF' });
  if (descriptor !== undefined) return { path, file: path, isStream: true, mode: undefined };
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError('write', path, error);
  });
  if (found?.isDirectory()) throw fileError('write', path, { code: 'EISDIR' });
  if (found && !found.isFile()) return { path, file: path, isStream: true, mode: undefined };
  return { path, file: await withoutLink(path), isStream: false, mode: found && found.mode & 0o7777 };
}

/** The descriptor of this process that a path stands for, as /dev/stdout does. */
function descriptorOf(path: string): number | undefined {
  const name = path === '-' ? '/dev/stdout' : resolve(path);
  if (name === '/dev/stdout') return 1;
  if (name === '/dev/stderr') return 2;
  const [, number] = /^\/(?:dev|proc\/self)\/fd\/(\d+)$/.exec(name) ?? [];
  return number === undefined ? undefined : Number(number);
}

/** The file that a path leads to, whether it exists or not. The links must not form a loop. */
export async function withoutLink(path: string): Promise<string> {
  const target = await realpath(path).catch(() => undefined);
  if (target !== undefined) return target;
  const named = await readlink(path).catch(() => undefined);
  if (named === undefined) return path;
  // Not `join` or `resolve`: if the folder is a link too, `..` leads out of the folder that this link leads to.
  return await withoutLink(isAbsolute(named) ? named : `${dirname(path)}${sep}${named}`);
}

async function openBeside(
  { path, file, isStream, mode }: Destination,
  destination: Destination | undefined,
  files: WrittenFile[],
): Promise<FileHandle> {
  const folder = isStream ? tmpdir() : dirname(file);
  removeLeftoversOnce(folder);
  const temporary = temporaryPath(folder);
  const place = isStream ? folder : path;
  try {
    const handle = await openWithRetries(() => open(temporary, 'wx+'));
    files.push({ handle, temporary, place, destination });
    if (destination && mode !== undefined) await handle.chmod(mode);
    return handle;
  } catch (error) {
    throw asWriteError(error, place);
  }
}

function hasDestination(file: WrittenFile): file is WrittenFile & { readonly destination: Destination } {
  return file.destination !== undefined;
}

async function publish(
  files: readonly { readonly temporary: string; readonly destination: Destination }[],
  { force }: OutputOptions,
): Promise<void> {
  const added: string[] = [];
  try {
    for (const { temporary, destination } of files) {
      const { path, file, isStream } = destination;
      await withPath(path, async () => {
        if (isStream) return await send(temporary, path);
        if (force) return await rename(temporary, file);
        await renameToNew(temporary, path, file);
        added.push(file);
      });
    }
  } catch (error) {
    for (const path of added) await rm(path, { force: true });
    throw error;
  }
}

/** Renames without replacing, which `rename` cannot do: a link fails if the file exists by now. */
async function renameToNew(temporary: string, path: string, file: string): Promise<void> {
  try {
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await exists(file))) throw outputExists(path);
    await rename(temporary, file); // a file system without hard links
  }
}

/** Copies a whole file into a device, a pipe or an open descriptor. Errors: `OutputClosed` if the reader has left. */
async function send(temporary: string, path: string): Promise<void> {
  const known = descriptorOf(path);
  const descriptor = known ?? openStream(path);
  try {
    const source = await open(temporary);
    try {
      for await (const piece of source.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
        await writeAll(descriptor, piece as Buffer);
      }
    } finally {
      await source.close();
    }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EPIPE' ? new OutputClosed() : error;
  } finally {
    if (known === undefined) fs.closeSync(descriptor);
  }
}

/** Without O_NONBLOCK, opening a named pipe would wait for a reader for ever. */
function openStream(path: string): number {
  try {
    return fs.openSync(path, fs.constants.O_WRONLY | (fs.constants.O_NONBLOCK ?? 0));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    throw new GialloError('file-unwritable', `${path}: cannot write: no program is reading from this pipe`);
  }
}

async function writeAll(descriptor: number, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(descriptor, bytes, done);
    } catch (error) {
      // The pipe is full for the moment.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(2);
    }
  }
}

async function refuse({ path, isStream }: Destination, { force, sources }: OutputOptions): Promise<void> {
  const target = await identityOf(path);
  for (const source of sources) {
    // By inode, since a path can be spelled in several ways and lead through links.
    if (target === undefined || target !== (await identityOf(source))) continue;
    throw new GialloError('usage', `${path}: the output would overwrite its input`, {
      hint: 'name another file with -o',
    });
  }
  if (!force && !isStream && (await exists(path))) throw outputExists(path);
}

/** The error for an output that exists already. */
function outputExists(path: string): GialloError {
  return new GialloError('output-exists', `${path}: already exists`, { hint: '--force replaces it' });
}

/** The identity of a file, which is the same for all spellings of its path; undefined if there is no such file. */
export async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}

/** Runs a step; errors of the file system are reported for `path`. */
async function withPath(path: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    throw asWriteError(error, path);
  }
}

/** The error for `path`, if it is one of the file system. It is one of writing, since readers wrap theirs. */
function asWriteError(error: unknown, path: string): unknown {
  const isOfFileSystem = error instanceof Error && 'syscall' in error && 'errno' in error;
  return isOfFileSystem ? fileError('write', outputPlace(path), error) : error;
}

/** The name of an output in errors and hints. */
export function outputPlace(path: string): string {
  return path === '-' ? 'stdout' : path;
}
