import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { floatDotRounding, floatDotsRounding } from '../../src/kernel/projection.js';
import { scalarKernel } from '../../src/kernel/scalar.js';
import { instantiateKernel, pagesFor } from '../../src/kernel/wasm.js';
import { cases } from '../cases.js';
import { randomFrom } from '../seeded-numbers.js';
import { naiveDot } from './naive.js';

for (const implementation of ['simd', 'scalar'] as const) {
  test(`${implementation}: the product of two rows is within its rounding bound of the true one`, () => {
    const shape = fc.record({
      dim: fc.constantFrom(8, 16, 24, 512, 1000, 3072),
      // Numbers of one sign are the worst case, since their rounding errors add up.
      least: fc.constantFrom(-1, 0, 0.5),
      // Lengths whose product is at most 2^100: others are not multiplied so (`areFloatsSafe`).
      scale: fc.constantFrom(1, 1e-18, 1e13),
    });
    const memory = new WebAssembly.Memory(pagesFor(2 * 3072 * 4));
    const kernel = implementation === 'simd' ? instantiateKernel(memory) : scalarKernel(memory.buffer);
    fc.assert(
      fc.property(
        shape,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        ({ dim, least, scale }, numbers) => {
          const next = () => scale * (least + (1 - least) * (numbers.next().value as number));
          const a = new Float32Array(memory.buffer, 0, dim).map(next);
          const b = new Float32Array(memory.buffer, dim * 4, dim).map(next);
          new Float32Array(memory.buffer).fill(Number.NaN);
          new Float32Array(memory.buffer, 0, dim).set(a);
          new Float32Array(memory.buffer, dim * 4, dim).set(b);
          const allowed = floatDotRounding(dim) * lengthOf(a) * lengthOf(b) + dim * 2 ** -149;
          const missed = Math.abs(kernel.floatDot(0, dim * 4, dim) - naiveDot(a, b));
          assert.ok(missed <= allowed, `${missed} > ${allowed}`);
        },
      ),
      { numRuns: cases(100) },
    );
  });

  test(`${implementation}: the products of rows with a query are within their rounding bound of the true ones`, () => {
    const shape = fc.record({
      count: fc.integer({ min: 1, max: 9 }),
      dim: fc.constantFrom(8, 16, 24, 512, 1000),
      least: fc.constantFrom(-1, 0, 0.5),
      scale: fc.constantFrom(1, 1e-18, 1e13),
    });
    const memory = new WebAssembly.Memory(pagesFor(11 * 1000 * 4));
    const kernel = implementation === 'simd' ? instantiateKernel(memory) : scalarKernel(memory.buffer);
    fc.assert(
      fc.property(shape, fc.nat(), ({ count, dim, least, scale }, seed) => {
        const random = randomFrom(seed);
        const floats = new Float32Array(memory.buffer).fill(Number.NaN);
        const rows = floats.subarray(0, count * dim);
        const query = floats.subarray(count * dim, (count + 1) * dim);
        for (const values of [rows, query])
          for (let i = 0; i < values.length; i++) values[i] = scale * (least + (1 - least) * random());
        const out = floats.subarray((count + 1) * dim, (count + 1) * dim + count);
        kernel.floatDots(rows.byteOffset, count, dim, query.byteOffset, out.byteOffset);
        for (const [i, found] of out.entries()) {
          const row = rows.subarray(i * dim, (i + 1) * dim);
          const allowed = floatDotsRounding(dim) * lengthOf(row) * lengthOf(query) + dim * 2 ** -149;
          const missed = Math.abs(found - naiveDot(row, query));
          assert.ok(missed <= allowed, `row ${i}: ${missed} > ${allowed}`);
        }
      }),
      { numRuns: cases(100) },
    );
  });
}

function lengthOf(row: Float32Array): number {
  return Math.sqrt(naiveDot(row, row));
}
