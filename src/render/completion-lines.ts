/** What a completion script reads: a line that says what kind follows, then one line a completion. */

export interface Completion {
  readonly value: string;
  readonly description: string;
}

/** Words of giallo's own, or a file or folder, which the shell knows better. */
export type Completions =
  | {
      readonly kind: 'words';
      readonly words: readonly Completion[];
      /** More is to be typed after the word: no space follows it. */
      readonly isOpen?: boolean;
    }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' };

/** How a shell puts a completion in the place of what was typed. */
export interface Insertion {
  readonly shell: 'bash' | 'zsh' | 'fish';
  /** bash: a quote that is open. */
  readonly openQuote: '"' | "'" | '';
  /** bash: characters at the word's beginning that it does not replace. */
  readonly kept: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const untypable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * `words`, `open`, `files` or `folders`, then `value<TAB>description` lines. zsh and fish quote values themselves;
 * bash puts them on its command line as they are, so they come quoted. Names with control characters are left out.
 */
export function completionLines(completions: Completions, insertion: Insertion): string {
  if (completions.kind !== 'words') return `${completions.kind}\n`;
  const lines = completions.words
    .filter(({ value }) => !untypable.test(value))
    .map(({ value, description }) => `${insertionOf(value, insertion)}\t${description.replace(/\s+/g, ' ')}`);
  return `${[completions.isOpen ? 'open' : 'words', ...lines].join('\n')}\n`;
}

function insertionOf(value: string, { shell, openQuote, kept }: Insertion): string {
  if (shell !== 'bash') return value;
  const rest = value.slice(kept);
  if (openQuote === "'") return rest.replaceAll("'", `'\\''`);
  if (openQuote === '"') return rest.replace(/["\\$`]/g, '\\$&');
  return rest.replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}
