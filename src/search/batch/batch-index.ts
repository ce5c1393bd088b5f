/**
 * The search index for batch work: by its sketches most pairs of frames need no score. It is built on the way where the
 * work is worth that; without it every pair is scored from the archives, with the same answers.
 */

import { openCollection } from '../../collection/collection.js';
import type { FilmEntry } from '../../collection/film.js';
import { openFilm } from '../../collection/film.js';
import { GialloError, orError } from '../../errors.js';
import type { SearchIndex } from '../../search-index/open-index.js';
import type { SearchContext } from '../context.js';
import { openIndexAt } from '../index-use.js';

/** Pairs of frames from which an index is built: a few seconds of scoring them all. */
const worthBuilding = 5e6;

/**
 * Opens the index that batch work on these films is to use, built or brought up to date first where there are many
 * frames; undefined where films are to be read from their archives. Errors: the signal's reason.
 */
export async function openBatchIndex(
  films: readonly FilmEntry[],
  context: SearchContext,
): Promise<SearchIndex | undefined> {
  const { index: place, reading, onHint } = context;
  if (!place) return undefined;
  const open = () => openIndexAt(place, reading);
  const frames = await countFrames(films, context);
  if (frames * frames < worthBuilding || (await isFresh(films, await open()))) return open();
  const { buildIndex } = await import('../../search-index/build.js');
  const { indexBytes } = await import('../../search-index/clear.js');
  const { indexFolder } = await import('../../search-index/cache-folder.js');
  onHint?.('building the search index on the way; --no-cache does without, more slowly');
  const built = await orError(async () => {
    await buildIndex(await openCollection(place.dataFolder), place.cacheRoot, context);
    return indexBytes(indexFolder(place.cacheRoot, place.dataFolder));
  });
  if (built instanceof GialloError) onHint?.(`no search index is used: ${built.message}`);
  else onHint?.(`the search index takes ${Math.ceil(built / 1e6)} MB; \`giallo index clear\` takes it away`);
  return open();
}

/** Frames of the films that can be opened. */
async function countFrames(films: readonly FilmEntry[], { reading }: SearchContext): Promise<number> {
  let frames = 0;
  for (const entry of films) {
    const film = await orError(() => openFilm(entry, reading));
    if (film instanceof GialloError) continue;
    frames += film.frames;
    await film.close();
  }
  return frames;
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
