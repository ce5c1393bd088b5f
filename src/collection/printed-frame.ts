/** Finds the film and the filename in a line that `--names` printed for frames of several films. */
import { isPrintedAs } from '../escape.js';
import type { Collection } from './collection.js';
import { isFilmFile, isSameName } from './names.js';
import { isFile, statPath } from './resolve-film.js';

/** A frame by the name or the path of its film, and by `name:<filename>`. */
export interface NamedFrame {
  readonly film: string;
  readonly frame: string;
}

/**
 * The frame that `--names` prints as `film/filename`, or as `path/of/film.npz/filename` if its film is elsewhere;
 * undefined for other texts, and for a path that leads to a file, or would lead to a film.
 */
export function printedFrame(
  { films, isRemote }: Pick<Collection, 'films' | 'isRemote'>,
  text: string,
): NamedFrame | undefined {
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
