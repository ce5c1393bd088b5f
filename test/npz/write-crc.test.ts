import assert from 'node:assert/strict';
import test from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { joinCrc32 } from '../../src/npz/write-crc.js';

test('the CRC-32 of two pieces joined is that of the joined bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 3000 }), (first, second) => {
      const joined = crc32(Buffer.concat([first, second]));
      assert.equal(joinCrc32(crc32(first), crc32(second), second.length), joined);
    }),
  );
});

test('lengths beyond 32 bits are honoured', () => {
  // Joining in two steps of half the length each is the same as in one.
  const half = 3 * 2 ** 31;
  const zeros = joinCrc32(0, 0x1234_5678, half);
  assert.equal(
    joinCrc32(joinCrc32(0x9abc_def0, 0, half), zeros, half),
    joinCrc32(0x9abc_def0, zeros, 2 * half),
  );
});
