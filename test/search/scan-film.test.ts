import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Film } from '../../src/collection/film.js';
import type { RowBlock } from '../../src/npz/rows.js';
import { blocksOf } from '../../src/search/scan-film.js';

test('blocks are split to the right size, in order, without losing a row or a count', async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 3 }),
      async (rows, maxRows, dim) => {
        const seen: number[] = [];
        let infinite = 0;
        for await (const block of blocksOf(filmOf(rows, dim), maxRows)) {
          assert.ok(block.rows <= maxRows);
          assert.equal(block.firstRow * dim, seen.length);
          assert.equal(block.values.length, block.rows * dim);
          seen.push(...block.values);
          infinite += block.becameInfinite;
        }
        const total = rows.reduce((sum, each) => sum + each, 0);
        assert.deepEqual(seen, [...Array(total * dim).keys()]);
        assert.equal(infinite, rows.filter((each) => each > 0).length);
      },
    ),
  );
});

test('signals get their turn between the blocks of one reading', async () => {
  const stop = new AbortController();
  setImmediate(() => stop.abort(new Error('enough')));
  let seen = 0;
  const work = async () => {
    for await (const block of blocksOf(filmOf([10], 1), 1, stop.signal)) {
      seen += block.rows;
      // Longer than the time after which signals get a turn.
      const end = performance.now() + 30;
      while (performance.now() < end);
    }
  };
  await assert.rejects(work, /enough/);
  assert.ok(seen < 10);
});

/** Blocks of so many rows, whose numbers count from 0, each with one number that became infinite. */
function filmOf(sizes: readonly number[], dim: number): Film {
  const readBlocks = async function* (): AsyncGenerator<RowBlock> {
    let firstRow = 0;
    for (const rows of sizes) {
      const values = Float32Array.from({ length: rows * dim }, (_, i) => firstRow * dim + i);
      yield { firstRow, rows, values, becameInfinite: 1 };
      firstRow += rows;
    }
  };
  return { dim, readBlocks } as Film;
}
