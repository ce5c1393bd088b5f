import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openFilm, openVectors } from '../../src/collection/film.js';
import type { ReadingOptions } from '../../src/collection/film-arrays.js';
import type { ErrorCode } from '../../src/errors.js';
import { sourceOfBytes } from '../../src/npz/byte-source.js';
import { buildNpy, buildZip, type MemberParts } from '../npz/build-zip.js';
import { withFile } from '../npz/temporary-file.js';
import { rejects as rejectsAs } from '../rejects.js';
import { namesArray } from './small-films.js';

function floats(shape: readonly number[], descr = '<f4'): Buffer {
  const count = shape.reduce((product, n) => product * n, 1);
  return buildNpy(descr, shape, Buffer.alloc(count * Number(descr.slice(2))));
}

const two = namesArray('a', 'b');

const rejects = (pending: Promise<unknown>, code: ErrorCode, message: RegExp) =>
  rejectsAs(() => pending, { code, message });

describe('shapes', () => {
  const rows: readonly [number[], Buffer | undefined, frames: number, dim: number][] = [
    [[2, 3], two, 2, 3],
    [[2, 1, 3], two, 2, 3],
    [[2, 1, 1, 3, 1], two, 2, 3],
    [[2, 1, 1], two, 2, 1],
    [[1, 1, 1], namesArray('a'), 1, 1],
    [[1, 1, 3], namesArray('a'), 1, 3],
    [[3], namesArray('a'), 1, 3],
    [[3], undefined, 1, 3],
    [[0], namesArray(), 0, 0],
    [[0], undefined, 0, 0],
    [[0, 3], namesArray(), 0, 3],
    [[0, 0], namesArray(), 0, 0],
  ];
  for (const [shape, filenames, frames, dim] of rows) {
    test(`(${shape}) with ${filenames === undefined ? 'no ' : ''}names`, async () => {
      const film = await filmOf({ embeddings: floats(shape), filenames });
      assert.deepEqual([film.frames, film.dim], [frames, dim]);
      assert.equal(film.filenames.length, frames);
      assert.equal(film.rows, frames);
    });
  }

  const refused: readonly [number[], Buffer | undefined, RegExp][] = [
    [[], two, /found \(\)/],
    [[2, 3, 4], two, /found \(2, 3, 4\)/],
    [[1, 2, 3], two, /found \(1, 2, 3\)/],
    [[3], two, /2 names need as many vectors, found \(3,\)/],
    [[3, 3], two, /: 2 names for 3 frames/],
    [[0, 3], two, /: 2 names for 0 frames/],
    [[2, 0], two, /at least one number, found \(2, 0\)/],
  ];
  for (const [shape, filenames, words] of refused) {
    test(`(${shape}) is refused`, async () => {
      await rejects(filmOf({ embeddings: floats(shape), filenames }), 'shape-mismatch', words);
    });
  }
});

