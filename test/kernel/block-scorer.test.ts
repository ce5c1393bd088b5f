import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { createBlockScorer, rowsPerBlock } from '../../src/kernel/block-scorer.js';
import type { KernelImplementation } from '../../src/kernel/wasm.js';
import { cases } from '../cases.js';
import { rejects } from '../rejects.js';
import { naiveDot, naiveSquaredDistance } from './naive.js';

const implementations: readonly KernelImplementation[] = ['simd', 'scalar'];

/** All results of a scorer for rows in blocks. */
function scoreAll(
  implementation: KernelImplementation,
  dim: number,
  queries: readonly Float32Array[],
  blocks: readonly (readonly Float32Array[])[],
) {
  const maxRows = Math.max(0, ...blocks.map((rows) => rows.length));
  const scorer = createBlockScorer({ dim, queries, maxRows, implementation });
  const scores = blocks.map((rows) => {
    scorer.load(Float32Array.from(rows.flatMap((row) => [...row])), rows.length);
    return {
      squares: [...scorer.squares()],
      dots: queries.map((_, number) => [...scorer.dots(number)]),
      squaredDistances: queries.map((_, number) => [...scorer.squaredDistances(number)]),
      consecutiveDots: [...scorer.consecutiveDots()],
    };
  });
  scorer.release();
  return scores;
}

/** The same results by the formula. */
function expectedScores(queries: readonly Float32Array[], blocks: readonly (readonly Float32Array[])[]) {
  let rowBefore: Float32Array | undefined;
  return blocks.map((rows) => ({
    squares: rows.map((row) => naiveDot(row, row)),
    dots: queries.map((query) => rows.map((row) => naiveDot(query, row))),
    squaredDistances: queries.map((query) => rows.map((row) => naiveSquaredDistance(query, row))),
    consecutiveDots: rows.map((row) => {
      const dot = rowBefore === undefined ? Number.NaN : naiveDot(rowBefore, row);
      rowBefore = row;
      return dot;
    }),
  }));
}

// float32Array draws NaN, both infinities, denormals and the largest numbers as well.
const questions = fc.integer({ min: 1, max: 70 }).chain((dim) => {
  const row = fc.oneof(
    { weight: 9, arbitrary: fc.float32Array({ minLength: dim, maxLength: dim }) },
    { weight: 1, arbitrary: fc.constant(new Float32Array(dim)) },
  );
  return fc.record({
    dim: fc.constant(dim),
    queries: fc.array(row, { maxLength: 3 }),
    blocks: fc.array(fc.array(row, { maxLength: 5 }), { maxLength: 4 }),
  });
});

for (const implementation of implementations) {
  test(`${implementation} scores have the bits of the formula, with blocks of any size`, () => {
    fc.assert(
      fc.property(questions, ({ dim, queries, blocks }) => {
        assert.deepEqual(scoreAll(implementation, dim, queries, blocks), expectedScores(queries, blocks));
      }),
    );
  });

  test(`${implementation} scores have the bits of numpy’s`, () => {
    for (const { dim, rows, queries, ...scores } of readGolden()) {
      assert.deepEqual(scoreAll(implementation, dim, queries, [rows]), [scores], `dim ${dim}`);
    }
  });
}

test('SIMD and scalar agree to the bit on long rows', () => {
  const dim = 3070;
  const random = fc.sample(fc.float32Array({ minLength: dim, maxLength: dim, noNaN: true }), {
    numRuns: cases(12, 3),
    seed: 7,
  });
  const [queries, rows] = [random.slice(0, 4), random.slice(4)];
  assert.deepEqual(scoreAll('simd', dim, queries, [rows]), scoreAll('scalar', dim, queries, [rows]));
});

test('the sums with one row have the bits of those with all rows', () => {
  const queries = [Float32Array.of(0.1, 2, 3e20, 4, 5), Float32Array.of(-1, 1 / 3, 0, 7, 1e-20)];
  const scorer = createBlockScorer({ dim: 5, queries, maxRows: 3 });
  scorer.load(
    Float32Array.from({ length: 15 }, (_, i) => Math.sin(i) * 10 ** i),
    3,
  );
  const rows = [0, 1, 2];
  for (const query of queries.keys()) {
    const distances = rows.map((row) => scorer.squaredDistance(query, row));
    assert.deepEqual(distances, [...scorer.squaredDistances(query)]);
    assert.deepEqual(
      rows.map((row) => scorer.dot(query, row)),
      [...scorer.dots(query)],
    );
  }
  scorer.release();
});

test('rows times factors are added to sums in order, except rows with the factor 0', () => {
  const dim = 13;
  const numbers = fc.float64Array({ minLength: dim, maxLength: dim, noNaN: true });
  const row = fc.record({
    values: fc.float32Array({ minLength: dim, maxLength: dim }),
    factor: fc.oneof(fc.constant(0), fc.double()),
  });
  const added = (implementation: KernelImplementation, rows: readonly Factored[], before: Float64Array) => {
    const sums = before.slice();
    const scorer = createBlockScorer({ dim, queries: [], maxRows: 9, implementation });
    scorer.load(Float32Array.from(rows.flatMap(({ values }) => [...values])), rows.length);
    scorer.addRows(
      Float64Array.from(rows, ({ factor }) => factor),
      sums,
    );
    scorer.release();
    return sums;
  };
  fc.assert(
    fc.property(fc.array(row, { maxLength: 9 }), numbers, (rows, before) => {
      const expected = before.map((sum, i) =>
        rows.reduce((s, { values, factor }) => (factor === 0 ? s : s + values[i] * factor), sum),
      );
      for (const implementation of implementations)
        assert.deepEqual(added(implementation, rows, before), expected);
    }),
  );
});

