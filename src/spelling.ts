/** What was probably meant by a word that nothing is called: misspelt commands, options, films. */
import { distance } from 'fastest-levenshtein';

/** How many letters are wrong. As people type, the first two that changed places are one: `Krnak` for `Krank`. */
export function editsBetween(typed: string, meant: string): number {
  let at = 0;
  while (at < meant.length && typed[at] === meant[at]) at++;
  const isSwapped = at + 1 < meant.length && typed[at] === meant[at + 1] && typed[at + 1] === meant[at];
  return isSwapped ? 1 + distance(typed.slice(at + 2), meant.slice(at + 2)) : distance(typed, meant);
}

/** The closest of the words that are near enough. */
export function closestWord(
  typed: string,
  words: readonly string[],
  isNear: (edits: number, word: string) => boolean,
): string | undefined {
  const found = words.map((word) => ({ word, edits: editsBetween(typed, word) }));
  const near = found.filter(({ word, edits }) => isNear(edits, word));
  return near.sort((a, b) => a.edits - b.edits)[0]?.word;
}
