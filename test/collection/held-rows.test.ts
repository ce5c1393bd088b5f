import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Film, openFilm } from '../../src/collection/film.js';
import { holdFilm, readRowsAt, readToEnd } from '../../src/collection/held-rows.js';

const path = fileURLToPath(new URL('../fixtures/golden/films/Beta.1971.mp4.npz', import.meta.url));
const beta = await openFilm({ name: 'Beta', path });
after(() => beta.close());
const all: Float32Array[] = [];
for await (const { rows, values } of beta.readBlocks())
  for (let row = 0; row < rows; row++) all.push(values.slice(row * beta.dim, (row + 1) * beta.dim));

/**
 * How often a film's file is read, how many blocks are read, whether the reading fails at the end, as with a wrong
 * checksum, and what it waits for after each block.
 */
const reading = { times: 0, blocks: 0, isBroken: false, next: Promise.resolve() };
beforeEach(() => Object.assign(reading, { times: 0, blocks: 0, isBroken: false, next: Promise.resolve() }));

/** The film in blocks of seven rows, which overwrite one another, with a number in each that became infinite. */
const film: Film = {
  ...beta,
  close: async () => {},
  async *readBlocks(signal, areKept) {
    reading.times++;
    let memory = new Float32Array(7 * beta.dim);
    for (let firstRow = 0; firstRow < all.length; firstRow += 7) {
      const part = all.slice(firstRow, firstRow + 7);
      for (const [i, row] of part.entries()) memory.set(row, i * beta.dim);
      const values = memory.subarray(0, part.length * beta.dim);
      reading.blocks++;
      yield { firstRow, rows: part.length, values, becameInfinite: 1 };
      signal?.throwIfAborted();
      if (areKept) memory = new Float32Array(7 * beta.dim);
      await reading.next;
    }
    memory.fill(Number.NaN);
    if (reading.isBroken) throw new Error('the checksum is wrong');
  },
};

describe('a held film', () => {
  test('is read from its file once, immediately, and stays the same', async () => {
    const held = holdFilm(film);
    assert.equal(reading.times, 1);
    for (let time = 0; time < 3; time++) {
      assert.deepEqual(await rowsOf(held), { rows: all, becameInfinite: 6 });
    }
    assert.equal(reading.times, 1);
    assert.equal(held.readFilenames(), held.readFilenames());
    assert.deepEqual(await held.readFilenames(), await film.readFilenames());
    await held.close();
  });

  test('hands out blocks before it is read whole', async () => {
    const { promise, resolve } = withResolver();
    reading.next = promise;
    const held = holdFilm(film);
    assert.deepEqual(await readRowsAt(held, [3], { isEarly: true }), [all[3]]);
    assert.equal(reading.blocks, 1);
    resolve();
    assert.deepEqual(await rowsOf(held), { rows: all, becameInfinite: 6 });
    await held.close();
  });

  test('gives everyone who asks the error of a failed read, and ignores it if nobody asks', async () => {
    reading.isBroken = true;
    const held = holdFilm(film);
    for (let time = 0; time < 2; time++) await assert.rejects(rowsOf(held), /checksum/);
    await held.close();
  });

  test('is not read further after it is closed', async () => {
    const held = holdFilm(film);
    await held.close();
    assert.equal(reading.blocks, 1);
    await assert.rejects(rowsOf(held), { name: 'AbortError' });
  });

  test('throws the reason of the signal', async () => {
    const held = holdFilm(film, AbortSignal.abort(new Error('enough')));
    await assert.rejects(rowsOf(held), /enough/);
    await held.close();
  });
});

describe('rows read by index', () => {
  test('come in the requested order, also the same row twice', async () => {
    const indices = [39, 0, 7, 6, 39, 20];
    assert.deepEqual(
      await readRowsAt(film, indices),
      indices.map((index) => all[index]),
    );
    assert.deepEqual(await readRowsAt(film, []), []);
  });

  test('are not given out if the end of the film is damaged, unless they are wanted early', async () => {
    reading.isBroken = true;
    await assert.rejects(readRowsAt(film, [0]), /checksum/);
    const held = holdFilm(film);
    assert.deepEqual(await readRowsAt(held, [0], { isEarly: true }), [all[0]]);
    await assert.rejects(readToEnd(held), /checksum/);
    await held.close();
  });

  test('are copies', async () => {
    const held = holdFilm(film);
    const [row] = await readRowsAt(held, [3]);
    row?.fill(0);
    assert.deepEqual(await readRowsAt(held, [3]), [all[3]]);
  });
});

function withResolver() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

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
