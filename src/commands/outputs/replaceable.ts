/** Pages and cutting lists that giallo has made are written over without being asked; any other file of the name stays. */
import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError, GialloError } from '../../errors.js';
import { temporaryPath } from '../../files/temporary-files.js';

/** What giallo makes, in the words of messages. */
type Replaceable = 'a page' | 'a list';

/** Before any work: whether the file can be written. Errors: as `requireReplaceable`; `file-unwritable`. */
export async function requireWritable(file: string, mark: string, what: Replaceable): Promise<void> {
  await requireReplaceable(file, mark, what);
  const probe = temporaryPath(dirname(file));
  try {
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw fileError('write', file, cause);
  }
}

/** Errors: `output-exists` where the file does not have `mark` near its beginning. */
export async function requireReplaceable(file: string, mark: string, what: Replaceable): Promise<void> {
  const begin = await beginningOf(file, what);
  if (begin === undefined || begin === '' || begin.includes(mark)) return;
  throw new GialloError('output-exists', `${file}: already exists, and is not ${what} of giallo's`, {
    hint: 'name another file, or delete this one',
  });
}

/** The first bytes of a file, which hold the head of a page; undefined where there is no file. */
async function beginningOf(file: string, what: Replaceable): Promise<string | undefined> {
  try {
    const found = await stat(file);
    if (!found.isFile())
      throw new GialloError(
        'output-exists',
        `${file}: ${found.isDirectory() ? 'it is a folder' : 'not a regular file'}`,
        { hint: what === 'a page' ? 'name a file, or - for stdout' : 'name a file' },
      );
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof GialloError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('write', file, cause);
  }
}
