import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../src/collection/collection.js';
import { info } from '../../src/reports/info.js';

const golden = new URL('../fixtures/golden/', import.meta.url);

test('info measures vectors as numpy does', async () => {
  const collection = await openCollection(fileURLToPath(new URL('films', golden)));
  const expected = JSON.parse(readFileSync(new URL('info.json', golden), 'utf8'));
  for (const film of collection.films) {
    const { frames, zero, nonFinite, repeats, norms, consecutive } = await info(collection, film.name);
    const near = (value: unknown) =>
      JSON.stringify(value, (_, x) => (typeof x === 'number' ? x.toFixed(12) : x));
    assert.equal(
      near({ frames, zero, nonFinite, repeats, norms, consecutive }),
      near(expected[film.name]),
      film.name,
    );
  }
});
