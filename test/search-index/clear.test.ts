import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildIndex } from '../../src/search-index/build.js';
import { clearAllIndexes, clearIndex, indexBytes } from '../../src/search-index/clear.js';
import { deadLeftover } from '../dead-leftover.js';
import { temporaryFolder } from '../temporary-folder.js';
import { archiveOf, indexedFilms } from './indexed-films.js';

const built = async () => {
  const films = indexedFilms({ 'a.npz': archiveOf({ dim: 3, values: Float32Array.of(1, 2, 3, 4, 5, 6) }) });
  await buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
  return films;
};

test('clearing removes all of an index, with the files of killed builds', async () => {
  const films = await built();
  writeFileSync(deadLeftover(films.folder), 'half');
  writeFileSync(join(films.folder, 'a.rows.123-abc.tmp'), 'half');
  const bytes = readdirSync(films.folder).reduce(
    (sum, name) => sum + statSync(join(films.folder, name)).size,
    0,
  );
  const marker = films.files().get('collection.json') as Buffer;
  assert.equal(indexBytes(films.folder), bytes - marker.length);
  assert.deepEqual(clearIndex(films.folder), { indexes: 1, bytes });
  assert.ok(!existsSync(films.folder));
  assert.deepEqual(clearIndex(films.folder), { indexes: 0, bytes: 0 });
});

test('clearing keeps files that do not belong to an index', async () => {
  const films = await built();
  writeFileSync(join(films.folder, 'mine.txt'), '');
  mkdirSync(join(films.cacheRoot, 'foreign'));
  writeFileSync(join(films.cacheRoot, 'foreign', 'a.rows'), '');
  assert.equal(clearAllIndexes(films.cacheRoot).indexes, 1);
  assert.deepEqual(readdirSync(films.folder), ['mine.txt']);
  assert.deepEqual(readdirSync(join(films.cacheRoot, 'foreign')), ['a.rows']);
});

test('clearing does nothing if there is no cache, or a file in its place', () => {
  const folder = temporaryFolder({ file: '' });
  assert.deepEqual(clearAllIndexes(join(folder, 'none')), { indexes: 0, bytes: 0 });
  assert.deepEqual(clearAllIndexes(join(folder, 'file')), { indexes: 0, bytes: 0 });
});

test('clearing leaves a folder with files in it, and removes all else', async () => {
  const films = await built();
  mkdirSync(join(films.folder, 'b.rows', 'kept'), { recursive: true });
  mkdirSync(join(films.folder, 'c.rows'));
  assert.equal(clearIndex(films.folder).indexes, 1);
  assert.deepEqual(readdirSync(films.folder), ['b.rows']);
  assert.deepEqual(readdirSync(join(films.folder, 'b.rows')), ['kept']);
  assert.deepEqual(clearIndex(films.folder), { indexes: 0, bytes: 0 });
});
