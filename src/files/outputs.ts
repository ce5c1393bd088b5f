/**
 * Files that appear whole or not at all: each is written under a temporary name in the folder where it will lie, and
 * gets its own name when all of them are complete and on the disk.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, link, lstat, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError, GialloError } from '../errors.js';

export interface Outputs {
  /**
   * Opens the temporary file that becomes `path`. Files are written one after another: an error of the file system is
   * taken for one of the file created last. Errors: `output-exists`, `usage` for a source, `file-unwritable`.
   */
  create(path: string): Promise<FileHandle>;
  /** Opens a file, in the folder of `path`, that is gone when the writing has ended. */
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

interface OpenFile {
  readonly handle: FileHandle;
  readonly temporary: string;
  /** Undefined for scratch files. */
  readonly path: string | undefined;
}

/**
 * Runs `write` and publishes what it created, in the order of creation; returns the written paths beside its result.
 * If anything fails, nothing it created is left and files that existed are untouched. Errors: those of `write`,
 * `output-exists`, and `file-unwritable` for every error of the file system.
 */
export async function withOutputs<T>(
  options: OutputOptions,
  write: (outputs: Outputs) => Promise<T>,
): Promise<{ result: T; paths: readonly string[] }> {
  const files: OpenFile[] = [];
  try {
    const result = await write({
      create: async (path) => {
        await refuse(path, options);
        return await openBeside(path, path, files);
      },
      scratch: (path) => openBeside(path, undefined, files),
      exists,
    });
    const finished = files.filter(hasPath);
    for (const { handle, path } of finished) await naming(path, () => handle.sync());
    for (const { handle, path, temporary } of files) await naming(path ?? temporary, () => handle.close());
    await publish(finished, options);
    return { result, paths: finished.map(({ path }) => path) };
  } catch (error) {
    // Of what has a handle alone the system does not say which file it was.
    throw asWriteError(error, files.findLast(hasPath)?.path ?? files[0]?.temporary ?? '');
  } finally {
    for (const { handle, temporary } of files) {
      await handle.close().catch(() => {});
      await rm(temporary, { force: true }).catch(() => {});
    }
  }
}

/** The error of a file that is there already. */
function outputExists(path: string): GialloError {
  const message = `${path}: a new file was expected, found one that exists`;
  return new GialloError('output-exists', message, { hint: '--force replaces it' });
}

async function openBeside(path: string, final: string | undefined, files: OpenFile[]): Promise<FileHandle> {
  // A short name of its own: the final name with an ending could be longer than file systems allow.
  const temporary = join(dirname(path), `.giallo-${randomBytes(8).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx+');
    files.push({ handle, temporary, path: final });
    return handle;
  } catch (error) {
    throw fileError('write', path, error);
  }
}

function hasPath(file: OpenFile): file is OpenFile & { readonly path: string } {
  return file.path !== undefined;
}

async function publish(
  files: readonly { readonly temporary: string; readonly path: string }[],
  { force }: OutputOptions,
): Promise<void> {
  const added: string[] = [];
  try {
    for (const { temporary, path } of files) {
      await naming(path, () => (force ? rename(temporary, path) : renameToNew(temporary, path)));
      if (!force) added.push(path);
    }
  } catch (error) {
    for (const path of added) await rm(path, { force: true });
    throw error;
  }
}

/** Renames without replacing, which `rename` cannot do: a link fails where a file has come to exist meanwhile. */
async function renameToNew(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || (await exists(path))) throw outputExists(path);
    await rename(temporary, path); // a file system without hard links
  }
}

async function refuse(path: string, { force, sources }: OutputOptions): Promise<void> {
  const target = await identity(path);
  for (const source of sources) {
    // By inode: however its path is spelled, and through links.
    if (target === undefined || target !== (await identity(source))) continue;
    const message = `${path}: another file than the one that is read was expected, found the same`;
    throw new GialloError('usage', message, { hint: 'name another one with -o' });
  }
  if (!force && (await exists(path))) throw outputExists(path);
}

async function identity(path: string): Promise<string | undefined> {
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

/** Runs a step whose errors of the file system are of the file that becomes `path`. */
async function naming(path: string, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    throw asWriteError(error, path);
  }
}

/** Readers wrap their own errors, so one of the file system that gets here is of a file being written. */
function asWriteError(error: unknown, path: string): unknown {
  const isOfFileSystem = error instanceof Error && 'syscall' in error && 'errno' in error;
  return isOfFileSystem ? fileError('write', path, error) : error;
}
