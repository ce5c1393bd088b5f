/**
 * Sketches for batch work: by them most pairs of frames need no score. They come from the search index, which is built on
 * the way where the work is worth that; where it is not to be used, or its disk has too little room, they are made for
 * this work alone and held in memory. The answers are the same.
 */

import { openCollection } from '../../collection/collection.js';
import { type FilmEntry, openFilm } from '../../collection/film.js';
import { GialloError, orError } from '../../errors.js';
import type { SearchIndex } from '../../search-index/open-index.js';
import type { SearchContext } from '../context.js';
import { openIndexOf } from '../context.js';
import type { BatchFilm } from './batch-films.js';

/** Multiplications from which sketches are worth making: about a second of scoring all pairs. */
const worthSketching = 5e9;
/** What the disk must have left for an index that nobody asked for, as a multiple of the index. */
const roomForIndex = 1.5;

/** The films of the work; those of them that are asked about. */
interface Meeting<Film> {
  readonly films: readonly Film[];
  readonly asked: readonly Film[];
}

/**
 * Opens the index that batch work on these films is to use, built or brought up to date first where that is worth it;
 * undefined where there is none. Errors: the signal's reason.
 */
export async function openBatchIndex(
  meeting: Meeting<FilmEntry>,
  context: SearchContext,
): Promise<SearchIndex | undefined> {
  const { index: place, onHint } = context;
  if (!place) return undefined;
  const open = () => openIndexOf(context);
  if (!isWorthSketching(await shapesOf(meeting, context)) || (await isFresh(meeting.films, await open())))
    return open();
  const { buildIndex } = await import('../../search-index/build.js');
  const { indexBytes } = await import('../../search-index/clear.js');
  const { indexFolder } = await import('../../search-index/cache-folder.js');
  onHint?.('building the search index on the way; --no-cache does without');
  const built = await orError(async () => {
    await buildIndex(await openCollection(place.dataFolder), place.cacheRoot, {
      ...context,
      films: meeting.films,
      room: roomForIndex,
    });
    return indexBytes(indexFolder(place.cacheRoot, place.dataFolder));
  });
  if (built instanceof GialloError)
    onHint?.(`no search index is built, and the work does without: ${built.message}`);
  else onHint?.(`the search index takes ${Math.ceil(built / 1e6)} MB; \`giallo index clear\` takes it away`);
  return open();
}

/**
 * The films of one dim with sketches on one basis: as they are where the index has them all, or the work is little; else
 * with sketches in memory. Errors: as `holdSketches`.
 */
export async function withSketches(
  meeting: Meeting<BatchFilm>,
  context: SearchContext,
): Promise<readonly BatchFilm[]> {
  const { films } = meeting;
  const bases = new Set(films.filter(({ frames }) => frames > 0).map(({ indexed }) => indexed?.basis));
  const isSketched = bases.size === 1 && !bases.has(undefined);
  if (isSketched || !isWorthSketching(meeting)) return films;
  const { holdSketches } = await import('./held-sketches.js');
  return holdSketches(films, context);
}

interface Shape {
  readonly frames: number;
  readonly dim: number;
}

/** Each film that is asked about meets all films; two that are both asked about meet once. */
function isWorthSketching({ films, asked }: Meeting<Shape>): boolean {
  const framesAsked = asked.reduce((sum, { frames }) => sum + frames, 0);
  const numbers = films.reduce((sum, { frames, dim }) => sum + frames * dim, 0);
  const share = asked.length === films.length ? 0.5 : 1;
  return framesAsked * numbers * share >= worthSketching;
}

/** Shapes of the films that can be opened. */
async function shapesOf(
  { films, asked }: Meeting<FilmEntry>,
  { reading }: SearchContext,
): Promise<Meeting<Shape>> {
  const shapes = new Map<FilmEntry, Shape>();
  for (const entry of films) {
    const film = await orError(() => openFilm(entry, reading));
    if (film instanceof GialloError) continue;
    shapes.set(entry, { frames: film.frames, dim: film.dim });
    await film.close();
  }
  const shapesOfSome = (some: readonly FilmEntry[]) => some.flatMap((entry) => shapes.get(entry) ?? []);
  return { films: shapesOfSome(films), asked: shapesOfSome(asked) };
}

async function isFresh(films: readonly FilmEntry[], index: SearchIndex | undefined): Promise<boolean> {
  if (!index) return false;
  try {
    for (const film of films) {
      const found = await index.film(film);
      if (found === 'missing' || found === 'changed' || found === 'damaged') return false;
    }
    return true;
  } finally {
    index.close();
  }
}
