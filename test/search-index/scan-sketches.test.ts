import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkKey, checkOf } from '../../src/search-index/film-sketches.js';
import { createMultiplier } from '../../src/search-index/scan-sketches.js';
import { seededNumbers } from '../seeded-numbers.js';

test('codes are unchanged and products right for any number of rows and queries', () => {
  const width = 32;
  const next = seededNumbers(7);
  const code = () => Math.round(next() * 2000);
  for (const rows of [1, 2, 3, 4, 61, 62, 63, 64]) {
    const codes = Int16Array.from({ length: rows * width }, code);
    const checks = Int32Array.from({ length: rows }, (_, row) => checkOf(codes, row, checkKey(width)));
    for (const count of [1, 2, 3, 4]) {
      const queries = Array.from({ length: count }, () => Int16Array.from({ length: width }, code));
      const multiplier = createMultiplier(queries, width, rows);
      const read = (target: Uint8Array) => target.set(new Uint8Array(codes.buffer));
      assert.equal(multiplier.multiply(read, new Float32Array(rows), checks), -1, `${rows} ${count}`);
      for (const [q, query] of queries.entries()) {
        const expected = Array.from(checks, (_, row) => checkOf(codes, row, query));
        assert.deepEqual([...multiplier.products(q)], expected, `${rows} ${count} ${q}`);
      }
    }
  }
});
