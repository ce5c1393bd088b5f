/** What pages and timelines show of the films of an answer beside its frames: their lengths, and their shots. */
import type { Collection } from '../collection/collection.js';
import { type Film, type FilmEntry, openFilm } from '../collection/film.js';
import { resolveFilm } from '../collection/resolve-film.js';
import { GialloError, orError } from '../errors.js';
import { findShots } from '../ranking/shots.js';
import type { FilmLengths } from '../render/film-lines.js';
import { forEachConcurrently } from '../search/concurrency.js';
import { jobsOf, type SearchContext } from '../search/context.js';
import { profileFilm } from '../search/film-profile.js';

export interface FilmFacts {
  readonly lengths: FilmLengths;
  /** Undefined where the shots were not asked for, where the film cannot be read, and in films of stills. */
  shotOf(frame: { readonly film: string; readonly index: number }): number | undefined;
}

export interface FactsWanted {
  /** Names as they stand in the answer. */
  readonly films: Iterable<string>;
  /** What was typed for films: one that lies elsewhere is found again by it. */
  readonly typed: readonly string[];
  /** Whether shots are wanted: they take reading the films whole, lengths only their headers. */
  readonly shots: boolean;
  readonly shotThreshold?: number | undefined;
}

/** A film that cannot be read has no facts; never throws a GialloError. */
export async function filmFacts(
  collection: Collection,
  wanted: FactsWanted,
  context: SearchContext,
): Promise<FilmFacts> {
  const lengths = new Map<string, number>();
  const shots = new Map<string, Int32Array>();
  const entries = await entriesOf(collection, wanted);
  const { engine } = context;
  await forEachConcurrently(entries, jobsOf(context), async (entry) => {
    await orError(async () => {
      if (engine) {
        const { frames } = engine.stored(entry);
        lengths.set(entry.name, frames);
        const shotOf = wanted.shots ? await engine.shotOf(entry) : undefined;
        // A film of stills has a shot for each frame, which says nothing.
        if (shotOf?.some((shot, frame) => shot !== frame)) shots.set(entry.name, shotOf);
        return;
      }
      const film = await openFilm(entry, context.reading);
      try {
        lengths.set(entry.name, film.frames);
        const shotOf = wanted.shots ? await shotsOf(film, wanted.shotThreshold, context) : undefined;
        if (shotOf) shots.set(entry.name, shotOf);
      } finally {
        await film.close();
      }
    });
  });
  return { lengths, shotOf: ({ film, index }) => shots.get(film)?.[index] };
}

async function entriesOf(collection: Collection, { films, typed }: FactsWanted): Promise<FilmEntry[]> {
  const elsewhere = await Promise.all(typed.map((name) => orError(() => resolveFilm(collection, name))));
  const known = [
    ...collection.films,
    ...elsewhere.flatMap((film) => (film instanceof GialloError ? [] : film)),
  ];
  return [...new Set(films)].flatMap((name) => known.find((film) => film.name === name) ?? []);
}

async function shotsOf(
  film: Film,
  threshold: number | undefined,
  { signal }: SearchContext,
): Promise<Int32Array | undefined> {
  const { kind, shotOf } = findShots(await profileFilm(film, signal), threshold);
  return kind === 'stills' ? undefined : shotOf;
}
