import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { dotProduct, paddedDim, squaredNorm } from '../../src/kernel/scalar.js';
import { cosine } from '../../src/ranking/metric.js';
import { type Basis, computeBasis } from '../../src/search-index/basis.js';
import { codeScale, commonSlack, headRemainder, roundUpToFloat32 } from '../../src/search-index/bound.js';
import type { FilmRows } from '../../src/search-index/film-rows.js';
import { checkKey, checkOf, type FilmSketches } from '../../src/search-index/film-sketches.js';
import { projectedRows } from '../../src/search-index/projector.js';
import {
  createRowSketcher,
  type QuerySketch,
  sketchOfRow,
  sketchQueries,
} from '../../src/search-index/sketch.js';
import { headOf, headWidth } from '../../src/search-index/sketch-heads.js';
import { cases } from '../cases.js';
import { bytesOf } from './indexed-films.js';
import { type SeededRows, seededKinds, seededRows } from './seeded-rows.js';

describe('no true score is outside its bound', () => {
  for (const what of seededKinds) {
    test(what, () => {
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const rows = seededRows(what, seed);
          const basis = computeBasis(sampleOf(rows), rows.dim);
          checkBounds(rows, basis, rowsOf(rows));
          const some = rowsOf(rows).slice(0, 20);
          checkBounds(rows, basis, some, (queries) => ownSketches(queries, rows, basis));
        }),
        { numRuns: cases(4) },
      );
    });
  }

  test('with the basis of entirely different rows', () => {
    const [random, film] = ['100 dimensions, long and short', 'rows that are not finite among others'].map(
      (what) => seededRows(what, 7),
    );
    const cut = { ...film, dim: 100, values: film.values.slice(0, 6000) };
    checkBounds(cut, computeBasis(sampleOf(random), 100), rowsOf(random));
  });

  test('for rows inside the basis, and at right angles to it', () => {
    const rows = seededRows('like a film', 3);
    const basis = computeBasis(sampleOf(rows), rows.dim);
    const vectors = [0, 1, 64, 127].map((v) => basis.vectors.values.slice(v * rows.dim, (v + 1) * rows.dim));
    const remainders = rowsOf(rows).map((row) => {
      const rest = Float64Array.from(row);
      for (let v = 0; v < basis.vectors.rows; v++) {
        const vector = basis.vectors.values.subarray(v * rows.dim, (v + 1) * rows.dim);
        const along = dotProduct(Float32Array.from(rest), vector);
        for (let i = 0; i < rest.length; i++) rest[i] -= along * vector[i];
      }
      return Float32Array.from(rest);
    });
    const values = Float32Array.from([...vectors, ...remainders.slice(0, 20)].flatMap((row) => [...row]));
    const all = { ...rows, values };
    const queries = [...vectors, ...remainders.slice(0, 4)];
    checkBounds(all, basis, queries);
    checkBounds(all, basis, queries, () => ownSketches(queries, all, basis));
  });
});

test('coding errors and remainders of rows are never below the true ones', () => {
  for (const [what, basisOf] of [
    ['like a film', 3],
    ['100 dimensions, long and short', 4],
  ] as const) {
    const rows = seededRows(what, basisOf);
    const basis = computeBasis(sampleOf(rows), rows.dim);
    // A basis that rounding changes, as those of older indexes.
    const older = { ...basis, vectors: { ...basis.vectors, values: basis.vectors.values.map(nudged) } };
    for (const used of [basis, older]) checkErrors(rows, used);
  }
});

function nudged(value: number, i: number): number {
  return value * (1 + (i % 7) * 1e-4);
}

