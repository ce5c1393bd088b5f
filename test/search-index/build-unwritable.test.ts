/** Builds that cannot write their files say why, if possible before they read anything. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { buildIndex } from '../../src/search-index/build.js';
import { filmPaths } from '../../src/search-index/index-files.js';
import { buildNpy } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { archiveOf, type IndexedFilms, indexedFilms } from './indexed-films.js';
import { filmLikeRows } from './seeded-rows.js';

describe('a build that cannot write', () => {
  test('reports a disk with too little room before it reads anything', async () => {
    const films = threeFilms();
    const path = join(films.data, 'huge.npy');
    writeFileSync(path, buildNpy('<f4', [16e6, 125_000], new Uint8Array()));
    // A sparse file: only its length is on the disk.
    truncateSync(path, statSync(path).size + 8e12);
    await rejects(() => build(films), {
      code: 'file-unwritable',
      message: /the index needs [\d,]+ MB, and the disk has [\d,]+ MB left/,
      hint: '$GIALLO_CACHE names another folder',
    });
    assert.deepEqual([...films.files().keys()], ['collection.json']);
  });

  test('asks for hardly more room than the index takes, also for short rows', async () => {
    for (const dim of [2, 40, 300]) {
      const values = filmLikeRows(400, dim, 1);
      const films = indexedFilms({ 'a.npz': archiveOf({ dim, values }) });
      const room = 1e9;
      const error = await buildIndex(await films.open(), films.cacheRoot, { room }).catch((cause) => cause);
      const [, needed = '0'] = /needs ([\d,]+) MB/.exec(error.message) ?? [];
      const asked = (Number(needed.replaceAll(',', '')) * 1e6) / room;
      await build(films);
      const taken = [...films.files()]
        .filter(([name]) => /\.(rows|sketches)$/.test(name))
        .reduce((sum, [, bytes]) => sum + bytes.length, 0);
      assert.ok(asked >= taken && asked < 2.5 * taken, `${dim} numbers: asked for ${asked}, took ${taken}`);
    }
  });

  test('reports a cache folder that is a file', async () => {
    const films = threeFilms();
    writeFileSync(films.cacheRoot, '');
    await rejects(() => build(films), {
      code: 'file-unwritable',
      message: /needs a folder there, found a file/,
    });
  });

  test('reports a folder in place of a film’s file, also if that film was removed', async () => {
    const films = threeFilms();
    const { rows } = filmPaths(films.folder, 'b');
    mkdirSync(rows, { recursive: true });
    await rejects(() => build(films), { code: 'file-unwritable', message: /b-\w+\.rows: .*it is a folder/ });
    rmSync(join(films.data, 'b.npz'));
    await rejects(() => build(films), { code: 'file-unwritable', message: /b-\w+\.rows/ });
  });
});

function threeFilms(): IndexedFilms {
  const film = (seed: number) => archiveOf({ dim: 40, values: filmLikeRows(30, 40, seed) });
  return indexedFilms({ 'a.npz': film(1), 'b.npz': film(2), 'c.npz': film(3) });
}

async function build(films: IndexedFilms) {
  return buildIndex(await films.open(), films.cacheRoot);
}
