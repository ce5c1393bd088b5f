/** Films made by other tools than numpy.savez. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { openFilm } from '../../src/collection/film.js';
import type { ReadingOptions } from '../../src/collection/film-arrays.js';
import { verify } from '../../src/reports/verify.js';
import { buildNpy, buildZip, type MemberParts, npyWithDict } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { bytesOf, codesIn, member, namesArray, pad, readFilm, readPath } from './small-films.js';

const vectors = buildNpy('<f4', [2, 3], bytesOf(1, 2, 3, 4, 5, 6));
const otherVectors = buildNpy('<f4', [2, 3], bytesOf(6, 5, 4, 3, 2, 1));
const names = namesArray('a', 'b');

describe('members of an archive', () => {
  const read: readonly [string, readonly MemberParts[]][] = [
    ['without an ending', [member('embeddings', vectors), member('filenames', names)]],
    ['in capitals', [member('embeddings.NPY', vectors), member('filenames.Npy', names)]],
    [
      'beside a text, a folder and what macOS leaves',
      [
        member('README', Buffer.from('hello')),
        member('data/', Buffer.alloc(0)),
        member('__MACOSX/._embeddings.npy', Buffer.from('x')),
        member('.DS_Store', Buffer.from('x')),
        member('embeddings.npy', vectors),
        member('filenames.npy', names),
      ],
    ],
    ['with a dot before their names', [member('.v.npy', vectors), member('.n.npy', names)]],
    [
      'without a name, as numpy.savez writes of an empty key',
      [member('.npy', vectors), member('n.npy', names)],
    ],
    [
      'beside what macOS leaves with an array in it',
      [member('._x.npy', otherVectors), member('embeddings.npy', vectors), member('filenames.npy', names)],
    ],
    ['in a folder', [member('data/embeddings.npy', vectors), member('data/filenames.npy', names)]],
    ['in ./, as 7z and tar write', [member('./embeddings.npy', vectors), member('./filenames.npy', names)]],
    [
      'where capitals have the same name',
      [member('embeddings.NPY', otherVectors), member('embeddings.npy', vectors), member('filenames', names)],
    ],
    [
      'beside a repeated one that nobody reads',
      [
        member('embeddings.npy', vectors),
        member('filenames.npy', names),
        member('model.npy', names),
        member('model.npy', names),
      ],
    ],
  ];
  for (const [what, members] of read) {
    test(`${what} are read`, async () => {
      assert.deepEqual(await readFilm(buildZip(members)), {
        filenames: ['a', 'b'],
        values: [1, 2, 3, 4, 5, 6],
      });
    });
  }

  for (const [what, members, message] of [
    [
      'of PyTorch',
      ['model/data.pkl', 'model/data/0'],
      /a PyTorch file without arrays, found model\/data\.pkl, /,
    ],
    [
      'of archives',
      ['a.npz', 'b.npz', 'c.npz', 'd.npz'],
      /archives, found a\.npz, b\.npz, c\.npz and 1 more$/,
    ],
    ['of something else', ['word/document.xml'], /: no arrays, found word\/document\.xml$/],
  ] as const) {
    test(`an archive ${what} is refused with an error that says so`, async () => {
      const archive = buildZip(members.map((name) => member(name, Buffer.from('x'))));
      await rejects(() => readFilm(archive), { code: 'array-missing', message, hint: /./ });
    });
  }

  for (const [what, second] of [
    ['again', 'embeddings.npy'],
    ['again without its ending', 'embeddings'],
  ] as const) {
    test(`vectors that were saved ${what} are refused with the line that mends it`, async () => {
      const members = [
        member('embeddings.npy', vectors),
        member('filenames.npy', names),
        member(second, vectors),
      ];
      await rejects(() => readFilm(buildZip(members)), {
        code: 'member-repeated',
        message: /holds embeddings(\.npy)? more than once/,
        hint: /^to keep only the last one, .* run: python3 -c /,
      });
    });
  }

  test('verify warns about repeated arrays and pickles that are not read', async () => {
    const pickle = buildNpy('|O', [], Buffer.from('\x80\x04N.', 'latin1'));
    const folder = temporaryFolder({
      'film.npz': buildZip([
        member('embeddings.npy', vectors),
        member('filenames.npy', names),
        member('model.npy', names),
        member('model.npy', names),
        member('extra.npy', pickle),
      ]),
    });
    assert.deepEqual(await codesIn(folder), ['warning member-repeated', 'warning array-pickled']);
  });
});

describe('dtypes given by name', () => {
  const rows: readonly [descr: string, options: ReadingOptions | undefined, data: Buffer][] = [
    ['float32', undefined, bytesOf(1, 2, 3, 4, 5, 6)],
    ['single', undefined, bytesOf(1, 2, 3, 4, 5, 6)],
    ['f', undefined, bytesOf(1, 2, 3, 4, 5, 6)],
    ['>f', undefined, bytesOf(1, 2, 3, 4, 5, 6).swap32()],
    ['short', undefined, Buffer.from(Int16Array.of(1, 2, 3, 4, 5, 6).buffer)],
    ['bfloat16', { assume: 'bfloat16' }, Buffer.from('803f0040404080 40a040c040'.replace(' ', ''), 'hex')],
  ];
  for (const [descr, options, data] of rows) {
    test(descr, async () => {
      const array = npyWithDict(`{'descr': '${descr}', 'fortran_order': False, 'shape': (2, 3)}`, data);
      const archive = buildZip([member('embeddings.npy', array), member('filenames.npy', names)]);
      assert.deepEqual((await readFilm(archive, options)).values, [1, 2, 3, 4, 5, 6]);
    });
  }

  test('are read after a header longer than the first read, in archives and .npy files', async () => {
    const dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}".padEnd(9000);
    const array = npyWithDict(dict, bytesOf(1, 2, 3, 4, 5, 6));
    for (const method of [0, 8]) {
      const archive = buildZip([{ name: 'embeddings.npy', raw: array, method }]);
      assert.deepEqual((await readFilm(archive)).values, [1, 2, 3, 4, 5, 6]);
    }
    const folder = temporaryFolder({ 'film.npy': array });
    assert.deepEqual((await readPath(join(folder, 'film.npy'))).values, [1, 2, 3, 4, 5, 6]);
  });

  test('bfloat16 is refused without --assume', async () => {
    const array = npyWithDict(
      "{'descr': 'bfloat16', 'fortran_order': False, 'shape': (2, 3)}",
      Buffer.alloc(12),
    );
    await rejects(() => readFilm(buildZip([member('embeddings.npy', array)])), {
      code: 'dtype-unsupported',
      hint: /--assume bfloat16/,
    });
  });
});

describe('names', () => {
  test('of an .npy are found in files of either Unicode form, and --filenames-key does not apply', async () => {
    for (const form of ['NFC', 'NFD'] as const) {
      const folder = temporaryFolder({
        [`${'Per\u00f2'.normalize(form)}.npy`]: vectors,
        [`${'Per\u00f2'.normalize(form === 'NFC' ? 'NFD' : 'NFC')}.txt`]: 'a\rb\r',
      });
      const [entry] = (await openCollection(folder)).films;
      const film = await openFilm(entry, { embeddingsKey: 'image', filenamesKey: 'paths' });
      assert.deepEqual((await film.readFilenames()).filenames, ['a', 'b']);
      await film.close();
    }
  });

  test('beside an .npy that are not UTF-8 are refused with the line that mends them', async () => {
    const cases: readonly (readonly [name: string, names: Buffer, hint: RegExp])[] = [
      ['film.txt', Buffer.from('caff\xe8\nb\n', 'latin1'), /Latin-1, run: python3 -c .* latin1$/],
      ['film.txt', Buffer.from('\ufeffa\nb\n', 'utf16le'), / utf16$/],
      ['film.txt', Buffer.from('a\nb', 'utf16le'), / utf-16-le$/],
      ['film.json', Buffer.from('["a", "b"]', 'utf16le').swap16(), / utf-16-be$/],
      ['film.json', Buffer.from('\ufeff["a", "b"]', 'utf16le'), / utf16$/],
    ];
    for (const [name, bytes, hint] of cases) {
      const folder = temporaryFolder({ 'film.npy': vectors, [name]: bytes });
      const expected = { code: 'names-unreadable', message: /not UTF-8/, hint } as const;
      await rejects(() => readPath(join(folder, 'film.npy')), expected);
    }
  });

  test('beside an .npy are refused at once if the file is too large or not a regular file', async () => {
    for (const name of ['film.txt', 'film.json']) {
      const folder = temporaryFolder({ 'film.npy': vectors });
      execFileSync('mkfifo', [join(folder, name)]);
      const code = 'file-unreadable';
      await rejects(() => readPath(join(folder, 'film.npy')), { code, message: /a device or a pipe/ });
    }
    const folder = temporaryFolder({ 'film.npy': vectors, 'film.txt': 'a' });
    truncateSync(join(folder, 'film.txt'), 600_000_000);
    await rejects(() => readPath(join(folder, 'film.npy')), { code: 'size-absurd', message: /film\.txt/ });
  });

  test('of several axes are in numpy’s order, in C and in Fortran order', async () => {
    const six = buildNpy('<f4', [6, 1], bytesOf(1, 2, 3, 4, 5, 6));
    for (const [shape, isFortran, stored] of [
      [[2, 3], false, 'abcdef'],
      [[2, 3], true, 'adbecf'],
      [[1, 3, 2], true, 'acebdf'],
      [[6, 1], true, 'abcdef'],
    ] as const) {
      const array = buildNpy('|S1', shape, Buffer.from(stored), isFortran);
      const archive = buildZip([member('embeddings.npy', six), member('filenames.npy', array)]);
      assert.equal((await readFilm(archive)).filenames.join(''), 'abcdef', `${shape} ${isFortran}`);
    }
  });

  test('in a pickle that is not an array become row numbers, without a line that mends them', async () => {
    const set = buildNpy('|O', [], Buffer.from('\x80\x04\x8f(\x8c\x01a\x90.', 'latin1'));
    const folder = temporaryFolder({
      'film.npz': buildZip([member('embeddings.npy', vectors), member('filenames.npy', set)]),
    });
    assert.deepEqual((await readPath(join(folder, 'film.npz'))).filenames, ['0', '1']);
    const [{ code, advice }] = (await verify(await openCollection(folder))).findings;
    assert.deepEqual(
      [code, advice],
      ['names-pickled', 'Save the names as an array of strings; giallo never runs a pickle.'],
    );
  });

  test('with half of a surrogate pair are refused in arrays, pickles and JSON', async () => {
    const json = temporaryFolder({ 'film.npy': vectors, 'film.json': '["a\\udce8", "b"]' });
    await rejects(() => readPath(join(json, 'film.npy')), { code: 'names-unreadable', message: /frame 0/ });
    const array = buildNpy('<U1', [2], Buffer.from(Uint32Array.of(0xdce8, 98).buffer));
    const archive = buildZip([member('embeddings.npy', vectors), member('filenames.npy', array)]);
    await rejects(() => readFilm(archive), { code: 'names-unreadable', hint: /run: python3 -c / });
  });

  test('of bytes that are not UTF-8 are read as Latin-1, with a warning', async () => {
    const folder = temporaryFolder({
      'film.npz': buildZip([
        member('embeddings.npy', vectors),
        member('filenames.npy', namesArray('\xe8', 'b')),
      ]),
    });
    assert.deepEqual((await readPath(join(folder, 'film.npz'))).filenames, ['è', 'b']);
    assert.deepEqual(await codesIn(folder), ['warning names-latin1']);
  });

  test('with a megabyte of padding each take no memory for the padding', async () => {
    const padded = buildNpy('|S1048576', [2], Buffer.concat([pad('a', 1 << 20), pad('b', 1 << 20)]));
    const archive = buildZip([member('embeddings.npy', vectors), member('filenames.npy', padded)]);
    assert.deepEqual((await readFilm(archive)).filenames, ['a', 'b']);
    const wider = buildNpy(
      '|S1048577',
      [2],
      Buffer.concat([pad('a', (1 << 20) + 1), pad('b', (1 << 20) + 1)]),
    );
    await rejects(
      () => readFilm(buildZip([member('embeddings.npy', vectors), member('filenames.npy', wider)])),
      { code: 'size-absurd', message: /at most 1048576 are read/, hint: /run: python3 -c / },
    );
  });

  test('get a warning of verify if they differ only in case or Unicode form, or cannot be file names', async () => {
    const folder = temporaryFolder();
    const list = [
      'Per\u00f2',
      'Pero\u0300',
      'A',
      'a',
      'x\0y',
      '../x',
      '/etc/x',
      '',
      'n'.repeat(256),
      'a/b.jpg',
    ];
    writeFileSync(join(folder, 'film.npy'), buildNpy('<f4', [10, 1], bytesOf(...list.map((_, i) => i + 1))));
    writeFileSync(join(folder, 'film.json'), JSON.stringify(list));
    const { findings } = await verify(await openCollection(folder));
    assert.deepEqual(
      findings.map(({ code, count, indices }) => [code, count, indices]),
      [
        ['names-alike', 2, [0, 1, 2, 3]],
        ['names-no-file', 5, [4, 5, 6, 7, 8]],
      ],
    );
  });

  test('verify warns about films whose names differ only in case or Unicode form', async () => {
    const film = buildZip([member('embeddings.npy', vectors), member('filenames.npy', names)]);
    const folder = temporaryFolder({ 'Per\u00f2.npz': film, 'Pero\u0300.npz': film, 'per\u00f2.npz': film });
    assert.deepEqual(await codesIn(folder), ['warning films-alike', 'warning films-alike']);
  });
});
