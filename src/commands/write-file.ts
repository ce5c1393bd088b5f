/** Files that commands write because `-o` named them. */
import { writeFile } from 'node:fs/promises';
import { fileError, GialloError } from '../errors.js';

/** Writes a file; over one that exists only with `force`. Errors: `output-exists`, `file-unwritable`. */
export async function writeOutputFile(
  path: string,
  data: string | Uint8Array,
  { force }: { readonly force: boolean },
): Promise<void> {
  try {
    await writeFile(path, data, { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError('write', path, cause);
    const message = `${path}: a new file was expected, found one that exists`;
    throw new GialloError('output-exists', message, { cause, hint: '--force replaces it' });
  }
}
