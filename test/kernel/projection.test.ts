import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  createProjectionKernel,
  floatDotRounding,
  placeOf,
  projectionRounding,
  roundable,
  roundedOff,
  roundVectors,
  rowRounding,
  rowsAside,
  stripsOf,
} from '../../src/kernel/projection.js';
import { scalarKernel } from '../../src/kernel/scalar.js';
import { instantiateKernel, type KernelImplementation, pagesFor } from '../../src/kernel/wasm.js';
import { cases } from '../cases.js';

interface Shape {
  readonly count: number;
  readonly vectors: number;
  readonly dim: number;
}

const numbers = fc.infiniteStream(fc.float({ min: -1, max: 1, noNaN: true }));

for (const implementation of ['simd', 'scalar'] as const) {
  test(`${implementation}: the product of two rows is within its rounding bound of the true one`, () => {
    const shape = fc.record({
      dim: fc.constantFrom(8, 16, 24, 512, 1000, 3072),
      // All of one sign are the worst: their roundings add up.
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
          const allowed = floatDotRounding(dim) * length(a) * length(b) + dim * 2 ** -149;
          const missed = Math.abs(kernel.floatDot(0, dim * 4, dim) - product(a, b));
          assert.ok(missed <= allowed, `${missed} > ${allowed}`);
        },
      ),
      { numRuns: cases(100) },
    );
  });

  test(`${implementation}: rows are rounded by no more than is measured, and projected within the bound`, () => {
    const kinds = fc.constantFrom('even', 'one long number', 'long strips and short ones', 'zeros between');
    const roundedShapes = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      vectors: fc.constantFrom(4, 8),
      dim: fc.constantFrom(8, 64, 128, 136, 256, 1032),
      kind: kinds,
      scale: fc.constantFrom(1, 2 ** -12, 2 ** 12),
    });
    fc.assert(
      fc.property(roundedShapes, numbers, (shape, stream) => {
        const next = (_: unknown, i: number) => numberOf(shape.kind, i, stream.next().value as number);
        const a = Float32Array.from({ length: shape.count * shape.dim }, next).map((x) => x * shape.scale);
        const b = roundable(Float32Array.from({ length: shape.vectors * shape.dim }, next), shape.dim);
        const { products, rows, errors } = projectRounded(implementation, a, b, shape);
        forEachPair(a, b, shape, (row, vector, at, i) => {
          const rounded = rows.subarray(i * shape.dim, (i + 1) * shape.dim);
          const missed = Math.abs(products[at] - product(rounded, vector));
          const allowed = projectionRounding(shape.dim) * length(rounded) * length(vector);
          assert.ok(missed <= allowed, `${at}: ${missed} > ${allowed}`);
          const off = length(row.map((value, k) => value - rounded[k]));
          if (length(row) > 0)
            assert.ok(off / length(row) <= rowRounding(errors[i] / length(row)), `${off}, ${errors[i]}`);
        });
      }),
      { numRuns: cases(100) },
    );
  });

  test(`${implementation}: the longest strips that go together do not overflow`, () => {
    const dim = 128;
    for (const used of [1, 2, 4, 5, 32, 127, 128]) {
      const values = Float32Array.from({ length: dim }, (_, i) => (i < used ? 1 / Math.sqrt(used) : 0));
      const b = roundable(Float32Array.from([...values, ...values, ...values, ...values]), dim);
      const { products } = projectRounded(implementation, values, b, { count: 1, vectors: 4, dim });
      for (const value of products) assert.ok(Math.abs(value - 1) < 1e-3, `${used}: ${value}`);
    }
  });
}

test('of vectors that are rounded once nothing is rounded off again', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 400 }), (some) => {
      const usable = some.map((value) => Math.fround(value * 2 ** -70));
      const columns = Math.max(8, Math.ceil(usable.length / 32) * 8);
      const values = new Float32Array(4 * columns);
      values.set(usable);
      const once = roundable(values, columns);
      assert.equal(roundedOff(once, columns, roundVectors(once, columns)), 0);
    }),
  );
});

test('what is rounded off a basis is measured', () => {
  const values = Float32Array.from({ length: 4 * 256 }, (_, i) => Math.sin(i));
  const off = roundedOff(values, 256, roundVectors(values, 256));
  assert.ok(off > 0 && off < 1e-3 * length(values), `${off}`);
});

function numberOf(kind: string, i: number, random: number): number {
  if (kind === 'one long number') return i % 61 === 3 ? 50 * random : random / 100;
  if (kind === 'long strips and short ones') return random * (i % 384 < 128 ? 1 : 1e-6);
  if (kind === 'zeros between') return i % 256 < 128 ? random : 0;
  return random;
}

function forEachPair(
  a: Float32Array,
  b: Float32Array,
  { count, vectors, dim }: Shape,
  check: (row: Float32Array, vector: Float32Array, at: number, i: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < vectors; j++) {
      check(a.subarray(i * dim, (i + 1) * dim), b.subarray(j * dim, (j + 1) * dim), i * vectors + j, i);
    }
  }
}

/** The products, the rows as they were rounded, and what was measured of that. */
function projectRounded(
  implementation: KernelImplementation,
  a: Float32Array,
  b: Float32Array,
  { count, vectors, dim }: Shape,
) {
  const { rounded, steps } = roundVectors(b, dim);
  const strips = stripsOf(dim);
  const layout = { rows: Math.ceil(count / rowsAside) * rowsAside, columns: dim, aside: rowsAside };
  const sizes = [a.byteLength, layout.rows * dim * 2, (count + 1) * strips * 4, count * 8];
  const lengths = [...sizes, rounded.byteLength, steps.byteLength, (count + 1) * vectors * 4];
  const places = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, size) => sum + place(size), 0));
  const [rowsAt, roundedAt, stepsAt, errorsAt, basisAt, basisStepsAt, outAt] = places;
  const memory = new WebAssembly.Memory(pagesFor(outAt + place(lengths[6])));
  const { buffer } = memory;
  new Float32Array(buffer).fill(Number.NaN);
  new Float32Array(buffer, rowsAt, a.length).set(a);
  new Int16Array(buffer, basisAt, rounded.length).set(rounded);
  new Float32Array(buffer, basisStepsAt, steps.length).set(steps);
  const kernel = createProjectionKernel(memory, implementation);
  kernel.roundRows(rowsAt, count, dim, roundedAt, stepsAt, errorsAt);
  kernel.projectRounded(roundedAt, stepsAt, count, basisAt, basisStepsAt, vectors, dim, outAt);
  const whole = new Int16Array(buffer, roundedAt, layout.rows * dim);
  const ofStrips = new Float32Array(buffer, stepsAt, count * strips);
  return {
    products: new Float32Array(buffer, outAt, count * vectors),
    errors: new Float64Array(buffer, errorsAt, count),
    rows: Float64Array.from(a, (_, i) => {
      const [row, column] = [Math.floor(i / dim), i % dim];
      return whole[placeOf(row, column, layout)] * ofStrips[row * strips + Math.floor(column / 128)];
    }),
  };
}

function place(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}

type Numbers = Float32Array | Float64Array;

function product(a: Numbers, b: Numbers): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function length(a: Numbers): number {
  return Math.sqrt(product(a, a));
}
