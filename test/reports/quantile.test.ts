import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { quantile } from '../../src/reports/info.js';

type Golden = readonly (readonly [values: readonly number[], share: number, expected: number])[];

test('a quantile is numpy’s, to the bit', () => {
  const file = new URL('../fixtures/golden/quantiles.json', import.meta.url);
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;
  assert.equal(golden.length, 45);
  for (const [values, share, expected] of golden) {
    assert.equal(quantile(values, share), expected, `${share} of ${values.length} values`);
  }
});

test('a quantile sorts numbers, not their digits, and leaves the values as they were', () => {
  const values = [10, 9, 100, -1];
  assert.equal(quantile(values, 1), 100);
  assert.deepEqual(values, [10, 9, 100, -1]);
});
