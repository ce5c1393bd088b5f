/** The line that is being completed, as its shell hands it over. */
import type { Shell } from '../completion.js';

export interface TypedLine {
  readonly shell: Shell;
  /** The words after `giallo`, without quotes; the last one, which may be empty, is being typed. */
  readonly words: readonly string[];
  /** For bash: the quote that the last word began with and that is still open. */
  readonly openQuote: '"' | "'" | '';
  /** For bash: how many characters of the last word it does not replace, since it counts them to a word before. */
  readonly kept: number;
}

/**
 * zsh and fish take the line apart themselves. bash gives the line as it stands (its own words are cut at characters
 * such as `:`, and keep their quotes), and the characters at which it cuts.
 */
export function lineOf(shell: Shell, handed: readonly string[]): TypedLine {
  if (shell !== 'bash') return { shell, words: handed, openQuote: '', kept: 0 };
  const [line = '', breaks = ''] = handed;
  const { words, openQuote, lastBreak } = splitLine(line, breaks);
  return { shell, words: words.slice(1), openQuote, kept: lastBreak };
}

/** The words of a POSIX command line that may end within a quote; nothing in it is expanded. */
function splitLine(line: string, breaks: string) {
  const words: string[] = [];
  let word: string | undefined;
  let openQuote: TypedLine['openQuote'] = '';
  let lastBreak = 0;
  for (let i = 0; i < line.length; i++) {
    const character = line[i];
    if (openQuote !== '') {
      const isEscaped = openQuote === '"' && character === '\\' && '"\\$`'.includes(line[i + 1] ?? ' ');
      if (character === openQuote) openQuote = '';
      else word += isEscaped ? line[++i] : character;
    } else if (character === ' ' || character === '\t' || character === '\n') {
      if (word !== undefined) words.push(word);
      word = undefined;
      lastBreak = 0;
    } else {
      word ??= '';
      if (character === '"' || character === "'") openQuote = character;
      else if (character === '\\') word += line[++i] ?? '';
      else {
        word += character;
        if (':='.includes(character) && breaks.includes(character)) lastBreak = word.length;
      }
    }
  }
  words.push(word ?? '');
  return { words, openQuote, lastBreak };
}
