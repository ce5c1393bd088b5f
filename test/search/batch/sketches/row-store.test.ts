import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dotProduct, squaredDistance, squaredNorm } from '../../../../src/kernel/scalar.js';
import { closenessFrom, metrics } from '../../../../src/ranking/metric.js';
import { openRowStore, type StoredRows } from '../../../../src/search/batch/sketches/row-store.js';
import { areFloatsSafe, floatSlack } from '../../../../src/search-index/bound.js';

const rowBytes = (dim: number) => Math.ceil(dim / 8) * 32;

test('rows have the same score bits as elsewhere, with room for any number of rows', () => {
  const numbers = (dim: number) =>
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 6 * dim, maxLength: 6 * dim });
  const asked = fc.record({
    dim: fc.integer({ min: 1, max: 20 }),
    places: fc.integer({ min: 1, max: 12 }),
    pairs: fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { minLength: 1 }),
    metric: fc.constantFrom(...metrics),
  });
  fc.assert(
    fc.property(
      asked.chain((request) => fc.tuple(fc.constant(request), numbers(request.dim), numbers(request.dim))),
      ([{ dim, places, pairs, metric }, ...values]) => {
        const films = values.map((numbers) => filmOf(Float32Array.from(numbers), dim));
        const store = openRowStore(dim, 6, places * rowBytes(dim));
        for (const [x, y] of pairs) {
          if (x === y) continue;
          const [a, b] = [films[Math.floor(x / 6)], films[Math.floor(y / 6)]];
          const found = store.closeness(metric, a.film, x % 6, b.film, y % 6);
          const [q, r] = [a.row(x % 6), b.row(y % 6)];
          const sum = metric === 'euclidean' ? squaredDistance(q, r) : dotProduct(q, r);
          assert.equal(found, closenessFrom(metric, sum, squaredNorm(q), squaredNorm(r)));
          const inFloats = store.floatDot(a.film, x % 6, b.film, y % 6);
          if (areFloatsSafe(squaredNorm(q), squaredNorm(r))) {
            const lengths = Math.sqrt(squaredNorm(q) * squaredNorm(r));
            assert.ok(Math.abs(inFloats - dotProduct(q, r)) <= floatSlack(dim) * lengths);
          }
        }
        store.release();
      },
    ),
  );
});

test('a row is read only once if there is room for it', () => {
  const dim = 8;
  const { film, reads } = filmOf(new Float32Array(6 * dim).fill(1), dim);
  const store = openRowStore(dim, 6, 2 * 6 * rowBytes(dim));
  for (let round = 0; round < 3; round++) {
    for (let row = 1; row < 6; row++) store.closeness('dot', film, 0, film, row);
  }
  store.release();
  assert.deepEqual(reads, [0, 1, 2, 3, 4, 5]);
});

test('there is room for blocks of the requested length, and little more', () => {
  const dim = 8;
  const isReadOnce = (frames: number) => {
    const [a, b] = [1, 2].map((value) => filmOf(new Float32Array(12 * dim).fill(value), dim));
    const store = openRowStore(dim, frames);
    for (let round = 0; round < 2; round++) {
      for (let row = 0; row < 12; row++) store.closeness('dot', a.film, 0, b.film, row);
    }
    store.release();
    return new Set(b.reads).size === b.reads.length;
  };
  assert.ok(isReadOnce(12));
  assert.ok(!isReadOnce(8));
});

function filmOf(values: Float32Array, dim: number) {
  const frames = values.length / dim;
  const row = (index: number) => values.subarray(index * dim, (index + 1) * dim);
  const reads: number[] = [];
  const film: StoredRows = {
    block: {
      frames,
      dim,
      squaredNorms: Float64Array.from({ length: frames }, (_, index) => squaredNorm(row(index))),
    },
    readRow(index, target) {
      reads.push(index);
      target.set(row(index));
    },
  };
  return { film, row, reads };
}
