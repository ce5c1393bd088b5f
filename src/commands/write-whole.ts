/** A file that appears whole or not at all. */
import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from '../errors.js';

/** Writes `text` to a temporary file beside `path`, then gives it its name. Errors: `file-unwritable`. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `.giallo-${randomBytes(8).toString('hex')}.tmp`);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    await rename(temporary, path);
  } catch (cause) {
    throw fileError('write', path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}