describe('which array is which', () => {
  const labels = namesArray('x', 'y');
  const accepted: readonly [string, Record<string, Buffer>, ReadingOptions?][] = [
    ['the usual names win', { filenames: two, labels, embeddings: floats([2, 3]), other: floats([2, 5]) }],
    ['the only ones', { paths: two, features: floats([2, 3]) }],
    [
      'the only floats beside integers',
      { paths: two, features: floats([2, 3]), mask: floats([2, 9], '|u1') },
    ],
    ['the only integers', { paths: two, codes: floats([2, 3], '|u1') }],
    [
      'the only strings of the right number',
      { paths: two, model: namesArray('clip'), features: floats([2, 3]) },
    ],
    [
      'those that are asked for',
      { a: labels, b: two, c: floats([2, 3]), d: floats([2, 4]) },
      { embeddingsKey: 'c', filenamesKey: 'b' },
    ],
    ['hostile names', { ['__proto__']: two, constructor: floats([2, 3]) }],
    [
      'broken arrays that nobody needs',
      { filenames: two, embeddings: floats([2, 3]), broken: Buffer.from('no') },
    ],
  ];
  for (const [what, arrays, options] of accepted) {
    test(what, async () => {
      const film = await filmOf(arrays, options);
      assert.deepEqual([film.frames, film.dim, film.filenames], [2, 3, ['a', 'b']]);
    });
  }

  const refused: readonly [string, Record<string, Buffer>, ErrorCode, RegExp, ReadingOptions?][] = [
    [
      'a key that is not there',
      { embeddings: floats([2, 3]) },
      'array-missing',
      /named x, found embeddings$/,
      { embeddingsKey: 'x' },
    ],
    [
      'a key of names that is not there',
      { embeddings: floats([2, 3]) },
      'array-missing',
      /named x/,
      { filenamesKey: 'x' },
    ],
    ['two candidates for vectors', { a: floats([2, 3]), b: floats([2, 3]) }, 'array-missing', /found a, b$/],
    [
      'two candidates for names',
      { a: two, b: two, c: floats([2, 3]) },
      'array-missing',
      /may be the names, found a, b$/,
    ],
    ['no vectors', { filenames: two }, 'array-missing', /found filenames$/],
    ['no arrays', {}, 'array-missing', /found no arrays$/],
    ['vectors with a broken header', { embeddings: Buffer.from('no') }, 'header-invalid', /embeddings\.npy/],
    ['strings for vectors', { embeddings: two }, 'dtype-unsupported', /found \|S4/],
    ['complex vectors', { embeddings: floats([2, 3], '<c8') }, 'dtype-unsupported', /found complex64/],
    [
      'complex vectors under another name',
      { a: floats([2, 3], '<c8') },
      'dtype-unsupported',
      /found complex64/,
    ],
    [
      'a header that promises more',
      { embeddings: floats([2, 3]).subarray(0, -4) },
      'header-invalid',
      /needs 152 bytes, and the array has 148/,
    ],
    [
      'a header that promises less',
      { embeddings: Buffer.concat([floats([2, 3]), Buffer.alloc(1)]) },
      'header-invalid',
      /the array has 153/,
    ],
  ];
  for (const [what, arrays, code, words, options] of refused) {
    test(`${what}: ${code}`, () => rejects(filmOf(arrays, options), code, words));
  }

  const hinted: readonly [string, ErrorCode, Record<string, Buffer>, RegExp][] = [
    ['several candidates', 'array-missing', { a: floats([2, 3]), b: floats([2, 3]) }, /--embeddings-key/],
    ['an archive without arrays', 'array-missing', {}, /numpy\.savez/],
    ['text', 'dtype-unsupported', { embeddings: two, other: floats([2, 3]) }, /--embeddings-key/],
    ['text and no numbers', 'dtype-unsupported', { embeddings: two }, /astype/],
  ];
  for (const [what, code, arrays, hint] of hinted) {
    test(`the error about ${what} has a hint that can help`, () =>
      rejectsAs(() => filmOf(arrays), { code, hint }));
  }

  test('the error about text in a question names the option of questions', async () => {
    const question = sourceOfBytes(archiveOf({ a: two, b: floats([2, 3]) }), 'stdin');
    await rejectsAs(() => openVectors(question, 'npz', { vectorKey: 'a' }), {
      code: 'dtype-unsupported',
      hint: /--vector-key/,
    });
  });
});

describe('names', () => {
  test('are row numbers if there is no array of names', async () => {
    const film = await filmOf({ embeddings: floats([3, 2]) });
    assert.deepEqual([film.filenames, film.warnings], [['0', '1', '2'], ['names-missing']]);
  });
  test('are row numbers if the array has no strings', async () => {
    const film = await filmOf({ embeddings: floats([2, 2]), filenames: floats([2]) });
    assert.deepEqual([film.filenames, film.warnings], [['0', '1'], ['names-unreadable']]);
  });
  test('are checked for damage as vectors are', async () => {
    const damaged: MemberParts[] = [
      { name: 'embeddings.npy', raw: floats([2, 3]) },
      { name: 'filenames.npy', raw: two, crc32: 7 },
    ];
    await rejects(
      readArchive(buildZip(damaged)),
      'archive-corrupt',
      /member filenames\.npy has a wrong CRC-32/,
    );
  });
});

