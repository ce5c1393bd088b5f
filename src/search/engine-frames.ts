/** The frames that are asked about, where the collection is in an engine. */
import { resolveFilm } from '../collection/resolve-film.js';
import { resolveFrame } from '../collection/resolve-frame.js';
import type { Engine } from '../engine/engine.js';
import { GialloError, orError } from '../errors.js';
import type { SearchContext } from './context.js';
import type { QueryFrames } from './query-frames.js';
import type { FrameRef } from './question.js';

/** As `openQueryFrames`. Errors: those of names, and of the engine. */
export function engineFrames(engine: Engine, { signal }: SearchContext): QueryFrames {
  const filenames = new Map<string, readonly string[]>();
  const filmNamed = async (name: string) => {
    const film = await orError(() => resolveFilm(engine.collection, name));
    if (!(film instanceof GialloError)) return film;
    const [missing] = engine.missingAtFirst;
    if (!missing || film.code !== 'film-unknown') throw film;
    throw new GialloError(film.code, film.message, {
      hint: `shard ${missing.shard} of the cluster does not answer: the film may be there`,
    });
  };
  return {
    opened: new Map(),
    film: filmNamed,
    async resolve({ film: name, frame }) {
      const film = await filmNamed(name);
      const known = filenames.get(film.name) ?? (await engine.filenames(film, signal));
      filenames.set(film.name, known);
      const index = resolveFrame(film.name, known, String(frame));
      return { film, index, filename: known[index] as string };
    },
    async read(frames) {
      const rows = new Map<FrameRef, Float32Array | GialloError>();
      for (const film of new Set(frames.map((frame) => frame.film))) {
        const mine = frames.filter((frame) => frame.film === film);
        const vectors = await orError(() =>
          engine.rows(
            film,
            mine.map(({ index }) => index),
            signal,
          ),
        );
        mine.forEach((frame, i) => {
          rows.set(frame, vectors instanceof GialloError ? vectors : (vectors[i] as Float32Array));
        });
      }
      return rows;
    },
    close: async () => {},
  };
}
