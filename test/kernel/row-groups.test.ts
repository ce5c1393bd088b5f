import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createGroupKernel, groupBytes, groupRows, rowGroups } from '../../src/kernel/row-groups.js';
import type { KernelImplementation } from '../../src/kernel/wasm.js';

const memory = new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true });

interface Row {
  readonly codes: Int16Array;
  readonly ofHead: number;
  readonly ofWhole: number;
}

interface Case {
  readonly headDim: number;
  readonly restDim: number;
  readonly a: readonly Row[];
  readonly b: readonly Row[];
}

const thresholds = fc.oneof(fc.integer(), fc.constantFrom(2 ** 31 - 1, -(2 ** 31)));

/** Up to three groups a side, the last one not full; heads without a rest; codes whose sums wrap. */
const cases = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(3)).chain(([heads, rests]) => {
  const [headDim, restDim] = [heads * 8, rests * 8];
  const dim = headDim + restDim;
  const row = fc.record({
    codes: fc.oneof(
      fc.int16Array({ minLength: dim, maxLength: dim }),
      fc.constantFrom(-32_768, 32_767).map((code) => new Int16Array(dim).fill(code)),
    ),
    ofHead: thresholds,
    ofWhole: thresholds,
  });
  const rows = fc.array(row, { maxLength: 37 });
  return fc.record({ headDim: fc.constant(headDim), restDim: fc.constant(restDim), a: rows, b: rows });
});

for (const implementation of ['simd', 'scalar'] satisfies KernelImplementation[]) {
  const kernel = createGroupKernel(memory, implementation);
  const findSurvivors = (some: Case): number[][] => {
    const { headDim, restDim, a, b } = some;
    const { startB, scratch, out } = layOut(some);
    const count = kernel.survivors(0, a.length, startB, b.length, headDim, restDim, scratch, out);
    const written = new Int32Array(memory.buffer, out, count * 3);
    const found = Array.from({ length: count }, (_, n) => [...written.subarray(n * 3, n * 3 + 3)]);
    return found.sort(([a0, b0], [a1, b1]) => a0 - a1 || b0 - b1);
  };

  test(`${implementation} survivors are the pairs whose head and whole product reach thresholds of either row`, () => {
    fc.assert(fc.property(cases, (some) => assert.deepEqual(findSurvivors(some), naiveSurvivors(some))));
  });

  test(`${implementation} thresholds out of reach prune by the other side alone`, () => {
    const square = 32_767 ** 2;
    const never = 2 ** 31 - 1;
    const rowsOf = (...thresholds: readonly number[]): Row[] =>
      thresholds.map((threshold, at) => {
        const codes = new Int16Array(8);
        codes[at] = 32_767;
        return { codes, ofHead: threshold, ofWhole: threshold };
      });
    const shape = { headDim: 8, restDim: 0 };
    assert.deepEqual(findSurvivors({ ...shape, a: rowsOf(square, -1), b: rowsOf(never, never) }), [
      [0, 0, square],
      [1, 0, 0],
      [1, 1, square],
    ]);
    assert.deepEqual(findSurvivors({ ...shape, a: rowsOf(never, never), b: rowsOf(square, square + 1) }), [
      [0, 0, square],
    ]);
  });

  test(`${implementation} tops are the highest products of heads, with the other row`, () => {
    fc.assert(
      fc.property(cases, (some) => {
        const { headDim, restDim } = some;
        const [a, b] = [inWholeGroups(some.a, headDim + restDim), inWholeGroups(some.b, headDim + restDim)];
        const { startB, scratch, out } = layOut({ headDim, restDim, a, b });
        const topsB = out + 4 * a.length;
        const tops = new Int32Array(memory.buffer, out, a.length + b.length).fill(-(2 ** 31));
        kernel.raiseTops(0, a.length, out, startB, b.length, topsB, headDim, restDim, scratch);
        const topOf = (row: Row, others: readonly Row[]) =>
          others.reduce(
            (top, { codes }, at) => Math.max(top, (productOf(row.codes, codes, headDim) & ~0xffff) | at),
            -(2 ** 31),
          );
        assert.deepEqual([...tops], [...a.map((row) => topOf(row, b)), ...b.map((row) => topOf(row, a))]);
      }),
    );
  });

  test(`${implementation} a whole product is that of two rows`, () => {
    fc.assert(
      fc.property(cases, (some) => {
        const { headDim, restDim, a, b } = some;
        const { startB } = layOut(some);
        for (const [i, one] of a.entries()) {
          for (const [j, other] of b.entries()) {
            const found = kernel.wholeProduct(0, i, startB, j, headDim, restDim);
            assert.equal(found, productOf(one.codes, other.codes, headDim + restDim));
          }
        }
      }),
    );
  });
}

/** With rows of zeros behind them. */
function inWholeGroups(rows: readonly Row[], dim: number): Row[] {
  const length = Math.ceil(rows.length / groupRows) * groupRows;
  return Array.from({ length }, (_, at) => rows[at] ?? { codes: new Int16Array(dim), ofHead: 0, ofWhole: 0 });
}

/** What lies behind the rows is noise, and reading it must do no harm. */
function layOut({ headDim, restDim, a, b }: Case): { startB: number; scratch: number; out: number } {
  new Uint8Array(memory.buffer).fill(0x7f);
  const shape = { headDim, restDim };
  const startB = groupBytes(shape, a.length);
  const scratch = startB + groupBytes(shape, b.length);
  for (const [start, rows] of [
    [0, a],
    [startB, b],
  ] as const) {
    const groups = rowGroups(memory, start, shape);
    for (const [place, { codes, ofHead, ofWhole }] of rows.entries()) {
      groups.lay(place, codes);
      groups.setThresholds(place, ofHead, ofWhole);
    }
  }
  return { startB, scratch, out: scratch + 128 };
}

function naiveSurvivors({ headDim, restDim, a, b }: Case): number[][] {
  const found: number[][] = [];
  for (const [i, one] of a.entries()) {
    for (const [j, other] of b.entries()) {
      const head = productOf(one.codes, other.codes, headDim);
      const whole = productOf(one.codes, other.codes, headDim + restDim);
      const isReached = head >= Math.min(one.ofHead, other.ofHead);
      if (isReached && whole >= Math.min(one.ofWhole, other.ofWhole)) found.push([i, j, whole]);
    }
  }
  return found;
}

/** Of the first codes, as int32 that wraps. */
function productOf(a: Int16Array, b: Int16Array, count: number): number {
  let exact = 0n;
  for (let k = 0; k < count; k++) exact += BigInt(a[k]) * BigInt(b[k]);
  return Number(BigInt.asIntN(32, exact));
}
