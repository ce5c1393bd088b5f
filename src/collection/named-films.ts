/** The films that were named on a command line, in a file of questions or by a program. */
import { catchGiallo } from '../errors.js';
import type { Collection } from './collection.js';
import type { FilmEntry } from './film.js';
import { fileOf, resolveFilm } from './resolve-film.js';

/** Films as they are named one by one: each file is one film, by whatever path, and each film has a name of its own. */
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
  async take(word: string): Promise<FilmEntry> {
    const film = this.#byWord.get(word) ?? this.#toldApart(await resolveFilm(this.#collection, word));
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
export async function filmsNamed(
  collection: Collection,
  names: readonly string[] = [],
  before: readonly FilmEntry[] = [],
): Promise<readonly FilmEntry[]> {
  if (names.length === 0) return collection.films;
  const named = new NamedFilms(collection, before);
  const films = new Set<FilmEntry>();
  for (const name of names) films.add(await named.take(name));
  return [...films];
}

/** By what the films of an answer are found again. */
export interface TypedFilms {
  readonly collection: Collection;
  /** The names and paths that were typed for films; some may be outside the collection. */
  readonly typedFilms: readonly string[];
}

/** The films with these names in an answer, also those that were typed as paths. */
export async function entriesOf(films: Iterable<string>, typed: TypedFilms): Promise<FilmEntry[]> {
  const known = await filmsByName(typed);
  return [...new Set(films)].flatMap((name) => known.get(name) ?? []);
}

/** The films that answers may name, by these names. */
async function filmsByName({ collection, typedFilms }: TypedFilms): Promise<Map<string, FilmEntry>> {
  const known = new Map<string, FilmEntry>();
  for (const film of [...collection.films, ...(await filmsTyped(collection, typedFilms))])
    if (!known.has(film.name)) known.set(film.name, film);
  return known;
}

/** The films that were typed, each once, as `NamedFilms` names them; names without a film are ignored. */
export async function filmsTyped(
  collection: Collection,
  typed: readonly string[],
): Promise<readonly FilmEntry[]> {
  const named = new NamedFilms(collection);
  for (const word of typed) await catchGiallo(() => named.take(word));
  return named.films;
}
