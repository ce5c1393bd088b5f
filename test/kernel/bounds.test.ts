import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createTileKernel } from '../../src/kernel/tiles.js';
import { pagesFor } from '../../src/kernel/wasm.js';

const row = fc.record({
  product: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  remainder: fc.oneof(fc.constant(Number.NaN), fc.float({ min: 0, max: 1, noNaN: true })),
});
const bound = fc.record({
  scale: fc.constantFrom(2 ** -30, 1),
  slope: fc.double({ min: 0, max: 1, noNaN: true }),
  base: fc.double({ min: 0, max: 0.1, noNaN: true }),
  floor: fc.oneof(fc.constant(Number.NEGATIVE_INFINITY), fc.double({ min: -2, max: 2, noNaN: true })),
});

for (const implementation of ['simd', 'scalar'] as const) {
  test(`${implementation}: the rows that reach a floor are those that a plain filter finds`, () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), bound, (rows, { scale, slope, base, floor }) => {
        const memory = new WebAssembly.Memory(pagesFor(1024));
        new Int32Array(memory.buffer, 0, rows.length).set(rows.map(({ product }) => product));
        new Float32Array(memory.buffer, 256, rows.length).set(rows.map(({ remainder }) => remainder));
        const { reaching } = createTileKernel(memory, implementation);
        const count = reaching(0, 256, rows.length, scale, slope, base, floor, 512);
        assert.deepEqual(
          [...new Int32Array(memory.buffer, 512, count)],
          rows.flatMap(({ product, remainder }, i) =>
            product * scale + (base + slope * remainder) >= floor ? [i] : [],
          ),
        );
      }),
    );
  });

  test(`${implementation}: the highest bound is the greatest one that is not NaN`, () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 9 }), bound, (rows, { scale, slope, base }) => {
        const memory = new WebAssembly.Memory(pagesFor(1024));
        new Int32Array(memory.buffer, 0, rows.length).set(rows.map(({ product }) => product));
        new Float32Array(memory.buffer, 256, rows.length).set(rows.map(({ remainder }) => remainder));
        const { highest } = createTileKernel(memory, implementation);
        const bounds = rows.map(({ product, remainder }) => product * scale + (base + slope * remainder));
        assert.equal(
          highest(0, 256, rows.length, scale, slope, base),
          Math.max(...bounds.filter((one) => !Number.isNaN(one))),
        );
      }),
    );
  });

  test(`${implementation}: the first difference is found, wherever it is`, () => {
    const memory = new WebAssembly.Memory(pagesFor(1024));
    const { firstDifference } = createTileKernel(memory, implementation);
    const lists = [0, 256].map((at) => new Int32Array(memory.buffer, at, 7));
    assert.equal(firstDifference(0, 256, 7), -1);
    for (const place of [6, 3, 0]) {
      lists[1][place] = 1;
      assert.equal(firstDifference(0, 256, 7), place);
      assert.equal(firstDifference(0, 256, place), -1);
    }
  });
}
