import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readDtype, type StringType } from '../../src/npz/dtypes.js';
import { decodeBytes, decodeStrings, decodeUcs4, encodeNames, readStrings } from '../../src/npz/names.js';
import { anyText } from '../cases.js';
import { rejects } from '../rejects.js';

describe('UCS-4', () => {
  const cases: readonly [string, readonly number[], string][] = [
    ['ends at its padding', [97, 98, 0, 0], 'ab'],
    ['keeps NULs inside', [97, 0, 98, 0], 'a\0b'],
    ['empty', [0, 0], ''],
    ['astral', [0x1f600, 0x10ffff], '\u{1f600}\u{10ffff}'],
    ['beyond Unicode', [0x110000, 0xffffffff, 97], '\ud800\ud800a'],
    ['surrogates are no characters', [0xd83d, 0xde00], '\ud800\ud800'],
  ];
  for (const [what, points, expected] of cases) {
    for (const isBigEndian of [false, true]) {
      test(`${what}, ${isBigEndian ? 'big' : 'little'}-endian`, () => {
        assert.equal(decodeUcs4(ucs4(points, isBigEndian), isBigEndian), expected);
      });
    }
  }

  test('any strings of any length are read back', () => {
    const latin1 = fc.integer({ min: 0, max: 255 }).map((point) => String.fromCodePoint(point));
    const names = fc
      .constantFrom(fc.string({ unit: latin1, maxLength: 30 }), anyText(30))
      .chain((text) => fc.array(text.map((name) => name.replace(/\0+$/, ''))));
    fc.assert(
      fc.property(names, fc.boolean(), (strings, isBigEndian) => {
        const width = Math.max(1, ...strings.map((string) => [...string].length));
        const data = Buffer.concat(strings.map((string) => ucs4(padded(string, width), isBigEndian)));
        const dtype = stringType(`${isBigEndian ? '>' : '<'}U${width}`);
        assert.deepEqual(decodeStrings(dtype, data, strings.length), strings);
      }),
    );
    assert.equal(decodeUcs4(ucs4(Array(300_000).fill(120)), false).length, 300_000);
  });
});

describe('bytes', () => {
  test('are UTF-8', () => assert.equal(decodeBytes(Buffer.from('é.jpg\0\0')), 'é.jpg'));
  test('are Latin-1 if they are not UTF-8', () => {
    assert.equal(decodeBytes(Buffer.from([0xe9, 0x2e, 0x6a, 0])), 'é.j');
  });
  test('keep a byte order mark', () => assert.equal(decodeBytes(Buffer.from('\ufeffa')), '\ufeffa'));
  test('of fixed size', () => {
    assert.deepEqual(decodeStrings(stringType('|S3'), Buffer.from('ab\0cde\0\0\0'), 3), ['ab', 'cde', '']);
  });
});

function ucs4(points: readonly number[], isBigEndian = false): Buffer {
  const bytes = Buffer.alloc(points.length * 4);
  for (const [n, point] of points.entries()) {
    if (isBigEndian) bytes.writeUInt32BE(point, n * 4);
    else bytes.writeUInt32LE(point, n * 4);
  }
  return bytes;
}

function padded(string: string, width: number): number[] {
  const points = [...string].map((character) => character.codePointAt(0) ?? 0);
  return [...points, ...Array<number>(width - points.length).fill(0)];
}

function stringType(descr: string): StringType {
  const dtype = readDtype(descr);
  assert.ok(dtype.kind === 'unicode' || dtype.kind === 'bytes');
  return dtype;
}

test('names are padded to the longest one, counted in code points', () => {
  const { descr, data } = encodeNames(['ab', '\u{1F3AC}', ''], 'x.npz');
  assert.equal(descr, '<U2');
  assert.deepEqual([...new Uint32Array(data.slice().buffer)], [0x61, 0x62, 0x1f3ac, 0, 0, 0]);
});

test('no names or only empty names are <U1, as in numpy', () => {
  assert.equal(encodeNames([], 'x.npz').descr, '<U1');
  assert.equal(encodeNames(['', ''], 'x.npz').descr, '<U1');
});

test('encoded names are read back', () => {
  const name = anyText().filter((text) => !text.endsWith('\0'));
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const { descr, data } = encodeNames(names, 'x.npz');
      const itemBytes = Number(descr.slice(2)) * 4;
      const dtype = { kind: 'unicode', label: descr, itemBytes, isBigEndian: false } as const;
      assert.deepEqual(decodeStrings(dtype, data, names.length), names);
    }),
  );
});

test('half of a surrogate pair counts as one character, as in Python', () => {
  assert.deepEqual([...new Uint32Array(encodeNames(['\ud83c'], 'x.npz').data.slice().buffer)], [0xd83c]);
});

test('a name that ends in NUL is refused, since numpy would strip it', () =>
  rejects(() => encodeNames(['a', 'b\0'], 'x.npz'), { code: 'value-unrepresentable', message: /x\.npz/ }));

test('one absurdly long name among many is refused before memory is allocated', async () => {
  const names = [...Array.from({ length: 2000 }, () => 'a'), 'b'.repeat(1_000_000)];
  await rejects(() => encodeNames(names, 'x.npz'), { code: 'output-too-large' });
});

test('names of too many characters in all are refused, however few bytes hold them', async () => {
  const dtype = readDtype('|S4') as StringType;
  async function* data() {
    for (let i = 0; i < 3; i++) yield Buffer.from('ab\0\0abc\0');
  }
  const { strings } = await readStrings(dtype, 6, data(), 'film.npz', 15);
  assert.equal(strings.join(), 'ab,abc,ab,abc,ab,abc');
  await rejects(() => readStrings(dtype, 6, data(), 'film.npz', 14), {
    code: 'size-absurd',
    message: 'film.npz: the names have more than 14 characters in all',
  });
});
