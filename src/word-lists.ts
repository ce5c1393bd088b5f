/** Lists of words, and values from files, in the sentences of messages. */

/** `npz`; `npz or npy`; `npz, npy or json`. */
export function eitherOf(words: readonly string[]): string {
  if (words.length < 2) return words.join();
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** `Bunny, Krank`; of more than `most` the first, and how many there are besides: `Bunny, Krank and 8 more`. */
export function firstOf(words: Iterable<string | number>, most: number): string {
  const all = [...words];
  const shown = all.slice(0, most).join(', ');
  return all.length > most ? `${shown} and ${all.length - most} more` : shown;
}

/** The first characters of a value from JSON, which may be nested more deeply than `JSON.stringify` can follow. */
export function startOfJson(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 40);
  } catch {
    return 'values nested too deeply';
  }
}
