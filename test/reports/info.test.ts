import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../src/collection/collection.js';
import { info, quantile } from '../../src/reports/info.js';
import { buildNpy } from '../npz/build-zip.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = new URL('../fixtures/golden/', import.meta.url);

test('info has the same measures of vectors as numpy', async () => {
  const collection = await openCollection(fileURLToPath(new URL('films', golden)));
  const expected = JSON.parse(readFileSync(new URL('info.json', golden), 'utf8'));
  for (const film of collection.films) {
    const { frames, zero, nonFinite, repeats, norms, consecutive } = await info(film);
    const near = (value: unknown) =>
      JSON.stringify(value, (_, x) => (typeof x === 'number' ? x.toFixed(12) : x));
    assert.equal(
      near({ frames, zero, nonFinite, repeats, norms, consecutive }),
      near(expected[film.name]),
      film.name,
    );
  }
});

test('info reports numbers that are too large for float32', async () => {
  const vectors = Buffer.from(Float64Array.of(1, 1e300, -1e300, 2, 3, 4).buffer);
  const folder = temporaryFolder({
    'Large.npy': buildNpy('<f8', [2, 3], vectors),
    'Large.txt': 'a\nb\n',
  });
  const told: string[] = [];
  const onWarning = (_film: string, { code, message }: { code: string; message: string }) => {
    if (code === 'became-infinite') told.push(message);
  };
  const { nonFinite } = await info({ name: 'Large', path: `${folder}/Large.npy` }, { onWarning });
  assert.equal(nonFinite, 1);
  assert.deepEqual(told, [`${folder}/Large.npy: 2 numbers are too large for float32 and became infinite`]);
});

type Golden = readonly (readonly [values: readonly number[], share: number, expected: number])[];

test('a quantile has the bits of numpy’s', () => {
  const file = new URL('../fixtures/golden/quantiles.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
  assert.equal(golden.length, 45);
  for (const [values, share, expected] of golden) {
    assert.equal(quantile(values, share), expected, `${share} of ${values.length} values`);
  }
});

test('a quantile sorts by number, and does not change the values', () => {
  const values = [10, 9, 100, -1];
  assert.equal(quantile(values, 1), 100);
  assert.deepEqual(values, [10, 9, 100, -1]);
});
