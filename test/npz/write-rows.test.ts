import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { toFloat16 } from '../../src/npz/write-rows.js';

const golden = readFileSync(join(import.meta.dirname, '../fixtures/float16.txt'), 'latin1')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' ').map((word) => Number.parseInt(word, 16)) as [number, number]);

function floats(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

test('numbers are rounded as in numpy', () => {
  assert.ok(golden.length > 4000);
  const { halves } = toFloat16(floats(golden.map(([bits]) => bits)));
  for (const [i, [bits, half]] of golden.entries()) assert.equal(halves[i], half, bits.toString(16));
});

test('NaNs keep their sign and the upper bits of their payload', () => {
  const { halves, firstOverflow } = toFloat16(floats([0x7fc00000, 0xffc02000, 0x7f800001, 0xff802000]));
  assert.deepEqual([...halves], [0x7e00, 0xfe01, 0x7c01, 0xfc01]);
  assert.equal(firstOverflow, -1);
});

test('the first finite number that becomes infinite is reported; infinities are allowed', () => {
  assert.equal(toFloat16(Float32Array.of(Infinity, -Infinity, 65519, 65520, -1e30)).firstOverflow, 3);
  assert.equal(toFloat16(Float32Array.of(Infinity, -Infinity, 65519)).firstOverflow, -1);
});

test('a view of a larger array is read from its own start', () => {
  assert.deepEqual([...toFloat16(Float32Array.of(1, 2, 3).subarray(1, 2)).halves], [0x4000]);
});
