import type { FilmEntry } from '../collection/film.js';
import { resolveFilm } from '../collection/resolve-film.js';
import type { Engine } from '../engine/engine.js';
import { GialloError, orError } from '../errors.js';

/** The film of this name in an engine. Errors: those of `resolveFilm`, which say so where a shard is missing. */
export async function filmInEngine(engine: Engine, name: string): Promise<FilmEntry> {
  const film = await orError(() => resolveFilm(engine.collection, name));
  if (!(film instanceof GialloError)) return film;
  const [missing] = engine.missingAtFirst;
  if (!missing || film.code !== 'film-unknown') throw film;
  throw new GialloError(film.code, film.message, {
    hint: `shard ${missing.shard} of the cluster does not answer: the film may be there`,
  });
}
