import assert from 'node:assert/strict';
import test from 'node:test';
import { npyHeader } from '../../src/npz/write-header.js';

function parts(header: Uint8Array) {
  const buffer = Buffer.from(header);
  return {
    magic: buffer.toString('latin1', 0, 8),
    declared: buffer.readUInt16LE(8),
    dict: buffer.toString('latin1', 10).trimEnd(),
    last: buffer.at(-1),
  };
}

test('a header is magic, version 1.0, its length, the dict as numpy spells it, and a newline', () => {
  const header = npyHeader('<f4', [950, 3072]);
  assert.deepEqual(parts(header), {
    magic: '\x93NUMPY\x01\x00',
    declared: header.length - 10,
    dict: "{'descr': '<f4', 'fortran_order': False, 'shape': (950, 3072), }",
    last: 0x0a,
  });
});

test('one axis is written as a tuple of one', () => {
  assert.equal(
    parts(npyHeader('<U14', [3])).dict,
    "{'descr': '<U14', 'fortran_order': False, 'shape': (3,), }",
  );
});

test('headers are multiples of 64 bytes, and with two axes 128 whatever the shape', () => {
  for (const rows of [0, 1, 12345, Number.MAX_SAFE_INTEGER]) {
    for (const columns of [0, 1, 3072, 2 ** 31]) assert.equal(npyHeader('<f2', [rows, columns]).length, 128);
    assert.equal(npyHeader('<U1', [rows]).length % 64, 0);
  }
});
