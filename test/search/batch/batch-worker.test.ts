import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { measureFilms } from '../../../src/search/batch/batch-films.js';
import { createPairRunner } from '../../../src/search/batch/batch-worker.js';
import { packFilms, roles } from '../../../src/search/batch/film-block.js';
import { keptInTurn } from '../../../src/search/batch/pair-task.js';
import { buildIndex } from '../../../src/search-index/build.js';
import { archiveOf, indexedFilms } from '../../search-index/indexed-films.js';
import { filmLikeRows } from '../../search-index/seeded-rows.js';

test('a thread keeps only a fixed number of blocks open', async () => {
  const films = indexedFilms({ 'a.npz': archiveOf({ dim: 40, values: filmLikeRows(30, 40, 1) }) });
  const collection = await films.open();
  await buildIndex(collection, films.cacheRoot, { jobs: 1 });
  const measured = await measureFilms(collection, { ...films.context([]), heldBytes: 0 });
  const [block] = packFilms(measured.films, () => roles.asked | roles.found | roles.foundByOwnFilm);
  const floors = new Float64Array(block.frames).fill(Number.NEGATIVE_INFINITY);
  const collect = { kind: 'nearest', limit: 3, floorsA: floors, floorsB: floors } as const;
  const runner = createPairRunner();
  // Each has a file of rows open, since its rows were read.
  const openNow = () => readdirSync('/proc/self/fd').length;
  const before = openNow();
  for (let number = 0; number < 2 * keptInTurn; number++) {
    const one = { ...block, number };
    await runner.scorePair({ metric: 'cosine', questions: [{ a: one, b: one, excludeNear: 0, collect }] });
  }
  assert.equal(openNow() - before, keptInTurn + 4);
  runner.end();
  assert.equal(openNow(), before);
});
