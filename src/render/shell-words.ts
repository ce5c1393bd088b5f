/** Words of a command line that may be pasted into a POSIX shell, whatever they hold. */
import { hasUnsafe } from './escape.js';

/** The words, quoted where they need it, with spaces between. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  // Pasted as they are they would act, or hide what is run.
  if (!hasUnsafe(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = [...word].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    if (!hasUnsafe(character)) return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `$'${escaped.join('')}'`;
}
