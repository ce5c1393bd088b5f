import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Film, openFilm } from '../../src/collection/film.js';
import { holdRows, readRows } from '../../src/collection/held-rows.js';

const path = fileURLToPath(new URL('../fixtures/golden/films/Beta.1971.mp4.npz', import.meta.url));
const beta = await openFilm({ name: 'Beta', path });
after(() => beta.close());
const all: Float32Array[] = [];
for await (const { rows, values } of beta.readBlocks())
  for (let row = 0; row < rows; row++) all.push(values.slice(row * beta.dim, (row + 1) * beta.dim));

/** How often a film's file is read, and whether the reading fails at its end, as that of a wrong checksum does. */
const reading = { times: 0, isBroken: false };
beforeEach(() => Object.assign(reading, { times: 0, isBroken: false }));

/** The film in blocks of seven rows, which overwrite one another, with a number in each that became infinite. */
const film: Film = {
  ...beta,
  async *readBlocks() {
    reading.times++;
    const memory = new Float32Array(7 * beta.dim);
    for (let firstRow = 0; firstRow < all.length; firstRow += 7) {
      const part = all.slice(firstRow, firstRow + 7);
      for (const [i, row] of part.entries()) memory.set(row, i * beta.dim);
      const values = memory.subarray(0, part.length * beta.dim);
      yield { firstRow, rows: part.length, values, becameInfinite: 1 };
    }
    memory.fill(Number.NaN);
    if (reading.isBroken) throw new Error('the checksum is wrong');
  },
};

describe('held rows', () => {
  test('are read from the file once and are the same ever after', async () => {
    const held = holdRows(film);
    for (let time = 0; time < 3; time++) {
      assert.deepEqual(await rowsOf(held), { rows: all, becameInfinite: 6 });
    }
    assert.equal(reading.times, 1);
  });

  test('are not kept of a reading that was abandoned', async () => {
    const held = holdRows(film);
    for await (const _ of held.readBlocks()) break;
    assert.deepEqual((await rowsOf(held)).rows, all);
    assert.equal(reading.times, 2);
  });

  test('are not kept of a reading that failed', async () => {
    const held = holdRows(film);
    reading.isBroken = true;
    await assert.rejects(rowsOf(held), /checksum/);
    await assert.rejects(rowsOf(held), /checksum/);
    assert.equal(reading.times, 2);
  });
});

describe('rows read by index', () => {
  test('come in the order asked for, the same one twice too', async () => {
    const indices = [39, 0, 7, 6, 39, 20];
    assert.deepEqual(
      await readRows(film, indices),
      indices.map((index) => all[index]),
    );
    assert.deepEqual(await readRows(film, []), []);
  });

  test('are not handed out where the film turns out to be broken at its end', async () => {
    reading.isBroken = true;
    await assert.rejects(readRows(film, [0]), /checksum/);
  });

  test('are copies', async () => {
    const held = holdRows(film);
    const [row] = await readRows(held, [3]);
    row?.fill(0);
    assert.deepEqual(await readRows(held, [3]), [all[3]]);
  });
});

async function rowsOf({ readBlocks, dim }: Film) {
  const rows: Float32Array[] = [];
  let infinite = 0;
  for await (const block of readBlocks()) {
    assert.equal(block.firstRow, rows.length);
    infinite += block.becameInfinite;
    for (let row = 0; row < block.rows; row++) rows.push(block.values.slice(row * dim, (row + 1) * dim));
  }
  return { rows, becameInfinite: infinite };
}
