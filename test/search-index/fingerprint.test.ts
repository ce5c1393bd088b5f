import assert from 'node:assert/strict';
import { copyFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fingerprintOf } from '../../src/search-index/fingerprint.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { archiveOf, bareArrayOf } from './indexed-films.js';

const rows = (last: number) => ({ dim: 2, values: Float32Array.of(1, 2, 3, last) });
const of = (path: string) => fingerprintOf({ name: 'film', path });

describe('the fingerprint of an archive', () => {
  const folder = temporaryFolder({ 'a.npz': archiveOf(rows(4)), 'b.npz': archiveOf(rows(5)) });
  const path = (name: string) => join(folder, name);

  test('is the same for copies of any age, and different for other archives', async () => {
    copyFileSync(path('a.npz'), path('copy.npz'));
    utimesSync(path('copy.npz'), 1, 1);
    assert.equal(await of(path('copy.npz')), await of(path('a.npz')));
    assert.notEqual(await of(path('b.npz')), await of(path('a.npz')));
  });

  test('depends on the chosen arrays and the reading options', async () => {
    const entry = { name: 'film', path: path('a.npz') };
    const options = [
      {},
      { embeddingsKey: 'embeddings' },
      { filenamesKey: 'embeddings' },
      { assume: 'bfloat16' },
    ] as const;
    const found = await Promise.all(options.map((reading) => fingerprintOf(entry, reading)));
    assert.equal(new Set(found).size, options.length);
    assert.equal(found[0], await fingerprintOf(entry));
  });

  test('is undefined if the file is missing or not an archive', async () => {
    writeFileSync(path('text.npz'), 'text');
    await rejects(() => of(path('text.npz')), { code: 'not-an-archive' });
    await rejects(() => of(path('none.npz')), { code: 'file-unreadable' });
    await rejects(() => of(folder), { code: 'file-unreadable', message: /not a regular file, but a folder/ });
  });
});

test('the fingerprint of a bare array changes with its time, its place and the names beside it', async () => {
  const folder = temporaryFolder({ 'a.npy': bareArrayOf(rows(4)) });
  const path = join(folder, 'a.npy');
  const seen = [await of(path)];
  assert.equal(await of(path), seen[0]);
  utimesSync(path, 1, 1);
  seen.push(await of(path));
  writeFileSync(join(folder, 'a.txt'), 'x\ny\n');
  seen.push(await of(path));
  writeFileSync(join(folder, 'a.json'), '["x","y"]');
  seen.push(await of(path));
  assert.equal(new Set(seen).size, 4);
  await rejects(() => of(join(folder, 'none.npy')), { code: 'file-unreadable' });
});
