import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dotProduct, paddedDim, squaredDistance, squaredNorm } from '../../src/kernel/scalar.js';
import { naiveDot, naiveSquaredDistance } from './naive.js';

const twoVectors = fc.integer({ min: 0, max: 70 }).chain((dim) => {
  const vector = fc.float32Array({ minLength: dim, maxLength: dim });
  return fc.tuple(vector, vector);
});

test('scores of single vectors have the bits of the formula', () => {
  fc.assert(
    fc.property(twoVectors, ([a, b]) => {
      assert.equal(dotProduct(a, b), naiveDot(a, b));
      assert.equal(squaredNorm(a), naiveDot(a, a));
      assert.equal(squaredDistance(a, b), naiveSquaredDistance(a, b));
    }),
  );
});

test('scores have the same bits in both directions', () => {
  fc.assert(
    fc.property(twoVectors, ([a, b]) => {
      assert.equal(dotProduct(a, b), dotProduct(b, a));
      assert.equal(squaredDistance(a, b), squaredDistance(b, a));
    }),
  );
});

test('a dim is padded to the next multiple of eight', () => {
  assert.deepEqual([0, 1, 8, 9, 3072].map(paddedDim), [0, 8, 8, 16, 3072]);
});
