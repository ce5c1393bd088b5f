/** Builds that cannot write their files say why, if possible before they read anything. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { buildIndex } from '../../src/search-index/build.js';
import { clearIndex } from '../../src/search-index/clear.js';
import { filmPaths } from '../../src/search-index/index-files.js';
import { buildNpy } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { archiveOf, type IndexedFilms, indexedFilms, statesOf } from './indexed-films.js';
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

  test('names a film whose file is a folder with files in it, and indexes the others', async () => {
    for (const kind of ['rows', 'sketches'] as const) {
      const films = threeFilms();
      const path = filmPaths(films.folder, 'b')[kind];
      mkdirSync(join(path, 'kept'), { recursive: true });
      const { failed } = await build(films);
      assert.deepEqual(
        failed.map(({ entry, error }) => [entry.name, error.code]),
        [['b', 'file-unwritable']],
      );
      assert.match(failed[0].error.message, /b-\w+\.(rows|sketches): .*it is a folder with files in it/);
      assert.deepEqual(await statesOf(films), { a: 'fresh', b: 'damaged', c: 'fresh' });
      rmSync(join(films.data, 'b.npz'));
      assert.deepEqual((await build(films)).failed, []);
      assert.ok(existsSync(join(path, 'kept')));
    }
  });

  test('replaces empty folders, links and pipes in place of its files', async () => {
    const films = threeFilms();
    await build(films);
    const written = readdirSync(films.folder);
    for (const name of written) {
      for (const leftover of leftovers) {
        rmSync(join(films.folder, name));
        leftover(join(films.folder, name));
        assert.deepEqual((await build(films)).failed, []);
        assert.deepEqual(await statesOf(films), { a: 'fresh', b: 'fresh', c: 'fresh' });
        assert.deepEqual(readdirSync(films.folder), written, name);
      }
      rmSync(join(films.folder, name));
      mkdirSync(join(films.folder, name));
    }
    clearIndex(films.folder);
    assert.ok(!existsSync(films.folder));
  });
});

const leftovers: readonly ((path: string) => unknown)[] = [
  (path) => mkdirSync(path),
  (path) => symlinkSync('nowhere', path),
  (path) => symlinkSync(basename(path), path),
  (path) => symlinkSync(tmpdir(), path),
  (path) => execFileSync('mkfifo', [path]),
];

function threeFilms(): IndexedFilms {
  const film = (seed: number) => archiveOf({ dim: 40, values: filmLikeRows(30, 40, seed) });
  return indexedFilms({ 'a.npz': film(1), 'b.npz': film(2), 'c.npz': film(3) });
}

async function build(films: IndexedFilms) {
  return buildIndex(await films.open(), films.cacheRoot);
}
