/** Taking files away. */
import { rm } from 'node:fs/promises';
import { fileError } from '../errors.js';

/** Removes a file that may be there. Errors: `file-unwritable`. */
export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error) => {
    throw fileError('write', path, error);
  });
}
