import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTileKernel } from '../../src/kernel/tiles.js';
import type { KernelImplementation } from '../../src/kernel/wasm.js';

const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });

// Places for at most 16 rows of 64 codes a side, each with room to read past its end.
const place = { a: 64, b: 8192, aThresholds: 16_384, bThresholds: 16_512, scratch: 20_000, out: 24_576 };

interface Tile {
  readonly dim: number;
  readonly a: readonly Int16Array[];
  readonly b: readonly Int16Array[];
  readonly aThresholds: Int32Array;
  readonly bThresholds: Int32Array;
}

const tiles = fc.integer({ min: 0, max: 8 }).chain((eighths) => {
  const dim = eighths * 8;
  const code = fc.oneof(
    fc.integer({ min: -32_768, max: 32_767 }),
    fc.constantFrom(-32_768, -32_767, 32_767, 0),
  );
  const row = fc.array(code, { minLength: dim, maxLength: dim }).map((codes) => Int16Array.from(codes));
  const rows = fc.array(row, { maxLength: 13 });
  return fc.tuple(rows, rows).chain(([a, b]) =>
    fc.record({
      dim: fc.constant(dim),
      a: fc.constant(a),
      b: fc.constant(b),
      aThresholds: fc.int32Array({ minLength: a.length, maxLength: a.length }),
      bThresholds: fc.int32Array({ minLength: b.length, maxLength: b.length }),
    }),
  );
});

for (const implementation of ['simd', 'scalar'] satisfies KernelImplementation[]) {
  const kernel = createTileKernel(memory, implementation);

  test(`${implementation} products are those of a plain loop, also where int32 wraps`, () => {
    fc.assert(
      fc.property(tiles, (tile) => {
        layOut(tile);
        kernel.tile(place.a, tile.a.length, place.b, tile.b.length, tile.dim, place.out);
        const stride = Math.ceil(tile.b.length / 4) * 4;
        const found = tile.a.map((_, i) => [
          ...new Int32Array(memory.buffer, place.out + i * stride * 4, tile.b.length),
        ]);
        assert.deepEqual(found, naiveProducts(tile));
      }),
    );
  });

  test(`${implementation} survivors are the products that reach either threshold`, () => {
    fc.assert(
      fc.property(tiles, (tile) => {
        assert.deepEqual(findSurvivors(tile), naiveSurvivors(tile));
      }),
    );
  });

  test(`${implementation} thresholds out of reach prune by the other side alone`, () => {
    const rows = [Int16Array.of(32_767, 0, 0, 0, 0, 0, 0, 0), Int16Array.of(0, 32_767, 0, 0, 0, 0, 0, 0)];
    const tile = { dim: 8, a: rows, b: rows };
    const never = new Int32Array(2).fill(2 ** 31 - 1);
    const square = 32_767 ** 2;
    assert.deepEqual(findSurvivors({ ...tile, aThresholds: Int32Array.of(square, -1), bThresholds: never }), [
      [0, 0, square],
      [1, 0, 0],
      [1, 1, square],
    ]);
    assert.deepEqual(
      findSurvivors({ ...tile, aThresholds: never, bThresholds: Int32Array.of(square, square + 1) }),
      [[0, 0, square]],
    );
  });

  function findSurvivors(tile: Tile): number[][] {
    layOut(tile);
    const count = kernel.survivors(
      place.a,
      tile.a.length,
      place.aThresholds,
      place.b,
      tile.b.length,
      place.bThresholds,
      tile.dim,
      place.scratch,
      place.out,
    );
    const written = new Int32Array(memory.buffer, place.out, count * 3);
    const found = Array.from({ length: count }, (_, n) => [...written.subarray(n * 3, n * 3 + 3)]);
    return found.sort(([a0, b0], [a1, b1]) => a0 - a1 || b0 - b1);
  }
}

test('SIMD is in use by default', (t) => {
  t.after(() => delete process.env.GIALLO_KERNEL);
  delete process.env.GIALLO_KERNEL;
  assert.match(String(createTileKernel(memory).tile), /native code/);
  process.env.GIALLO_KERNEL = 'scalar';
  assert.doesNotMatch(String(createTileKernel(memory).tile), /native code/);
});

// What lies behind the rows is noise, and reading it must do no harm.
function layOut(tile: Tile): void {
  new Uint8Array(memory.buffer).fill(0x7f);
  for (const [address, rows] of [
    [place.a, tile.a],
    [place.b, tile.b],
  ] as const) {
    for (const [number, row] of rows.entries()) {
      new Int16Array(memory.buffer, address + number * tile.dim * 2, tile.dim).set(row);
    }
  }
  new Int32Array(memory.buffer, place.aThresholds).set(tile.aThresholds);
  new Int32Array(memory.buffer, place.bThresholds).set(tile.bThresholds);
}

function naiveProducts({ a, b }: Tile): number[][] {
  return a.map((left) =>
    b.map((right) => {
      const exact = left.reduce((sum, code, k) => sum + BigInt(code) * BigInt(right[k]), 0n);
      return Number(BigInt.asIntN(32, exact));
    }),
  );
}

function naiveSurvivors(tile: Tile): number[][] {
  return naiveProducts(tile).flatMap((row, i) =>
    row.flatMap((product, j) =>
      product >= tile.aThresholds[i] || product >= tile.bThresholds[j] ? [[i, j, product]] : [],
    ),
  );
}
