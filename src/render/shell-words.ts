/** Words of a command line that may be pasted into a POSIX shell, whatever they hold. */

/** The words, quoted where they need it, with spaces between. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** Control characters, bidi marks and line separators: pasted as they are they would act, or hide what is run. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const invisible = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

function shellWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  if (!invisible.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const escaped = [...word].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    if (!invisible.test(character)) return character;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
  return `$'${escaped.join('')}'`;
}
