/**
 * The names of an `.npy`: a text file beside it, one name a line, as `openFilm` reads it.
 */
import { GialloError } from '../errors.js';
import type { Outputs } from '../files/outputs.js';
import { isUnicode } from './unicode-names.js';

/**
 * Creates `<stem>.txt` with a name on each line, or `<stem>.json`, an array of strings, where a name would not come back
 * from that. Errors: `output-exists`, also where a text file would be taken for the names that are written as JSON;
 * those of `Outputs.create`.
 */
export async function writeNpyNames(
  outputs: Outputs,
  stem: string,
  filenames: readonly string[],
): Promise<void> {
  if (fitsLines(filenames)) {
    const file = await outputs.create(`${stem}.txt`);
    await file.writeFile(filenames.map((name) => `${name}\n`).join(''));
    return;
  }
  if (await outputs.exists(`${stem}.txt`)) {
    const message = `${stem}.txt: no file was expected, since names with line breaks go to ${stem}.json, found one that would be read instead`;
    throw new GialloError('output-exists', message, { hint: 'move it away' });
  }
  const file = await outputs.create(`${stem}.json`);
  await file.writeFile(`${JSON.stringify(filenames, null, 1)}\n`);
}

function fitsLines(filenames: readonly string[]): boolean {
  if (filenames[0]?.startsWith('\uFEFF')) return false; // would be taken for a byte order mark
  return filenames.every((name) => !/[\n\r]/.test(name) && isUnicode(name));
}
