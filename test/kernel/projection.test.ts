import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { createProjectionKernel, projectionRounding } from '../../src/kernel/projection.js';
import { pagesFor } from '../../src/kernel/wasm.js';
import { cases } from '../cases.js';

const shapes = fc.record({
  count: fc.integer({ min: 1, max: 7 }),
  vectors: fc.constantFrom(4, 8, 12),
  dim: fc.constantFrom(4, 8, 60, 508, 512, 516, 1028),
  scale: fc.constantFrom(1, 1e-18, 1e18),
});

for (const implementation of ['simd', 'scalar'] as const) {
  test(`${implementation}: every product is within its rounding bound of the true one`, () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.float({ min: -1, max: 1, noNaN: true })), (shape, numbers) => {
        const { count, vectors, dim, scale } = shape;
        const next = () => Math.fround((numbers.next().value as number) * scale);
        const a = Float32Array.from({ length: count * dim }, next);
        const b = Float32Array.from({ length: vectors * dim }, next);
        const products = project(a, b, shape);
        const share = projectionRounding(dim);
        for (let i = 0; i < count; i++) {
          for (let j = 0; j < vectors; j++) {
            const row = a.subarray(i * dim, (i + 1) * dim);
            const vector = b.subarray(j * dim, (j + 1) * dim);
            const allowed = share * length(row) * length(vector) + dim * 2 ** -149;
            const missed = Math.abs(products[i * vectors + j] - product(row, vector));
            assert.ok(missed <= allowed, `${i}, ${j}: ${missed} > ${allowed}`);
          }
        }
      }),
      { numRuns: cases(40) },
    );
  });

  function project(
    a: Float32Array,
    b: Float32Array,
    { count, vectors, dim }: { count: number; vectors: number; dim: number },
  ): Float32Array {
    const basis = (count + 1) * dim * 4;
    const out = basis + b.byteLength;
    const memory = new WebAssembly.Memory(pagesFor(out + (count + 1) * vectors * 4));
    // What lies past an odd row, and what was in the results' place, must not matter.
    new Float32Array(memory.buffer).fill(Number.NaN);
    new Float32Array(memory.buffer, 0, a.length).set(a);
    new Float32Array(memory.buffer, basis, b.length).set(b);
    createProjectionKernel(memory, implementation).project(0, count, basis, vectors, dim, out);
    return new Float32Array(memory.buffer, out, count * vectors);
  }
}

function product(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function length(a: Float32Array): number {
  return Math.sqrt(product(a, a));
}
