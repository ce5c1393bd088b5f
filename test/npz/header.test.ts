import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdsHeader, npyHeader, parseHeader } from '../../src/npz/header.js';
import { rejects } from '../rejects.js';
import { npyWithDict } from './build-zip.js';

const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3072), }";

describe('headers that numpy reads', () => {
  const accepted: readonly [string, string, readonly number[], boolean?][] = [
    ['as numpy writes it', plain, [5, 3072]],
    ['no trailing comma', "{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3072)}", [5, 3072]],
    ['another order of keys', "{'shape':(5,3072),'fortran_order':True,'descr':'<f4'}", [5, 3072], true],
    ['double quotes', '{"descr": "<f4", "fortran_order": False, "shape": (5,)}', [5]],
    ['spaces everywhere', "  { 'descr' : '<f4' , 'fortran_order' : False , 'shape' : ( 5 , ) , } ", [5]],
    ['Python 2 long integers', "{'descr': '<f4', 'fortran_order': False, 'shape': (5L, 3072L)}", [5, 3072]],
    ['escapes', "{'descr': '\\x3cf4', 'sh\\u0061pe': (5,), 'fortran_\\U0000006frder': False}", [5]],
    ['Python 2 Unicode', "{u'descr': u'<f4', u'fortran_order': False, u'shape': (5,)}", [5]],
    ['no axes', "{'descr': '<f4', 'fortran_order': False, 'shape': ()}", []],
    ['an empty axis', "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 3072)}", [0, 3072]],
  ];
  for (const [what, dict, shape, fortranOrder = false] of accepted) {
    for (const version of [1, 2, 3]) {
      test(`${what}, version ${version}`, () => {
        const head = npyWithDict(dict, Buffer.alloc(8), version);
        const header = parseHeader('a.npy', head);
        const byteLength = head.length - 8;
        assert.deepEqual(header, { descr: '<f4', fortranOrder, shape, byteLength });
      });
    }
  }

  test('a structured type is recognized', () => {
    const dict = "{'descr': [('x', '<f4'), ('y', '<f4', (2,))], 'fortran_order': False, 'shape': (5,)}";
    const header = parseHeader('a.npy', npyWithDict(dict));
    assert.equal(header.fields !== undefined, true);
    assert.equal(header.descr, '[["x","<f4"],["y","<f4",[2]]]');
  });
});

describe('bytes that are not a header', () => {
  const dicts: readonly [string, string][] = [
    ['a key is missing', "{'descr': '<f4', 'shape': (5,)}"],
    ['a key too many', "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), 'x': 1}"],
    ['a key twice', "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (5,)}"],
    ['__proto__ for a key', "{'__proto__': '<f4', 'fortran_order': False, 'shape': (5,)}"],
    ['a negative size', "{'descr': '<f4', 'fortran_order': False, 'shape': (-5,)}"],
    ['a size that is no integer', "{'descr': '<f4', 'fortran_order': False, 'shape': (5.5,)}"],
    ['a boolean size', "{'descr': '<f4', 'fortran_order': False, 'shape': (True,)}"],
    [
      'sizes that multiply beyond 2^53',
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
    ],
    ['a number for a shape', "{'descr': '<f4', 'fortran_order': False, 'shape': (5)}"],
    ['a number for an order', "{'descr': '<f4', 'fortran_order': 0, 'shape': (5,)}"],
    ['a call', "{'descr': '<f4', 'fortran_order': False, 'shape': tuple([5])}"],
    ['something after it', `${plain} + 1`],
    ['no end', "{'descr': '<f4', 'fortran_order': False, 'shape': (5,)"],
    ['no comma', "{'descr': '<f4' 'fortran_order': False, 'shape': (5,)}"],
    ['only a comma', "{'descr': '<f4', 'fortran_order': False, 'shape': (,)}"],
    ['a tuple', "('<f4', False, (5,))"],
    ['nothing', ''],
    ['nested a thousand times', '('.repeat(1000)],
    ['longer than 10 KiB', plain.padEnd(10_300)],
  ];
  for (const [what, dict] of dicts) refused(what, npyWithDict(dict));
  refused('no mark', Buffer.concat([Buffer.from('PK'), npyWithDict(plain)]));
  refused('version 0', patched(6, 0));
  refused('version 4', patched(6, 4));
  refused('cut off', npyWithDict(plain).subarray(0, 100));
  refused('empty', Buffer.alloc(0));
  test('cut off in the first bytes: the error does not name another format', () => {
    assert.throws(() => parseHeader('film.npy', npyWithDict(plain).subarray(0, 8)), {
      message: 'film.npy: not a valid .npy header: it is cut off after 8 bytes',
    });
  });

  function refused(what: string, head: Uint8Array): void {
    test(what, () =>
      rejects(() => parseHeader('a.npy', head), { code: 'header-invalid', message: /^a\.npy: / }),
    );
  }

  function patched(at: number, value: number): Uint8Array {
    const head = npyWithDict(plain);
    head[at] = value;
    return head;
  }
});

test('holdsHeader is true as soon as the whole header is there', () => {
  for (const version of [1, 2]) {
    const head = npyWithDict(plain, Buffer.alloc(0), version);
    assert.equal(holdsHeader(head), true);
    assert.equal(holdsHeader(head.subarray(0, -1)), false);
    assert.equal(holdsHeader(head.subarray(0, 5)), false);
  }
});

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

test('headers are multiples of 64 bytes, and 128 with any two axes', () => {
  for (const rows of [0, 1, 12345, Number.MAX_SAFE_INTEGER]) {
    for (const columns of [0, 1, 3072, 2 ** 31]) assert.equal(npyHeader('<f2', [rows, columns]).length, 128);
    assert.equal(npyHeader('<U1', [rows]).length % 64, 0);
  }
});