interface Factored {
  readonly values: Float32Array;
  readonly factor: number;
}

test('SIMD is in use by default, and GIALLO_KERNEL=scalar turns it off', (t) => {
  t.after(() => delete process.env.GIALLO_KERNEL);
  delete process.env.GIALLO_KERNEL;
  assert.equal(createBlockScorer({ dim: 4, queries: [], maxRows: 1 }).implementation, 'simd');
  process.env.GIALLO_KERNEL = 'scalar';
  assert.equal(createBlockScorer({ dim: 4, queries: [], maxRows: 1 }).implementation, 'scalar');
});

test('after a reset the first row has no previous row', () => {
  for (const implementation of implementations) {
    const scorer = createBlockScorer({ dim: 2, queries: [], maxRows: 2, implementation });
    scorer.load(Float32Array.of(1, 2, 3, 4), 2);
    assert.deepEqual([...scorer.consecutiveDots()], [Number.NaN, 11]);
    scorer.reset();
    scorer.load(Float32Array.of(5, 6), 1);
    assert.deepEqual([...scorer.consecutiveDots()], [Number.NaN]);
    scorer.release();
  }
});

test('the views of different methods do not overlap', () => {
  const scorer = createBlockScorer({ dim: 2, queries: [Float32Array.of(1, 1)], maxRows: 1 });
  scorer.load(Float32Array.of(3, 4), 1);
  const [squares, dots, distances] = [scorer.squares(), scorer.dots(0), scorer.squaredDistances(0)];
  const [floats, dot] = [scorer.floatDots(0), scorer.dot(0, 0)];
  assert.deepEqual([squares[0], dots[0], distances[0], floats[0], dot], [25, 7, 13, 7, 7]);
});

test('released memory is reused and can grow, memory in use is not shared', () => {
  const small = createBlockScorer({ dim: 8, queries: [], maxRows: 1, implementation: 'simd' });
  const other = createBlockScorer({ dim: 8, queries: [], maxRows: 1, implementation: 'simd' });
  small.load(Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0), 1);
  other.load(Float32Array.of(2, 0, 0, 0, 0, 0, 0, 0), 1);
  assert.equal(small.squares()[0], 1);
  const before = other.squares().buffer;
  small.release();
  other.release();
  other.release();
  const next = createBlockScorer({ dim: 8, queries: [], maxRows: 1, implementation: 'simd' });
  next.load(new Float32Array(8), 1);
  assert.equal(next.squares().buffer, before);
  next.release();
  const large = createBlockScorer({ dim: 3072, queries: [], maxRows: 1000, implementation: 'simd' });
  large.load(new Float32Array(3072 * 1000).fill(1), 1000);
  assert.equal(large.squares()[999], 3072);
  large.release();
});

test('rows too long for memory are refused, and the memory stays usable', async () => {
  for (const implementation of implementations) {
    const absurd = { dim: 2 ** 52, queries: [], maxRows: 1, implementation };
    await rejects(() => createBlockScorer(absurd), { code: 'size-absurd', message: /of memory at once/ });
    const scorer = createBlockScorer({ dim: 1, queries: [], maxRows: 1, implementation });
    scorer.load(Float32Array.of(2), 1);
    assert.deepEqual([...scorer.squares()], [4]);
    scorer.release();
    const first = { dim: 2 ** 30, queries: [], maxRows: 1, implementation };
    if (implementation === 'simd') await rejects(() => createBlockScorer(first), { code: 'size-absurd' });
  }
});

test('vectors that do not fit a scorer are refused', () => {
  const options = { dim: 3, queries: [new Float32Array(3)], maxRows: 2 };
  const scorer = createBlockScorer(options);
  assert.throws(() => scorer.load(new Float32Array(5), 2), RangeError);
  assert.throws(() => scorer.load(new Float32Array(9), 3), RangeError);
  for (const method of ['dots', 'floatDots', 'squaredDistances'] as const)
    assert.throws(() => scorer[method](1), RangeError);
  assert.throws(() => createBlockScorer({ ...options, queries: [new Float32Array(2)] }), RangeError);
  scorer.release();
  assert.throws(() => scorer.load(new Float32Array(3), 1), RangeError);
});

test('a block is about half a MiB and at least one row', () => {
  assert.equal(rowsPerBlock(3072), 42);
  assert.equal(rowsPerBlock(1_000_000), 1);
});

interface GoldenFile {
  readonly dim: number;
  readonly rows: string;
  readonly queries: string;
  readonly squares: string;
  readonly dots: readonly string[];
  readonly squaredDistances: readonly string[];
  readonly consecutiveDots: string;
}

function readGolden() {
  const url = new URL('../fixtures/kernel/golden.json', import.meta.url);
  const cases = JSON.parse(readFileSync(url, 'utf8')) as readonly GoldenFile[];
  return cases.map((golden) => ({
    dim: golden.dim,
    rows: vectors(golden.rows, golden.dim),
    queries: vectors(golden.queries, golden.dim),
    squares: doubles(golden.squares),
    dots: golden.dots.map(doubles),
    squaredDistances: golden.squaredDistances.map(doubles),
    consecutiveDots: doubles(golden.consecutiveDots),
  }));
}

function vectors(base64: string, dim: number): Float32Array[] {
  const all = new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
  return Array.from({ length: all.length / dim }, (_, row) => all.subarray(row * dim, (row + 1) * dim));
}

function doubles(base64: string): number[] {
  return [...new Float64Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer)];
}
