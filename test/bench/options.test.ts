import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions } from '../../bench/options.js';

test('without options every case runs at full size', () => {
  assert.deepEqual(readOptions([]), {
    only: undefined,
    isJudged: true,
    rounds: 5,
    size: { films: 20, frames: 1500, dim: 3072 },
  });
});

test('a quick run is small, judges nothing, and can still be given sizes', () => {
  assert.deepEqual(readOptions(['--quick', '--films', '7', '--only', 'P1,P7']), {
    only: ['P1', 'P7'],
    isJudged: false,
    rounds: 1,
    size: { films: 7, frames: 200, dim: 3072 },
  });
});

test('what means nothing is refused', () => {
  assert.throws(() => readOptions(['--films', '0']), RangeError);
  assert.throws(() => readOptions(['--rounds', 'many']), RangeError);
  assert.throws(() => readOptions(['--fast']), TypeError);
});
