import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dtypeOf, readDtype } from '../../src/npz/dtypes.js';

describe('type strings', () => {
  const rows: readonly [descr: string, kind: string, label: string, itemBytes: number | undefined][] = [
    ['<f4', 'number', 'float32', 4],
    ['=f4', 'number', 'float32', 4],
    ['|f4', 'number', 'float32', 4],
    ['f4', 'number', 'float32', 4],
    ['>f4', 'number', 'float32 (big-endian)', 4],
    ['<f2', 'number', 'float16', 2],
    ['>f8', 'number', 'float64 (big-endian)', 8],
    ['|i1', 'number', 'int8', 1],
    ['>u1', 'number', 'uint8', 1],
    ['|b1', 'number', 'bool', 1],
    ['<u8', 'number', 'uint64', 8],
    ['<U14', 'unicode', '<U14', 56],
    ['>U14', 'unicode', '>U14', 56],
    ['<U0', 'unicode', '<U0', 0],
    ['|S14', 'bytes', '|S14', 14],
    ['|O', 'object', 'object', undefined],
    ['|V2', 'unsupported', '|V2', 2],
    ['|V16', 'unsupported', '|V16', 16],
    ['<c8', 'unsupported', 'complex64', 8],
    ['<f16', 'unsupported', '<f16', 16],
    ['<M8[ns]', 'unsupported', '<M8[ns]', 8],
    ['<f3', 'unsupported', '<f3', 3],
    ['<f', 'number', 'float32', 4],
    ['>d', 'number', 'float64 (big-endian)', 8],
    ['?', 'number', 'bool', 1],
    ['b', 'number', 'int8', 1],
    ['float32', 'number', 'float32', 4],
    ['half', 'number', 'float16', 2],
    ['single', 'number', 'float32', 4],
    ['long', 'number', 'int64', 8],
    ['bool', 'number', 'bool', 1],
    ['object', 'object', 'object', undefined],
    ['>float32', 'unsupported', '>float32', undefined],
    ['bfloat16', 'unsupported', 'bfloat16', undefined],
    ['complex64', 'unsupported', 'complex64', undefined],
    ['constructor', 'unsupported', 'constructor', undefined],
    ['', 'unsupported', '', undefined],
    [`<U${'9'.repeat(30)}`, 'unsupported', `<U${'9'.repeat(30)}`, undefined],
  ];
  for (const [descr, kind, label, itemBytes] of rows) {
    test(descr.slice(0, 20), () => {
      const dtype = readDtype(descr);
      assert.deepEqual([dtype.kind, dtype.label, dtype.itemBytes], [kind, label, itemBytes]);
    });
  }

  test('two bytes of void are bfloat16 if --assume says so', () => {
    for (const descr of ['<V2', '|V2']) {
      assert.equal(readDtype(descr, 'bfloat16').label, 'bfloat16');
      const dtype = readDtype(descr);
      assert.ok(dtype.kind === 'unsupported' && dtype.hint.includes('--assume bfloat16'));
    }
    assert.equal(readDtype('|V4', 'bfloat16').kind, 'unsupported');
  });

  test('gaps between the fields of records are not fields, even with --assume bfloat16', () => {
    const fields = [
      ['n', '|S2'],
      ['', '|V2'],
      ['v', '<f4', [4]],
    ];
    const header = {
      descr: JSON.stringify(fields),
      fields,
      fortranOrder: false,
      shape: [1],
      byteLength: 128,
    };
    assert.equal(dtypeOf(header, 'bfloat16').label, 'records of n, v');
  });
});
