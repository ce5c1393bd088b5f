/** Batch work builds the search index of the films that it is about, and of no others. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCollection } from '../../../src/collection/collection.js';
import { compare } from '../../../src/reports/compare.js';
import { pairs } from '../../../src/reports/pairs.js';
import type { SearchContext } from '../../../src/search/context.js';
import { indexFolder } from '../../../src/search-index/cache-folder.js';
import { inspectFilms } from '../../../src/search-index/film-state.js';
import { writeFilm } from '../../oracle/made-films.js';
import { temporaryFolder } from '../../temporary-folder.js';

test('compare and pairs of two films leave the others of the collection alone', async () => {
  const folder = temporaryFolder();
  for (const name of ['a', 'b', 'c', 'd'])
    await writeFilm(folder, { name, dim: 4, rows: Array.from({ length: 6 }, (_, i) => [i, 1, 2, i % 3]) });
  const collection = await openCollection(folder);
  const films = collection.films.slice(0, 2);
  for (const [i, ask] of [compare, pairs].entries()) {
    const cacheRoot = join(folder, `cache${i}`);
    const context: SearchContext = {
      index: { dataFolder: folder, cacheRoot },
      worthSketching: 1,
      heldBytes: 0,
    };
    await ask({ films, k: 5, perShot: 1, withinFilms: false }, context);
    const found = await inspectFilms(indexFolder(cacheRoot, folder), collection.films, {});
    assert.deepEqual(
      found.map(({ state }) => state),
      ['fresh', 'fresh', 'missing', 'missing'],
    );
  }
});
