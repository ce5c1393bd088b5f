/** Compares every archive of the corpus with what numpy reads from it, in `test/fixtures/npz-corpus/expected.json`. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { type Film, openFilm } from '../../src/collection/film.js';
import type { ReadingOptions } from '../../src/collection/film-arrays.js';
import { GialloError } from '../../src/errors.js';

interface Facts {
  readonly frames: number;
  readonly dim: number;
  readonly crc32OfFloat32RowMajor: string;
}

interface Expected extends Partial<Facts> {
  readonly storedShape: readonly number[];
  readonly fortranOrder?: boolean;
  readonly filenames?: readonly string[] | { count: number; first: string; last: string };
  readonly error?: string;
  readonly warning?: string;
  readonly assumedBfloat16?: Facts;
}

const corpus = join(import.meta.dirname, '../fixtures/npz-corpus');
const expectations = new Map<string, Expected>(
  Object.entries(JSON.parse(readFileSync(join(corpus, 'expected.json'), 'utf8'))),
);

describe('archives of the corpus are read as numpy reads them', () => {
  test('the corpus has 26 archives', () => assert.equal(expectations.size, 26));
  for (const [name, expected] of expectations) {
    test(name, () => checkArchive(name, expected));
  }
});

async function checkArchive(name: string, expected: Expected): Promise<void> {
  const { assumedBfloat16, error } = expected;
  if (error !== undefined) {
    await assert.rejects(readAll(name), (thrown) => thrown instanceof GialloError && thrown.code === error);
    if (assumedBfloat16 === undefined) return;
  }
  const facts = assumedBfloat16 ?? expected;
  const read = await readAll(name, assumedBfloat16 && { assume: 'bfloat16' });
  assert.equal(read.film.frames, facts.frames);
  assert.equal(read.film.dim, facts.dim ?? 0);
  assert.equal(read.crc32, facts.crc32OfFloat32RowMajor ?? '00000000');
  checkStored(read.film, expected);
  checkNames(read.filenames, expected.filenames ?? ['0', '1', '2', '3', '4']);
  assert.deepEqual(read.warnings, expected.warning === undefined ? [] : [expected.warning]);
}

function checkStored(film: Film, expected: Expected): void {
  const stored = film.arrays.find(({ name }) => name === 'embeddings' || name === 'arr_1');
  assert.deepEqual(stored?.shape, expected.storedShape);
  assert.equal(stored?.fortranOrder, expected.fortranOrder ?? false);
}

function checkNames(found: readonly string[], expected: NonNullable<Expected['filenames']>): void {
  if ('count' in expected) {
    const { count, first, last } = expected;
    assert.deepEqual([found.length, found[0], found.at(-1)], [count, first, last]);
  } else assert.deepEqual(found, expected);
}

async function readAll(name: string, options?: ReadingOptions) {
  const film = await openFilm({ name, path: join(corpus, `${name}.npz`) }, options);
  try {
    const { filenames, warnings } = await film.readFilenames();
    let sum = 0;
    let rows = 0;
    for await (const block of film.readBlocks()) {
      assert.equal(block.firstRow, rows);
      assert.equal(block.values.length, block.rows * film.dim);
      rows += block.rows;
      sum = crc32(new Uint8Array(block.values.buffer, block.values.byteOffset, block.values.byteLength), sum);
    }
    assert.equal(rows, film.frames);
    const codes = warnings.map(({ code }) => code);
    return { film, filenames, warnings: codes, crc32: sum.toString(16).padStart(8, '0') };
  } finally {
    await film.close();
  }
}
