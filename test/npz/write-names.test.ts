import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { GialloError } from '../../src/errors.js';
import { decodeStrings } from '../../src/npz/names.js';
import { encodeNames } from '../../src/npz/write-names.js';

test('names are padded to the longest, counted in code points', () => {
  const { descr, data } = encodeNames(['ab', '\u{1F3AC}', ''], 'x.npz');
  assert.equal(descr, '<U2');
  assert.deepEqual([...new Uint32Array(data.slice().buffer)], [0x61, 0x62, 0x1f3ac, 0, 0, 0]);
});

test('no names, or none but empty ones, are <U1 as numpy has it', () => {
  assert.equal(encodeNames([], 'x.npz').descr, '<U1');
  assert.equal(encodeNames(['', ''], 'x.npz').descr, '<U1');
});

test('what is encoded is read back', () => {
  const name = fc.string({ unit: 'binary' }).filter((text) => !text.endsWith('\0'));
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const { descr, data } = encodeNames(names, 'x.npz');
      const itemBytes = Number(descr.slice(2)) * 4;
      const dtype = { kind: 'unicode', label: descr, itemBytes, isBigEndian: false } as const;
      assert.deepEqual(decodeStrings(dtype, data, names.length), names);
    }),
  );
});

test('half of a surrogate pair is one unit, as in Python', () => {
  assert.deepEqual([...new Uint32Array(encodeNames(['\ud83c'], 'x.npz').data.slice().buffer)], [0xd83c]);
});

test('a name that ends in NUL is refused, since numpy would strip it', () => {
  assert.throws(
    () => encodeNames(['a', 'b\0'], 'x.npz'),
    (error) =>
      error instanceof GialloError && error.code === 'value-unrepresentable' && /x\.npz/.test(error.message),
  );
});

test('one absurdly long name among many is refused before memory is asked for', () => {
  const names = [...Array.from({ length: 2000 }, () => 'a'), 'b'.repeat(1_000_000)];
  assert.throws(
    () => encodeNames(names, 'x.npz'),
    (error) => error instanceof GialloError && error.code === 'output-too-large',
  );
});
