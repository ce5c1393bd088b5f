import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  createProjectionKernel,
  largestCode,
  placeOfStrip,
  projectionRounding,
  roundable,
  roundedOff,
  roundedSize,
  roundVectors,
  rowRounding,
  stripsOf,
} from '../../src/kernel/projection.js';
import { type KernelImplementation, pagesFor } from '../../src/kernel/wasm.js';
import { cases } from '../cases.js';

interface Shape {
  readonly count: number;
  readonly vectors: number;
  readonly dim: number;
}

const numbers = fc.infiniteStream(fc.float({ min: -1, max: 1, noNaN: true }));

for (const implementation of ['simd', 'scalar'] as const) {
  test(`${implementation}: rows are rounded by at most the measured error, and projected within the bound`, () => {
    const kinds = fc.constantFrom('even', 'one long number', 'long strips and short ones', 'zeros between');
    const roundedShapes = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      vectors: fc.constantFrom(8, 16),
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

  test(`${implementation}: the longest strips that are multiplied together do not overflow`, () => {
    const dim = 128;
    for (const used of [1, 2, 4, 5, 32, 127, 128]) {
      const values = Float32Array.from({ length: dim }, (_, i) => (i < used ? 1 / Math.sqrt(used) : 0));
      const b = roundable(
        Float32Array.from({ length: 8 * dim }, (_, i) => values[i % dim]),
        dim,
      );
      const { products } = projectRounded(implementation, values, b, { count: 1, vectors: 8, dim });
      for (const value of products) assert.ok(Math.abs(value - 1) < 1e-3, `${used}: ${value}`);
    }
  });

  test(`${implementation}: codes are the nearest whole numbers, with their right sums and checks`, () => {
    const width = 24;
    const key = Int16Array.from({ length: width }, (_, i) =>
      i % 2 === 0 ? 32_767 - 2 * i : -32_767 + 2 * i,
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom(1, 300, 70_000),
        numbers,
        (count, size, stream) => {
          const next = () => stream.next().value as number;
          const projected = Float32Array.from({ length: count * width }, next);
          const factors = Float64Array.from({ length: count }, (_, row) => (row === 2 ? 0 : size));
          if (count > 2) projected.set([Number.NaN, Number.POSITIVE_INFINITY], 2 * width);
          const { codes, sums, checks } = codeRows(implementation, projected, factors, key);
          for (const [row, factor] of factors.entries()) {
            const own = codes.subarray(row * width, (row + 1) * width);
            assert.equal(
              checks[row],
              own.reduce((sum, code, i) => (sum + code * key[i]) | 0, 0),
            );
            if (factor === 0) {
              assert.ok(own.every((code) => code === 0));
              continue;
            }
            const p = Float64Array.from(own, (_, i) => projected[row * width + i] * factor);
            const nearest = p.map((x) => Math.max(-largestCode, Math.min(largestCode, x)));
            assert.ok(own.every((code, i) => Math.abs(code - nearest[i]) <= 0.5));
            const sumOf = (work: (p: number, c: number) => number) =>
              own.reduce((sum, c, i) => sum + work(p[i], c), 0);
            const [cc, cp, squaredError] = sums.subarray(row * 3, row * 3 + 3);
            assert.equal(
              cc,
              sumOf((_, c) => c * c),
            );
            assert.ok(Math.abs(cp - sumOf((p, c) => p * c)) <= 1e-12 * size * size * width);
            assert.ok(Math.abs(squaredError - sumOf((p, c) => (p - c) ** 2)) <= 1e-12 * size * size * width);
          }
        },
      ),
      { numRuns: cases(100) },
    );
  });
}

test('rounded vectors are unchanged by rounding again', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 400 }), (some) => {
      const usable = some.map((value) => Math.fround(value * 2 ** -70));
      const columns = Math.max(8, Math.ceil(usable.length / 64) * 8);
      const values = new Float32Array(8 * columns);
      values.set(usable);
      const once = roundable(values, columns);
      assert.equal(roundedOff(once, columns, roundVectors(once, columns)), 0);
    }),
  );
});

test('vectors are rounded to the nearest step, halves up, in the order of the kernel', () => {
  const numbers = [32_000, 0.5, 1.5, -0.5, -1.5, 0.49999997, -2.5000002, -32_000];
  const values = new Float32Array(8 * 8);
  for (let vector = 0; vector < 8; vector++) {
    for (const [i, value] of numbers.entries()) values[vector * 8 + i] = value / 2 ** vector;
  }
  const { rounded, steps } = roundVectors(values, 8);
  for (let vector = 0; vector < 8; vector++) {
    assert.equal(steps[vector], 1 / 2 ** vector);
    const places = numbers.map((_, i) => (i >> 1) * 16 + vector * 2 + (i & 1));
    assert.deepEqual(
      places.map((place) => rounded[place]),
      numbers.map((value) => Math.round(value) + 0),
    );
  }
});

test('the rounding error of a basis is measured', () => {
  const values = Float32Array.from({ length: 8 * 256 }, (_, i) => Math.sin(i));
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

/** The products, the rounded rows, and the measured errors. */
function projectRounded(
  implementation: KernelImplementation,
  a: Float32Array,
  b: Float32Array,
  { count, vectors, dim }: Shape,
) {
  const { rounded, steps } = roundVectors(b, dim);
  const strips = stripsOf(dim);
  const four = Math.ceil(count / 4) * 4;
  const sizes = [a.byteLength, roundedSize(count, dim) * 2, four * strips * 4, count * 8];
  const lengths = [...sizes, rounded.byteLength, steps.byteLength, four * vectors * 4];
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
  const whole = new Int16Array(buffer, roundedAt, roundedSize(count, dim));
  const ofStrips = new Float32Array(buffer, stepsAt, count * strips);
  return {
    products: new Float32Array(buffer, outAt, count * vectors),
    errors: new Float64Array(buffer, errorsAt, count),
    rows: Float64Array.from(a, (_, i) => {
      const [row, column] = [Math.floor(i / dim), i % dim];
      const strip = Math.floor(column / 128);
      return whole[placeOfStrip(strip, row, count) + (column % 128)] * ofStrips[row * strips + strip];
    }),
  };
}

function codeRows(
  implementation: KernelImplementation,
  projected: Float32Array,
  factors: Float64Array,
  key: Int16Array,
) {
  const [count, width] = [factors.length, key.length];
  const codesAt = projected.byteLength;
  const keyAt = codesAt + count * width * 2;
  const factorsAt = keyAt + width * 2;
  const sumsAt = factorsAt + count * 8;
  const checksAt = sumsAt + count * 24;
  const memory = new WebAssembly.Memory(pagesFor(checksAt + count * 4));
  const { buffer } = memory;
  new Float32Array(buffer).fill(Number.NaN);
  new Float32Array(buffer, 0, projected.length).set(projected);
  new Int16Array(buffer, keyAt, width).set(key);
  new Float64Array(buffer, factorsAt, count).set(factors);
  const kernel = createProjectionKernel(memory, implementation);
  kernel.codeRows(0, count, width, factorsAt, keyAt, codesAt, sumsAt, checksAt);
  return {
    codes: new Int16Array(buffer, codesAt, count * width),
    sums: new Float64Array(buffer, sumsAt, count * 3),
    checks: new Int32Array(buffer, checksAt, count),
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