function checkErrors(rows: SeededRows, { dim, vectors, delta }: Basis): void {
  const sketcher = createRowSketcher('id', { dim, vectors, delta: delta + 0.01, leftover: 0 });
  for (const row of rowsOf(rows)) {
    const norm = squaredNorm(row);
    if (!(norm > 0 && Number.isFinite(norm))) continue;
    const { codes, remainders, coding } = sketcher.sketch(row, Float64Array.of(norm));
    const rest = Float64Array.from(row, (value) => value / Math.sqrt(norm));
    const unit = rest.slice();
    let missed = 0;
    for (const [v, code] of codes.entries()) {
      const vector = vectors.values.subarray(v * vectors.columns, v * vectors.columns + dim);
      missed += (vector.reduce((sum, value, i) => sum + value * unit[i], 0) - code / codeScale) ** 2;
      for (let i = 0; i < dim; i++) rest[i] -= (vector[i] * code) / codeScale;
    }
    const length = Math.hypot(...rest);
    assert.ok(Math.sqrt(missed) <= coding, `${Math.sqrt(missed)} > ${coding}`);
    assert.ok(length <= remainders[0], `${length} > ${remainders[0]}`);
  }
}

test('the sketch of a row is refused for another vector, or if its codes were changed', () => {
  const rows = seededRows('like a film', 3);
  const basis = computeBasis(sampleOf(rows), rows.dim);
  const [first, second] = rowsOf(rows);
  const film = filmOf(rows, basis);
  assert.equal(sketchOfRow(second, 0, film.sketches, film.rows), undefined);
  assert.equal(sketchOfRow(first.subarray(1), 0, film.sketches, film.rows), undefined);
  assert.notEqual(sketchOfRow(first, 0, film.sketches, film.rows), undefined);
  film.codes[3] ^= 1;
  assert.throws(() => sketchOfRow(first, 0, film.sketches, film.rows), { code: 'index-damaged' });
});

test('a bound is within 0.001 of the score for the rows that the basis was made from', () => {
  const rows = seededRows('100 dimensions, long and short', 5);
  const basis = computeBasis(sampleOf(rows), 100);
  assert.ok(checkBounds(rows, basis, rowsOf(rows)) < 0.001);
});

test('rounding up to float32 never gives a smaller number', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2, noNaN: true }), (value) => {
      const rounded = roundUpToFloat32(value);
      assert.ok(rounded >= value && rounded === Math.fround(rounded));
      assert.ok(rounded <= value * (1 + 2 ** -21) + 2 ** -147);
    }),
  );
});

/** The sketches of queries that are rows of a film, as the film's own sketch file has them. */
function ownSketches(queries: readonly Float32Array[], rows: SeededRows, basis: Basis): QuerySketch[] {
  const film = filmOf(rows, basis);
  const all = rowsOf(rows);
  return queries.map((query) => {
    const index = all.findIndex((row) => Buffer.compare(bytesOf(row), bytesOf(query)) === 0);
    return sketchOfRow(query, index, film.sketches, film.rows) as QuerySketch;
  });
}

/** What `sketchOfRow` reads of a film's files. */
function filmOf(rows: SeededRows, basis: Basis) {
  const { dim } = rows;
  const width = basis.vectors.rows;
  const all = rowsOf(rows);
  const codes = new Int16Array(all.length * width);
  const remainders = new Float32Array(all.length);
  const sketcher = createRowSketcher('id', basis);
  let coding = 0;
  for (const [index, row] of all.entries()) {
    const sketch = sketcher.sketch(row, Float64Array.of(squaredNorm(row)));
    codes.set(sketch.codes, index * width);
    remainders.set(sketch.remainders, index);
    coding = Math.max(coding, sketch.coding);
  }
  const checks = Int32Array.from(all, (_, index) => checkOf(codes, index, checkKey(width)));
  const sketches = {
    path: 'film.sketches',
    meta: { dim, width, coding },
    checks: () => checks,
    remainders: () => remainders,
    readCodes: (first: number, target: Uint8Array) =>
      target.set(bytesOf(codes).subarray(first * width * 2, first * width * 2 + target.length)),
  } as unknown as FilmSketches;
  const read = { readRows: (index: number, target: Float32Array) => target.set(all[index]) };
  return { codes, sketches, rows: read as unknown as FilmRows };
}

