import assert from 'node:assert/strict';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bytesOf } from '../collection/small-films.js';
import { buildNpy } from '../npz/build-zip.js';
import { runGiallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const film = () =>
  temporaryFolder({ 'film.npy': buildNpy('<f4', [1, 5], bytesOf(0, -0, -1.5, Number.NaN, 1e21)) });

test('a vector as JSON has the sign of -0, and null for what is no number', async () => {
  const { stdout } = await runGiallo(['vector', 'film', '0', '-d', film()]);
  assert.equal(stdout, '[0,-0,-1.5,null,1.0000000200408773e+21]\n');
});

test('a file whose name ends in .npy, in any case, becomes an array', async () => {
  for (const name of ['v.npy', 'v.NPY']) {
    const folder = film();
    await runGiallo(['vector', 'film', '0', '-d', folder, '-o', join(folder, name)]);
    const bytes = readFileSync(join(folder, name));
    assert.deepEqual(bytes.subarray(-20), bytesOf(0, -0, -1.5, Number.NaN, 1e21));
  }
});

test('a file of another format is refused, and no film is replaced by JSON', async () => {
  for (const name of ['v.npz', 'v.CSV', 'v.parquet']) {
    const folder = film();
    const words = ['vector', 'film', '0', '-d', folder, '-o', join(folder, name), '--force'];
    const { status, stderr } = await runGiallo(words);
    assert.deepEqual([status, existsSync(join(folder, name))], [2, false]);
    assert.match(stderr, /vector writes JSON, or \.npy if the name ends so/);
  }
});

test('a link to the film that is read is refused, whatever its name', async () => {
  const folder = film();
  const link = join(folder, 'v.json');
  symlinkSync(join(folder, 'film.npy'), link);
  const { status, stderr } = await runGiallo(['vector', 'film', '0', '-d', folder, '-o', link, '--force']);
  assert.equal(status, 2);
  assert.match(stderr, /the output would overwrite its input/);
});