describe('a bare .npy', () => {
  const npy = floats([2, 3]);
  const accepted: readonly [string, Record<string, string>, string[], string[]][] = [
    ['alone', {}, ['0', '1'], ['names-missing']],
    ['with a text', { 'film.mkv.txt': 'a\nb\n' }, ['a', 'b'], []],
    ['with a text without a last line feed', { 'film.mkv.txt': 'a\nb' }, ['a', 'b'], []],
    ['with a text from Windows', { 'film.mkv.txt': '\ufeffa\r\nb c\r\n' }, ['a', 'b c'], []],
    ['with a text that ends in empty lines', { 'film.mkv.txt': 'a\nb\n\n\n' }, ['a', 'b'], []],
    ['with an empty name', { 'film.mkv.txt': 'a\n\n' }, ['a', ''], []],
    ['with a JSON', { 'film.mkv.json': '["a\\n", "b"]' }, ['a\n', 'b'], []],
    ['with a JSON from Windows', { 'film.mkv.json': '\ufeff\r\n["a", "b"]' }, ['a', 'b'], []],
    ['with itself as JSON', { 'film.mkv.json': '{"a": [1, 2, 3]}' }, ['0', '1'], ['names-missing']],
  ];
  for (const [what, beside, filenames, warnings] of accepted) {
    test(what, async () => {
      const film = await readBeside(npy, beside);
      assert.deepEqual([film.filenames, film.warnings], [filenames, warnings]);
      assert.deepEqual([film.frames, film.dim, film.compression, film.crc32], [2, 3, 'none', null]);
    });
  }

  test('with more names than vectors beside it', () =>
    rejects(
      readBeside(npy, { 'film.mkv.txt': 'a\n' }),
      'shape-mismatch',
      /film\.mkv\.txt: .*1 name for 2 frames/,
    ));
  test('with JSON beside it that is not a list of strings', () =>
    rejects(readBeside(npy, { 'film.mkv.json': '[[1, 2]]' }), 'names-unreadable', /not an array of strings/));
  test('with a .json beside it that is not JSON', () =>
    rejects(readBeside(npy, { 'film.mkv.json': '[' }), 'names-unreadable', /not JSON/));
  test('cut short', () => rejects(readBeside(npy.subarray(0, -1), {}), 'header-invalid', /needs 152 bytes/));
  test('empty', () => rejects(readBeside(Buffer.alloc(0), {}), 'header-invalid', /it is empty/));
  test('an archive', () =>
    rejects(
      readBeside(Buffer.from('PK\x03\x04 and more of it'), {}),
      'header-invalid',
      /an archive of arrays/,
    ));

  async function readBeside(bytes: Uint8Array, beside: Record<string, string>) {
    const folder = await mkdtemp(join(tmpdir(), 'giallo-test-'));
    try {
      for (const [name, text] of Object.entries(beside)) await writeFile(join(folder, name), text);
      await writeFile(join(folder, 'film.mkv.npy'), bytes);
      return await readPath(join(folder, 'film.mkv.npy'));
    } finally {
      await rm(folder, { recursive: true });
    }
  }
});

describe('files', () => {
  test('that do not exist', () => rejects(readPath('/nowhere/a.npz'), 'file-unreadable', /no such file/));
  test('that are folders', () => rejects(readPath(tmpdir()), 'file-unreadable', /but a folder/));
});

test('an aborted read throws the reason of its signal', async () => {
  await withFile('a.npz', archiveOf({ embeddings: floats([4000, 512]) }), async (path) => {
    const film = await openFilm({ name: 'a', path });
    const controller = new AbortController();
    let blocks = 0;
    await assert.rejects(async () => {
      for await (const _ of film.readBlocks(controller.signal)) {
        blocks++;
        controller.abort(new Error('enough'));
      }
    }, /enough/);
    assert.equal(blocks, 1);
    await film.close();
  });
});

test('a film that is not float32 has a warning', async () => {
  await withFile('a.npz', archiveOf({ embeddings: floats([2, 3], '>f8') }), async (path) => {
    const film = await openFilm({ name: 'a', path });
    assert.deepEqual(
      film.warnings.map(({ code }) => code),
      ['converted'],
    );
    assert.match(film.warnings[0]?.message ?? '', /float64 \(big-endian\) is read as float32/);
    await film.close();
  });
});

function archiveOf(arrays: Record<string, Buffer | undefined>): Buffer {
  const members = Object.entries(arrays).flatMap(([name, raw]) =>
    raw ? [{ name: `${name}.npy`, raw }] : [],
  );
  return buildZip(members);
}

function filmOf(arrays: Record<string, Buffer | undefined>, options?: ReadingOptions) {
  return readArchive(archiveOf(arrays), options);
}

function readArchive(bytes: Uint8Array, options?: ReadingOptions) {
  return withFile('film.mkv.npz', bytes, (path) => readPath(path, options));
}

async function readPath(path: string, options?: ReadingOptions) {
  const film = await openFilm({ name: 'film.mkv', path }, options);
  try {
    const { filenames, warnings } = await film.readFilenames();
    let rows = 0;
    for await (const block of film.readBlocks()) rows += block.rows;
    const crc32 = film.arrays[0]?.crc32;
    return { ...film, filenames, warnings: warnings.map(({ code }) => code), rows, crc32 };
  } finally {
    await film.close();
  }
}