/** Every row against every query; returns the largest slack. */
function checkBounds(
  rows: SeededRows,
  basis: Basis,
  queryRows: readonly Float32Array[],
  sketch = (queries: readonly Float32Array[]) => sketchQueries(basis, queries),
): number {
  const queries = queryRows.filter((row) => Number.isFinite(squaredNorm(row)) && row.length === rows.dim);
  if (queries.length === 0) return 0;
  const width = basis.vectors.rows;
  const sketches = sketch(queries);
  const sketcher = createRowSketcher('id', basis);
  let widest = 0;
  const all = rowsOf(rows);
  for (let first = 0; first < all.length; first += projectedRows) {
    const block = all.slice(first, first + projectedRows);
    const values = rows.values.subarray(first * rows.dim, (first + block.length) * rows.dim);
    const { codes, remainders, coding } = sketcher.sketch(values, Float64Array.from(block, squaredNorm));
    for (const [x, row] of block.entries()) {
      const normX = squaredNorm(row);
      assert.equal(
        Number.isNaN(remainders[x]),
        !Number.isFinite(normX),
        'NaN marks rows that are not finite',
      );
      if (!Number.isFinite(normX)) continue;
      for (const [q, query] of queries.entries()) {
        const sketch = sketches[q];
        let product = 0;
        for (let i = 0; i < width; i++) product += sketch.codes[i] * codes[x * width + i];
        assert.equal(product | 0, product, 'fits int32');
        const estimate = product / (codeScale * codeScale);
        const slack = commonSlack(sketch, coding, basis.delta, basis.dim) + sketch.remainder * remainders[x];
        const score = cosine(dotProduct(query, row), sketch.squaredNorm, normX);
        assert.ok(
          Math.abs(score - estimate) <= slack,
          `row ${first + x}, query ${q}: ${score}, ${estimate} +- ${slack}`,
        );
        widest = Math.max(widest, slack);
        checkHead({ score, query: headOf(sketch, basis.delta), basis, coding, remainder: remainders[x] }, [
          ...codes.subarray(x * width, (x + 1) * width),
        ]);
      }
    }
  }
  return widest;
}

interface HeadCase {
  readonly score: number;
  readonly query: ReturnType<typeof headOf>;
  readonly basis: Basis;
  readonly coding: number;
  readonly remainder: number;
}

/** The score against the first codes alone. */
function checkHead({ score, query, basis, coding, remainder }: HeadCase, codes: readonly number[]): void {
  const square = (some: readonly number[]) => some.reduce((sum, code) => sum + (code / codeScale) ** 2, 0);
  const product = codes
    .slice(0, headWidth)
    .reduce((sum, code, i) => sum + (code * query.codes[i]) / codeScale ** 2, 0);
  const left = headRemainder(remainder, square(codes.slice(headWidth)), coding, basis.delta);
  const slack = commonSlack(query, coding, basis.delta, basis.dim) + query.remainder * left;
  assert.ok(Math.abs(score - product) <= slack, `by its head: ${score}, ${product} +- ${slack}`);
}

function rowsOf({ values, dim }: SeededRows): Float32Array[] {
  return Array.from({ length: values.length / dim }, (_, row) => values.subarray(row * dim, (row + 1) * dim));
}

/** The rows that are not zero, divided by their lengths and padded. */
function sampleOf(rows: SeededRows) {
  const columns = paddedDim(rows.dim);
  const usable = rowsOf(rows).filter((row) => squaredNorm(row) > 0 && Number.isFinite(squaredNorm(row)));
  const values = new Float32Array(usable.length * columns);
  for (const [i, row] of usable.entries()) {
    const length = Math.sqrt(squaredNorm(row));
    values.set(
      row.map((value) => value / length),
      i * columns,
    );
  }
  return { rows: usable.length, columns, values };
}
