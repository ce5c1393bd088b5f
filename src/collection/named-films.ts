/** The films that were named on a command line, in a file of questions or by a program. */
import type { Collection } from './collection.js';
import type { FilmEntry } from './film.js';
import { typedName } from './names.js';
import { fileOf, resolveFilm } from './resolve-film.js';

/** Films named one after another. A file is one film, whatever path leads to it, and no two films share a name. */
export class NamedFilms {
  readonly #collection: Collection;
  readonly #byWord = new Map<string, FilmEntry>();
  readonly #byFile = new Map<string, FilmEntry>();
  readonly #names = new Set<string>();

  /** `before` are films that were named before. */
  constructor(collection: Collection, before: Iterable<FilmEntry> = []) {
    this.#collection = collection;
    for (const film of before) this.#toldApart(film);
  }

  /** The film that a name or path means; always the same object for the same film. Errors: as `resolveFilm`. */
  take(word: string): FilmEntry {
    const film = this.#byWord.get(word) ?? this.#toldApart(resolveFilm(this.#collection, word));
    this.#byWord.set(word, film);
    return film;
  }

  /** All films so far, each once. */
  get films(): readonly FilmEntry[] {
    return [...this.#byFile.values()];
  }

  /** The film of the same file; else this film, with its path for a name if another has its name. */
  #toldApart(film: FilmEntry): FilmEntry {
    const file = fileOf(film.path);
    const known = this.#byFile.get(file);
    if (known) return known;
    const apart = this.#names.has(film.name) ? { ...film, name: film.path } : film;
    this.#names.add(apart.name);
    this.#byFile.set(file, apart);
    return apart;
  }
}

/**
 * The films of several names, each once; all films of the collection if no name is given. `before` are films that were
 * named before them. Errors: as `resolveFilm`.
 */
export function filmsNamed(
  collection: Collection,
  names: readonly string[] = [],
  before: readonly FilmEntry[] = [],
): readonly FilmEntry[] {
  if (names.length === 0) return collection.films;
  const named = new NamedFilms(collection, before);
  return [...new Set(names.map((name) => named.take(name)))];
}

/** Films by the names that they have in an answer. */
export type FilmsByName = ReadonlyMap<string, FilmEntry>;

/** The films that an answer may name: those of the collection, and the `named` ones, which may be elsewhere. */
export function filmsByName({ films }: Collection, named: Iterable<FilmEntry> = []): FilmsByName {
  return new Map([...films, ...named].map((film) => [film.name, film]));
}

/** The films with these names, each once; names without a film are ignored. */
export function entriesOf(names: Iterable<string>, films: FilmsByName): FilmEntry[] {
  return [...new Set(names)].flatMap((name) => films.get(name) ?? []);
}

/** What to type for a film of an answer: its name, or its path if it is not in the collection's folder. */
export function typedFilm(name: string, films: FilmsByName, { folder, isRemote }: Collection): string {
  const film = isRemote ? undefined : films.get(name);
  return film ? typedName(film, folder) : name;
}
