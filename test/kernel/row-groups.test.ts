import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  createGroupKernel,
  type GroupShape,
  groupBytes,
  groupRows,
  groupShape,
  rowMarks,
} from '../../src/kernel/row-groups.js';
import type { GroupKernel, KernelImplementation } from '../../src/kernel/wasm.js';

const memory = new WebAssembly.Memory({ initial: 8, maximum: 65_536, shared: true });
const never = 2 ** 31 - 1;

interface Row {
  readonly codes: Int16Array;
  readonly ofHalf: number;
  readonly ofHead: number;
  readonly floor: number;
  readonly remainders: readonly [ofHead: number, ofMiddle: number, ofWhole: number];
}

interface Case {
  readonly shape: GroupShape;
  readonly a: readonly Row[];
  readonly b: readonly Row[];
}

const float = fc.float({ noNaN: true, min: -(2 ** 31), max: 2 ** 31 });
const remainder = fc.oneof(fc.float({ noNaN: true, min: 0, max: 2 ** 15 }), fc.constantFrom(0, Number.NaN));
const threshold = fc.oneof(fc.integer(), fc.constantFrom(never, -(2 ** 31)));
const eights = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((count) => count * 8);

/** Up to three groups on each side, the last one not full; sketches that are only heads; codes whose sums overflow. */
const cases = fc
  .record({ headDim: eights(1, 4), middleDim: eights(0, 2), restDim: eights(0, 2) })
  .chain((shape) => {
    const dim = dimOf(shape);
    const row = fc.record({
      codes: fc.oneof(
        fc.int16Array({ minLength: dim, maxLength: dim }),
        fc.constantFrom(-32_768, 32_767).map((code) => new Int16Array(dim).fill(code)),
      ),
      ofHalf: threshold,
      ofHead: threshold,
      floor: fc.oneof(float, fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)),
      remainders: fc.tuple(remainder, remainder, remainder),
    });
    const rows = fc.array(row, { maxLength: 37 });
    return fc.record({ shape: fc.constant(shape), a: rows, b: rows });
  });

for (const implementation of ['simd', 'scalar'] satisfies KernelImplementation[]) {
  const kernel = createGroupKernel(memory, implementation);
  const findSurvivors = (some: Case): number[][] => {
    const { shape, a, b } = some;
    const { startB, scratch, out } = layOut(kernel, some);
    const { headDim, middleDim, restDim } = shape;
    const count = kernel.survivors(0, a.length, startB, b.length, headDim, middleDim, restDim, scratch, out);
    const written = new Int32Array(memory.buffer, out, count * 3);
    const found = Array.from({ length: count }, (_, n) => [...written.subarray(n * 3, n * 3 + 3)]);
    return found.sort(([a0, b0], [a1, b1]) => a0 - a1 || b0 - b1);
  };

  test(`${implementation} survivors are the pairs that count and can reach the floor of either row`, () => {
    const withoutHalves = (rows: readonly Row[]) => rows.map((row) => ({ ...row, ofHalf: -(2 ** 31) }));
    fc.assert(
      fc.property(cases, ({ shape, ...rows }) => {
        const some = { shape, a: withoutHalves(rows.a), b: withoutHalves(rows.b) };
        assert.deepEqual(findSurvivors(some), naiveSurvivors(some));
      }),
    );
  });

  test(`${implementation} survivors include every pair whose half of the head counts for one of its rows`, () => {
    fc.assert(
      fc.property(cases, (some) => {
        const found = new Set(findSurvivors(some).map(String));
        const all = naiveSurvivors(some);
        const counts = ([i, j]: readonly number[]) => {
          const [one, other] = [some.a[i], some.b[j]];
          const half = productOf(one.codes, other.codes, some.shape.headDim / 2);
          return half >= Math.min(one.ofHalf, other.ofHalf);
        };
        assert.deepEqual(
          all
            .filter(counts)
            .map(String)
            .filter((pair) => !found.has(pair)),
          [],
        );
        const isOneOfAll = new Set(all.map(String));
        assert.ok([...found].every((pair) => isOneOfAll.has(pair)));
      }),
    );
  });

  test(`${implementation} with an unreachable floor, only the other row’s floor counts`, () => {
    const square = 32_767 ** 2;
    const rowsOf = (...floors: readonly number[]): Row[] =>
      floors.map((floor, at) => {
        const codes = new Int16Array(8);
        codes[at] = 32_767;
        const ofHead = floor > square ? never : floor;
        return { codes, ofHalf: ofHead, ofHead, floor: Math.fround(floor), remainders: [0, 0, 0] };
      });
    const nowhere = Number.POSITIVE_INFINITY;
    const shape = { headDim: 8, middleDim: 0, restDim: 0 };
    assert.deepEqual(findSurvivors({ shape, a: rowsOf(square - 64, -1), b: rowsOf(nowhere, nowhere) }), [
      [0, 0, square],
      [1, 0, 0],
      [1, 1, square],
    ]);
    assert.deepEqual(
      findSurvivors({ shape, a: rowsOf(nowhere, nowhere), b: rowsOf(square - 64, square + 64) }),
      [[0, 0, square]],
    );
  });

  test(`${implementation} the square of what each part of the codes leaves out is right`, () => {
    fc.assert(
      fc.property(cases, (some) => {
        const { shape, a } = some;
        const { squares } = layOut(kernel, some);
        const starts = [shape.headDim / 2, shape.headDim, shape.headDim + shape.middleDim];
        const expected = a.flatMap(({ codes }) =>
          starts.map((start) =>
            productOf(codes.subarray(start), codes.subarray(start), codes.length - start),
          ),
        );
        assert.deepEqual([...squares], expected);
      }),
    );
  });

  test(`${implementation} tops are the highest products of half heads, each with the other row`, () => {
    fc.assert(
      fc.property(cases, ({ shape, ...some }) => {
        const { headDim } = shape;
        const [a, b] = [inWholeGroups(some.a, dimOf(shape)), inWholeGroups(some.b, dimOf(shape))];
        const { startB, scratch, out } = layOut(kernel, { shape, a, b });
        const topsB = out + 4 * a.length;
        const tops = new Int32Array(memory.buffer, out, a.length + b.length).fill(-(2 ** 31));
        kernel.raiseTops(0, a.length, out, startB, b.length, topsB, headDim, dimOf(shape) - headDim, scratch);
        const topOf = (row: Row, others: readonly Row[]) =>
          others.reduce(
            (top, { codes }, at) => Math.max(top, (productOf(row.codes, codes, headDim / 2) & ~0xffff) | at),
            -(2 ** 31),
          );
        assert.deepEqual([...tops], [...a.map((row) => topOf(row, b)), ...b.map((row) => topOf(row, a))]);
      }),
    );
  });

  test(`${implementation} a whole product is the product of two rows`, () => {
    fc.assert(
      fc.property(cases, (some) => {
        const { shape, a, b } = some;
        const { startB } = layOut(kernel, some);
        const { headDim } = shape;
        for (const [i, one] of a.entries()) {
          for (const [j, other] of b.entries()) {
            const found = kernel.wholeProduct(0, i, startB, j, headDim, dimOf(shape) - headDim);
            assert.equal(found, productOf(one.codes, other.codes, dimOf(shape)));
          }
        }
      }),
    );
  });
}

