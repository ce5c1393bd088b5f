/** The command lines that the pages offer to copy. They give the same answers as the pages. */
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

/** The words of a command with the options of the site. */
export function searchWords({ home }: Site, command: string, words: readonly string[]): string[] {
  return commandWords(command, words, [...home.filters, ...home.options]);
}

/** How a command names a film: by its name, or by its path. */
export function typed({ film: filmOf }: Site, name: string): string {
  return filmOf(name)?.path ?? name;
}

/**
 * The films that a command must name: none if the site shows all films of the folder, else all films of the site except
 * `without`.
 */
export function filmsOf(site: Site, without?: string): string[] {
  const names = site.home.isWhole ? [] : site.home.films.map(({ name }) => name);
  return names.filter((name) => name !== without).map((name) => typed(site, name));
}

/**
 * The words of `giallo similar` about a frame. `words` are options that say where to look and how many frames to find.
 */
export function similar(site: Site, film: string, index: number, words: readonly string[]): string[] {
  const { home } = site;
  const least =
    home.minScore === null || words.includes('--min-score') ? [] : ['--min-score', String(home.minScore)];
  const perShot = home.perShot === null ? [] : ['--per-shot', String(home.perShot)];
  return commandWords(
    'similar',
    [typed(site, film), String(index)],
    [...words, ...perShot, ...least, ...home.filters, ...home.options],
  );
}

/** The options to look in all films of the site, or in all but one. */
export function scopeWords(site: Site, without?: string): string[] {
  if (site.home.isWhole) return [without === undefined ? '--all' : '--others'];
  return filmsOf(site, without).flatMap((film) => (film.startsWith('-') ? [`--in=${film}`] : ['--in', film]));
}
