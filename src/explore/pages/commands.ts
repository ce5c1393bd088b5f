/** The command lines that the pages copy, which ask giallo what the pages show. */
import type { Site } from './site.js';

/** The words of a command line; arguments that look like options come after `--`. */
export function commandWords(
  command: string,
  words: readonly string[],
  options: readonly string[],
): string[] {
  const looksLikeOption = words.some((word) => word.startsWith('-'));
  return ['giallo', command, ...(looksLikeOption ? [...options, '--', ...words] : [...words, ...options])];
}

/** The words of a search, with what every search of the site leaves out. */
export function searchWords({ home }: Site, command: string, words: readonly string[]): string[] {
  return commandWords(command, words, [...home.filters, ...home.options]);
}

/** The films that a command is about, where they are not all. */
export function filmsOf({ home }: Site): string[] {
  return home.isWhole ? [] : home.films.map(({ name }) => name);
}

/** What else a question says beside its frame: where to look, and how many to find. */
export function similar({ home }: Site, film: string, index: number, words: readonly string[]): string[] {
  const least =
    home.minScore === null || words.includes('--min-score') ? [] : ['--min-score', String(home.minScore)];
  return commandWords(
    'similar',
    [film, String(index)],
    [...words, ...least, ...home.filters, ...home.options],
  );
}

/** Options that look in all films of the site, or in all but one. */
export function scopeWords({ home }: Site, without?: string): string[] {
  if (home.isWhole) return [without === undefined ? '--all' : '--others'];
  return home.films.filter(({ name }) => name !== without).flatMap(({ name }) => ['--in', name]);
}