test('a shape has all codes of a row', () => {
  const all = [8, 32, 40, 96, 104, 256].map((width) => groupShape(width, Math.min(32, width)));
  assert.deepEqual(all.map(dimOf), [8, 32, 40, 96, 104, 256]);
  assert.deepEqual(all.at(-1), { headDim: 32, middleDim: 64, restDim: 160 });
});

function dimOf({ headDim, middleDim, restDim }: GroupShape): number {
  return headDim + middleDim + restDim;
}

/** With rows of zeros behind them. */
function inWholeGroups(rows: readonly Row[], dim: number): Row[] {
  const length = Math.ceil(rows.length / groupRows) * groupRows;
  const nothing: Row = { codes: new Int16Array(dim), ofHalf: 0, ofHead: 0, floor: 0, remainders: [0, 0, 0] };
  return Array.from({ length }, (_, at) => rows[at] ?? nothing);
}

/**
 * Lays the rows of `a` from the last to the first. Behind the rows is noise, which may be read but must not change
 * results.
 */
function layOut(kernel: GroupKernel, { shape, a, b }: Case) {
  new Uint8Array(memory.buffer).fill(0x7f);
  const startB = groupBytes(shape, a.length);
  const codes = startB + groupBytes(shape, b.length);
  lay(kernel, shape, b, startB, codes);
  const squares = lay(kernel, shape, a, 0, codes);
  return { startB, scratch: codes, out: codes + 128, squares };
}

function lay(kernel: GroupKernel, shape: GroupShape, rows: readonly Row[], start: number, codes: number) {
  const dim = dimOf(shape);
  const backwards = rows.map((_, at) => rows.length - 1 - at);
  const places = codes + 2 * dim * rows.length;
  const squares = places + 4 * rows.length;
  const written = new Int16Array(memory.buffer, codes, dim * rows.length);
  for (const [at, place] of backwards.entries()) written.set(rows[place].codes, at * dim);
  new Int32Array(memory.buffer, places, rows.length).set(backwards);
  kernel.layRows(codes, places, rows.length, shape.headDim, shape.middleDim, shape.restDim, start, squares);
  const { setFloor, setRemainders } = rowMarks(memory, start, shape);
  for (const [place, { ofHalf, ofHead, floor, remainders }] of rows.entries()) {
    setRemainders(place, ...remainders);
    setFloor(place, ofHalf, ofHead, floor);
  }
  const found = new Int32Array(memory.buffer, squares, 3 * rows.length);
  return rows.flatMap((_, at) => [...found.subarray(3 * backwards[at], 3 * backwards[at] + 3)]);
}

function naiveSurvivors({ shape, a, b }: Case): number[][] {
  const found: number[][] = [];
  const { headDim, middleDim } = shape;
  const ends = [headDim, headDim + middleDim, dimOf(shape)];
  for (const [i, one] of a.entries()) {
    for (const [j, other] of b.entries()) {
      const products = ends.map((end) => productOf(one.codes, other.codes, end));
      const floor = Math.min(one.floor, other.floor);
      const canReach = products.every(
        (product, part) => product + one.remainders[part] * other.remainders[part] >= floor,
      );
      if (products[0] >= Math.min(one.ofHead, other.ofHead) && canReach) found.push([i, j, products[2]]);
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
