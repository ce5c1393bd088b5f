import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commonDim } from '../../src/search/question.js';

test('the dim of most frames, not of most films', () => {
  assert.equal(commonDim([film(3, 1), film(3, 2), film(4, 9)]), 4);
});

test('of equally many frames the first film decides', () => {
  assert.equal(commonDim([film(3, 2), film(4, 2)]), 3);
  assert.equal(commonDim([film(4, 1), film(3, 2), film(4, 1)]), 4);
});

test('films without frames have no say', () => {
  assert.equal(commonDim([film(7, 0), film(3, 1)]), 3);
  assert.equal(commonDim([film(7, 0)]), undefined);
  assert.equal(commonDim([]), undefined);
});

function film(dim: number, frames: number) {
  return { dim, frames };
}
