/** How batch work changes the search index: it builds the index of its own films, and removes damaged files. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCollection } from '../../../src/collection/collection.js';
import { compare } from '../../../src/reports/compare.js';
import { pairs } from '../../../src/reports/pairs.js';
import type { SearchContext } from '../../../src/search/context.js';
import { inspectFilms } from '../../../src/search-index/film-state.js';
import { filmPaths } from '../../../src/search-index/index-files.js';
import { indexFolder } from '../../../src/search-index/index-folder.js';
import { writeFilm } from '../../oracle/made-films.js';
import { filmLikeRows } from '../../search-index/seeded-rows.js';
import { temporaryFolder } from '../../temporary-folder.js';

test('compare and pairs of two films do not touch other films', async () => {
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

test('compare removes damaged files, and answers as without an index', async () => {
  const folder = temporaryFolder();
  const dim = 48;
  for (const [i, name] of ['a', 'b', 'c'].entries()) {
    const values = filmLikeRows(40, dim, i + 1);
    const rows = Array.from({ length: 40 }, (_, row) => [...values.subarray(row * dim, (row + 1) * dim)]);
    await writeFilm(folder, { name, dim, rows });
  }
  const { films } = await openCollection(folder);
  const expected = await compare({ films });
  for (const kind of ['rows', 'sketches'] as const) {
    const cacheRoot = join(folder, `cache-${kind}`);
    const context: SearchContext = {
      index: { dataFolder: folder, cacheRoot },
      worthSketching: 1,
      heldBytes: 0,
    };
    await compare({ films }, context);
    const indexed = indexFolder(cacheRoot, folder);
    const path = filmPaths(indexed, 'b')[kind];
    const bytes = readFileSync(path);
    // The first bytes of a row, or of a sketch.
    bytes[0] ^= 8;
    for (let row = 0; kind === 'rows' && row < 40; row++) bytes[row * dim * 4] ^= 8;
    writeFileSync(path, bytes);
    assert.deepEqual(
      await compare({ films }, { ...context, index: { dataFolder: folder, cacheRoot } }),
      expected,
    );
    assert.equal(existsSync(path), false, kind);
    const states = await inspectFilms(indexed, films, {});
    assert.deepEqual(
      states.map(({ state }) => state),
      ['fresh', 'missing', 'fresh'],
    );
  }
});
