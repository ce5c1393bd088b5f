/**
 * Filenames in forms that hold text as UTF-8. A JavaScript or Python string may hold half of a surrogate pair; UTF-8
 * has nothing for it, and writing it anyway would silently change the name.
 */
import { GialloError } from '../errors.js';

/** Throws `value-unrepresentable`, naming `place`, where UTF-8 cannot hold a filename. */
export function requireUnicode(filename: string, place: string): void {
  if (isUnicode(filename)) return;
  const message = `${place}: a filename of Unicode characters was expected, found half of a surrogate pair in ${JSON.stringify(filename)}`;
  throw new GialloError('value-unrepresentable', message, { hint: 'JSON and .npz can hold it' });
}

/** Whether UTF-8 can hold a filename. */
export function isUnicode(filename: string): boolean {
  return !/\p{Surrogate}/u.test(filename);
}
