/**
 * Filenames on their way into forms that cannot hold all of them: JSON knows a key once only, UTF-8 has nothing for half
 * of a surrogate pair, and an `.npy` has its names in a file beside it.
 */
import { GialloError } from '../errors.js';
import type { Outputs } from '../files/outputs.js';

/** `refuse` calls it an error; `suffix` appends `#2`, `#3` and so on to the later ones. */
export type OnDuplicate = 'refuse' | 'suffix';

/**
 * Makes a function that gives each name in turn the key it goes by: itself where it is new, else one with a suffix, or
 * `undefined` where duplicates are refused.
 */
export function uniqueNames(onDuplicate: OnDuplicate): (name: string) => string | undefined {
  const taken = new Set<string>();
  const lastSuffix = new Map<string, number>();
  return (name) => {
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
    if (onDuplicate === 'refuse') return undefined;
    let suffix = lastSuffix.get(name) ?? 1;
    let key: string;
    do key = `${name}#${++suffix}`;
    while (taken.has(key));
    lastSuffix.set(name, suffix);
    taken.add(key);
    return key;
  };
}

/** Throws `value-unrepresentable`, naming `place`, where UTF-8 cannot hold a filename. */
export function requireUnicode(filename: string, place: string): void {
  if (isUnicode(filename)) return;
  const message = `${place}: a filename is not text: half of a surrogate pair in ${JSON.stringify(filename)}`;
  throw new GialloError('value-unrepresentable', message, { hint: 'rename the frame' });
}

/** Whether UTF-8 can hold a filename. */
function isUnicode(filename: string): boolean {
  return !/\p{Surrogate}/u.test(filename);
}

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
    const message = `${stem}.txt: already exists, and would be read in place of the names in ${stem}.json`;
    throw new GialloError('output-exists', message, { hint: 'move it away' });
  }
  const file = await outputs.create(`${stem}.json`);
  await file.writeFile(`${JSON.stringify(filenames, null, 1)}\n`);
}

function fitsLines(filenames: readonly string[]): boolean {
  if (filenames[0]?.startsWith('\uFEFF')) return false; // would be taken for a byte order mark
  return filenames.every((name) => !/[\n\r]/.test(name) && isUnicode(name));
}
