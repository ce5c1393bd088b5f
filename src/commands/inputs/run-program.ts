/** Programs that the user names in a variable, run without a shell unless the variable names one. */
import { GialloError } from '../../errors.js';

/**
 * The words of a command line, split at spaces; quotes and backslashes hold them together as in a shell, and nothing
 * else is special. Errors: `usage` for a quote that does not end.
 */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    let word = '';
    for (let part = nextPart(rest); part !== undefined; part = nextPart(rest)) {
      word += part.text;
      rest = rest.slice(part.length);
    }
    words.push(word);
    rest = rest.trimStart();
  }
  return words;
}

/** The next part of a word; undefined at its end. */
function nextPart(rest: string): { readonly text: string; readonly length: number } | undefined {
  const [all, single, double, escaped, plain] =
    /^(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+))/.exec(rest) ?? [];
  if (all === undefined) {
    if (rest === '' || /^\s/.test(rest)) return undefined;
    throw new GialloError('usage', `${rest}: a quote does not end`);
  }
  const text = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
  return { text, length: all.length };
}
