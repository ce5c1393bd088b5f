import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTileKernel } from '../../src/kernel/tiles.js';
import type { KernelImplementation } from '../../src/kernel/wasm.js';

const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });

// Places for at most 16 rows of 64 codes a side, each with room to read past its end.
const place = { a: 64, b: 8192, out: 24_576 };

interface Tile {
  readonly dim: number;
  readonly a: readonly Int16Array[];
  readonly b: readonly Int16Array[];
}

const tiles = fc.integer({ min: 0, max: 8 }).chain((eighths) => {
  const dim = eighths * 8;
  const code = fc.oneof(
    fc.integer({ min: -32_768, max: 32_767 }),
    fc.constantFrom(-32_768, -32_767, 32_767, 0),
  );
  const row = fc.array(code, { minLength: dim, maxLength: dim }).map((codes) => Int16Array.from(codes));
  const rows = fc.array(row, { maxLength: 13 });
  return fc.record({ dim: fc.constant(dim), a: rows, b: rows });
});

for (const implementation of ['simd', 'scalar'] satisfies KernelImplementation[]) {
  const kernel = createTileKernel(memory, implementation);

  test(`${implementation} products are those of a plain loop, also if int32 overflows`, () => {
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
}

test('SIMD is in use by default', (t) => {
  t.after(() => delete process.env.GIALLO_KERNEL);
  delete process.env.GIALLO_KERNEL;
  assert.match(String(createTileKernel(memory).tile), /native code/);
  process.env.GIALLO_KERNEL = 'scalar';
  assert.doesNotMatch(String(createTileKernel(memory).tile), /native code/);
});

// Behind the rows is noise, which may be read but must not change results.
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
}

function naiveProducts({ a, b }: Tile): number[][] {
  return a.map((left) =>
    b.map((right) => {
      const exact = left.reduce((sum, code, k) => sum + BigInt(code) * BigInt(right[k]), 0n);
      return Number(BigInt.asIntN(32, exact));
    }),
  );
}
