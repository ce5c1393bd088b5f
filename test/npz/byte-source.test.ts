import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type ByteSource, openByteSource, readInPieces } from '../../src/npz/byte-source.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const pieceLength = 1 << 21;

/** A file whose bytes depend on their offset, and a record of the reads. */
function numbered(size: number, brokenFrom = size) {
  const reads: { begun: number; ended: number } = { begun: 0, ended: 0 };
  const fill: ByteSource['fill'] = async (target, byteOffset) => {
    reads.begun++;
    await setImmediate();
    for (let i = 0; i < target.length; i++) target[i] = byteAt(byteOffset + i);
    reads.ended++;
    if (byteOffset + target.length > brokenFrom) throw new Error('the disk is broken');
  };
  const source: ByteSource = {
    path: 'numbered',
    size,
    fill,
    read: async () => assert.fail('whole reads are not in pieces'),
    requireUnchanged: async () => {},
    close: async () => {},
  };
  return { source, reads };
}

function byteAt(place: number): number {
  return (place ^ (place >> 8) ^ (place >> 16)) & 0xff;
}

describe('a range in pieces', () => {
  for (const length of [0, 1, pieceLength, pieceLength + 1, 3 * pieceLength, 3 * pieceLength + 5]) {
    test(`of ${length} bytes has the right bytes, and reading ahead does not change the current piece`, async () => {
      const { source } = numbered(length + 9);
      let at = 9;
      for await (const piece of readInPieces(source, 9, length)) {
        for (let turn = 0; turn < 3; turn++) await setImmediate();
        assert.ok(piece.every((byte, i) => byte === byteAt(at + i)));
        at += piece.length;
      }
      assert.equal(at, length + 9);
    });
  }

  test('is read only one piece ahead', async () => {
    const { source, reads } = numbered(5 * pieceLength);
    const pieces = readInPieces(source, 0, 5 * pieceLength);
    assert.equal(reads.begun, 0);
    await pieces.next();
    assert.equal(reads.begun, 2);
    await pieces.next();
    assert.equal(reads.begun, 3);
    await pieces.return(undefined);
    assert.deepEqual(reads, { begun: 3, ended: 3 });
  });

  test('fails at the piece that cannot be read', async () => {
    const { source } = numbered(3 * pieceLength, pieceLength);
    const pieces = readInPieces(source, 0, 3 * pieceLength);
    assert.equal((await pieces.next()).value?.length, pieceLength);
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    await assert.rejects(pieces.next(), /the disk is broken/);
    assert.equal((await pieces.next()).done, true);
  });
});

for (const [size, is] of [
  [1 << 16, 'small is read whole at its first read'],
  [(1 << 16) + 1, 'longer is read where it is asked for'],
] as const) {
  test(`a file that is ${is}`, async () => {
    const path = join(temporaryFolder(), 'file');
    await writeFile(path, Buffer.alloc(size, 'a'));
    const source = await openByteSource(path);
    const [first] = await source.read(0, 1);
    await writeFile(path, Buffer.alloc(size, 'b'));
    const [last] = await source.read(size - 1, 1);
    assert.deepEqual(String.fromCharCode(first, last), size > 1 << 16 ? 'ab' : 'aa');
    await rejects(() => source.requireUnchanged(), { code: 'file-unreadable', message: /the file changed/ });
    await rejects(() => source.read(size, 1), { code: 'file-unreadable', message: /too short/ });
    await source.close();
  });
}
