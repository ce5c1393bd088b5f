import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dotProduct } from '../../src/kernel/scalar.js';
import { computeBasis } from '../../src/search-index/basis.js';
import type { Matrix } from '../../src/search-index/matrix.js';
import { seededNumbers } from '../seeded-numbers.js';
import { filmLikeRows } from './seeded-rows.js';

describe('a basis', () => {
  test('is orthonormal except for rounding, and measures the rest', () => {
    const { vectors, delta } = computeBasis(unitRows(filmLikeRows(300, 512, 1), 512), 512);
    assert.equal(vectors.rows, 256);
    assert.ok(delta < 5e-4, `${delta}`);
    // The spectral norm of BB' - I, from below, by power iteration.
    const rows = Array.from({ length: 256 }, (_, row) => rowOf(vectors, row));
    let x = Float64Array.from({ length: 256 }, seededNumbers(8));
    let length = 0;
    for (let round = 0; round < 50; round++) {
      const sum = new Float64Array(512);
      for (const [i, row] of rows.entries()) for (let k = 0; k < 512; k++) sum[k] += row[k] * x[i];
      const next = x.map((value, i) => rows[i].reduce((dot, b, k) => dot + b * sum[k], 0) - value);
      length = Math.hypot(...next);
      x = next.map((value) => value / length);
    }
    assert.ok(length < delta && delta < 2 * length, `${length}, ${delta}`);
  });

  test('contains rows along a few directions, and measures what it leaves out', () => {
    const sample = unitRows(filmLikeRows(300, 512, 2), 512);
    const { vectors, leftover } = computeBasis(sample, 512);
    let kept = 0;
    for (let row = 0; row < sample.rows; row++) {
      for (let v = 0; v < vectors.rows; v++) kept += dotProduct(rowOf(sample, row), rowOf(vectors, v)) ** 2;
    }
    assert.ok(leftover < 0.001, `${leftover}`);
    assert.ok(Math.abs(1 - kept / sample.rows - leftover) < 1e-5);
  });

  test('is 256 vectors wide, and never wider than rows are long', () => {
    const next = seededNumbers(3);
    const random = (rows: number, dim: number) =>
      unitRows(Float32Array.from({ length: rows * dim }, next), dim);
    assert.equal(computeBasis(random(600, 512), 512).vectors.rows, 256);
    for (const [dim, width] of [
      [1, 8],
      [8, 8],
      [13, 16],
      [100, 104],
      [160, 160],
    ]) {
      const { vectors, leftover } = computeBasis(random(400, dim), dim);
      assert.equal(vectors.rows, width, `${dim}`);
      assert.ok(leftover < 1e-5, `${dim}: ${leftover}`);
      for (let v = dim; v < width; v++) assert.ok(rowOf(vectors, v).every((value) => value === 0));
    }
  });

  test('can be made from few rows, zero rows or no rows', () => {
    for (const rows of [3, 1, 0]) {
      const { delta } = computeBasis(unitRows(filmLikeRows(rows, 300, 4), 300), 300);
      assert.ok(delta < 5e-4, `${rows}: ${delta}`);
    }
    const zeros = computeBasis({ rows: 4, columns: 304, values: new Float32Array(4 * 304) }, 300);
    assert.ok(zeros.delta < 1e-5 && zeros.leftover === 0);
  });

  test('is the same for the same sample', () => {
    const sample = unitRows(filmLikeRows(100, 200, 5), 200);
    assert.deepEqual(computeBasis(sample, 200), computeBasis(sample, 200));
  });
});

function rowOf({ values, columns }: Matrix, row: number): Float32Array {
  return values.subarray(row * columns, (row + 1) * columns);
}

function unitRows(values: Float32Array, dim: number): Matrix {
  const columns = Math.ceil(dim / 8) * 8;
  const rows = values.length / dim;
  const unit = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const source = values.subarray(row * dim, (row + 1) * dim);
    const length = Math.sqrt(source.reduce((sum, value) => sum + value * value, 0));
    unit.set(
      source.map((value) => value / length),
      row * columns,
    );
  }
  return { rows, columns, values: unit };
}
