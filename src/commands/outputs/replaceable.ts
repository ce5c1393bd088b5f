/**
 * giallo replaces pages and cutting lists that it has written itself; it does not replace other files of the same name.
 */
import { open, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileError, GialloError } from '../../errors.js';
import { withoutLink } from '../../files/outputs.js';
import { temporaryPath } from '../../files/temporary-files.js';

/** The kind of file, for messages. */
type Replaceable = 'a page' | 'a list';

/** Checks before any work that the file can be written. Errors: as `requireReplaceable`; `file-unwritable`. */
export async function requireWritable(file: string, mark: string, what: Replaceable): Promise<void> {
  await requireReplaceable(file, mark, what);
  const probe = temporaryPath(dirname(await withoutLink(file)));
  try {
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (cause) {
    throw fileError('write', file, cause);
  }
}

/** Errors: `output-exists` if there is a file without `mark` near its beginning. */
export async function requireReplaceable(file: string, mark: string, what: Replaceable): Promise<void> {
  const begin = await beginningOf(file, what);
  if (begin === undefined || begin === '' || begin.includes(mark)) return;
  throw new GialloError('output-exists', `${file}: already exists, and is not ${what} of giallo's`, {
    hint: 'name another file, or delete this one',
  });
}

/** The first bytes of a file, enough for the head of a page; undefined if there is no file. */
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
