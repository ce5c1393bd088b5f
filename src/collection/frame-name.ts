/** A frame by the names that people type, and the words that name a frame together with its film. */
import { isPrintedAs } from '../escape.js';
import type { Collection } from './collection.js';
import { isFilmFile, isSameName } from './names.js';
import { isFile, statPath } from './resolve-film.js';

/** A frame as a person names it: a film by any of its spellings, a frame by its index or filename. */
export interface FrameName {
  readonly film: string;
  readonly frame: string | number;
  /** The range that was typed, if the frame is one of several. */
  readonly range?: string;
}

type KnownFilms = Pick<Collection, 'films' | 'isRemote'>;

/** The frame of a word such as `film:frame`, or as `--names` prints it; undefined for other words. */
export function frameOfWord(collection: KnownFilms, word: string): FrameName | undefined {
  return printedFrame(collection, word) ?? splitAtColon(word);
}

/**
 * The frame of `film:frame`. Cut at the last colon, since films' names may hold colons; a filename with a colon is
 * written `film:name:...`, and a moment may hold colons too: `film:@1:12.5`.
 */
export function splitAtColon(word: string): FrameName | undefined {
  const [, film, frame] = /^(.+?):((?:name:|@).*)$/s.exec(word) ?? /^(.+):([^:]+)$/s.exec(word) ?? [];
  return film === undefined ? undefined : { film, frame };
}

/**
 * The frame that `--names` prints as `film/filename`, or as `path/of/film.npz/filename` if its film is elsewhere;
 * undefined for other texts, and for a path that leads to a file, or would lead to a film.
 */
export function printedFrame({ films, isRemote }: KnownFilms, text: string): FrameName | undefined {
  if (isFilmFile(text) || statPath(text)) return undefined;
  for (const { index: end } of text.matchAll(/\/(?=.)/gs)) {
    const typed = text.slice(0, end);
    const frame = `name:${text.slice(end + 1)}`;
    const mayBeName = typed !== '' && !typed.includes('/');
    const film = mayBeName && films.find(({ name }) => isSameName(name, typed) || isPrintedAs(name, typed));
    if (film) return { film: film.name, frame };
    if (!isRemote && isFilmFile(typed) && isFile(typed)) return { film: typed, frame };
  }
  return undefined;
}
