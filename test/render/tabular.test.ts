import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { grouped } from '../../src/render/tabular.js';

test('digits are grouped as English does', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      assert.equal(grouped(count), count.toLocaleString('en'));
    }),
  );
  assert.equal(grouped(999), '999');
  assert.equal(grouped(1000), '1,000');
});
