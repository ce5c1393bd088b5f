import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBlockScorer } from '../../src/kernel/block-scorer.js';
import { createProfiler } from '../../src/ranking/profiler.js';

const rows = [
  [1, 0.5, -3],
  [0.25, 7, 1],
  [0, 0, 0],
  [Number.NaN, 1, 1],
  [2, 2, 0.125],
  [1, -1, 5],
];

/** The profile of rows that come in blocks of `size`. */
function profileInBlocksOf(size: number) {
  const profiler = createProfiler(rows.length, 3);
  for (let firstRow = 0; firstRow < rows.length; firstRow += size) {
    const block = rows.slice(firstRow, firstRow + size);
    profiler.add({ firstRow, rows: block.length, values: Float32Array.from(block.flat()) });
  }
  return profiler.finish();
}

test('a profile is the same with blocks of any size', () => {
  const whole = profileInBlocksOf(rows.length);
  for (const size of [1, 2, 4]) assert.deepEqual(profileInBlocksOf(size), whole);
  assert.equal([...whole.cosines].filter((cosine) => cosine > 0).length, 2);
});

/** The memory of the kernel that is lent after a profiler has taken a block, while it waits for the next. */
function memoryBesideProfiler(): ArrayBufferLike {
  createProfiler(2, 3).add({ firstRow: 0, rows: 1, values: Float32Array.of(1, 2, 3) });
  const scorer = createBlockScorer({ dim: 3, queries: [], maxRows: 1, implementation: 'simd' });
  const { buffer } = scorer.squares();
  scorer.release();
  return buffer;
}

test('a profiler keeps no kernel memory between blocks', () => {
  assert.equal(memoryBesideProfiler(), memoryBesideProfiler());
});

test('of a single row, a profiler holds no sum of its own', () => {
  assert.throws(() => createProfiler(2, 2 ** 40), RangeError);
  createProfiler(1, 2 ** 40);
});
