import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostKept } from '../../../../src/search/batch/pair-task.js';
import { type BlockToLay, createSketchMemory } from '../../../../src/search/batch/sketches/laid-sketches.js';
import { randomFrom } from '../../../seeded-numbers.js';

const width = 64;
const workBytes = 1 << 16;

test('blocks that come in turn are read once, and once more to be laid with themselves', () => {
  const memory = createSketchMemory(workBytes);
  const counted = Array.from({ length: 12 }, (_, seed) => countedBlock(1500, seed));
  const blocks = counted.map(({ block }) => block);
  const [first, second, ...others] = blocks;
  for (const asking of [first, second]) for (const other of others) memory.lay(asking, other);
  assert.deepEqual(
    counted.map(({ reads }) => reads()),
    blocks.map(() => 1),
  );
  memory.lay(first, first);
  assert.equal(counted[0].reads(), 2);
});

test('blocks that were laid are given up for others, and their memory is bounded', () => {
  const memory = createSketchMemory(workBytes);
  const counted = Array.from({ length: 40 }, (_, seed) => countedBlock(8000, seed));
  for (let at = 1; at < counted.length; at++) memory.lay(counted[at - 1].block, counted[at].block);
  assert.ok(memory.memory.buffer.byteLength < 26 * 2 ** 20);
  memory.lay(counted[0].block, counted[39].block);
  assert.deepEqual(
    [0, 1, 38, 39].map((at) => counted[at].reads()),
    [2, 1, 1, 1],
  );
});

test('no more small blocks stay laid than a thread keeps', () => {
  const memory = createSketchMemory(workBytes);
  const counted = Array.from({ length: 2 * mostKept }, (_, seed) => countedBlock(500, seed));
  const [first, ...others] = counted;
  for (const { block } of others) memory.lay(first.block, block);
  // Beside its codes, each of 512 places has marks of 28 bytes.
  const block = 512 * (2 * width + 28);
  assert.ok(memory.memory.buffer.byteLength < workBytes + (mostKept + 2) * block);
  assert.equal(first.reads(), 1);
});

test('two blocks stay whole beside each other, whatever sizes were laid before', () => {
  const memory = createSketchMemory(workBytes);
  const random = randomFrom(7);
  const blocks = [10, 3000, 40, 20_000, 500, 3000].map((frames, seed) => countedBlock(frames, seed).block);
  for (let time = 0; time < 40; time++) {
    const [a, b] = [pick(), pick()];
    const laid = memory.lay(a, b);
    for (const [side, { block, readSketches }] of [a, b].entries()) {
      const codes = new Int16Array(block.frames * width);
      readSketches(codes);
      const { order, start, shape } = laid[side];
      const place = Math.floor(random() * block.frames);
      const row = codes.subarray(order.rows[place] * width, (order.rows[place] + 1) * width);
      const square = row.reduce((sum, code) => sum + code * code, 0);
      const { headDim } = shape;
      assert.equal(memory.kernel.wholeProduct(start, place, start, place, headDim, width - headDim), square);
    }
  }

  function pick(): BlockToLay {
    return blocks[Math.floor(random() * blocks.length)];
  }
});

/** A block of sketches that counts how often they are read. */
function countedBlock(frames: number, seed: number) {
  const random = randomFrom(seed + 1);
  const all = Int16Array.from({ length: frames * width }, () => Math.floor(random() * 200) - 100);
  let reads = 0;
  const block: BlockToLay = {
    block: { frames, shotOf: Int32Array.from({ length: frames }, (_, row) => row >> 3) },
    width,
    readSketches(codes) {
      reads++;
      codes.set(all);
      return { remainders: new Float32Array(frames), coding: 0, delta: 0 };
    },
  };
  return { block, reads: () => reads };
}
