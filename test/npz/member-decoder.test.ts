import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { openMemberDecoder } from '../../src/npz/member-decoder.js';
import { buildZip } from './build-zip.js';

const gibibyte = 2 ** 30;

test('5 GiB of stored data pass through without being cut or copied', async () => {
  const compressedSize = 5 * gibibyte;
  const entry = {
    name: 'a',
    method: 0,
    isEncrypted: false,
    crc32: 0,
    compressedSize,
    rawSize: compressedSize,
  };
  const decoder = openMemberDecoder({ ...entry, byteOffset: 0, byteLimit: compressedSize });
  const whole = buildZip([{ name: 'inner', raw: Buffer.from('a zip in a zip'), hasDescriptor: true }]);
  const pieces = Buffer.concat(
    Array.from({ length: 8192 }, () => whole),
    1 << 20,
  ).subarray(0, 1 << 20);
  let bytes = 0;
  for (let pushed = 0; pushed < compressedSize; pushed += pieces.length) {
    decoder.push(pieces);
    for (let out = await decoder.pull(); out !== undefined; out = await decoder.pull()) {
      assert.ok(out.length === 1 || out.buffer === pieces.buffer, 'a piece was copied');
      bytes += out.length;
    }
  }
  assert.equal(bytes, compressedSize);
});

test('the pieces of a member that is read alone are short', async () => {
  const raw = Buffer.alloc(1 << 22);
  const entry = { name: 'a', method: 8, isEncrypted: false, crc32: 0, byteOffset: 0, byteLimit: gibibyte };
  const compressed = deflateRawSync(raw, { level: 0 });
  for (const isReadAlone of [false, true]) {
    const size = { compressedSize: compressed.length, rawSize: raw.length };
    const decoder = openMemberDecoder({ ...entry, ...size }, { isReadAlone });
    decoder.push(compressed);
    const lengths: number[] = [];
    for (let out = await decoder.pull(); out; out = await decoder.pull()) lengths.push(out.length);
    assert.equal(Math.max(...lengths), isReadAlone ? 1 << 19 : 1 << 21);
    decoder.close();
  }
});

test('a zip bomb inflates no further if nobody reads it', async () => {
  const compressed = deflateRawSync(Buffer.alloc(gibibyte / 4));
  const entry = { name: 'a', method: 8, isEncrypted: false, crc32: 0, byteOffset: 0, byteLimit: gibibyte };
  const decoder = openMemberDecoder({ ...entry, compressedSize: compressed.length, rawSize: gibibyte / 4 });
  decoder.push(compressed);
  assert.equal((await decoder.pull())?.length, 1 << 21);
  // Each turn goes through the thread pool, as zlib does: it could go on if nothing held it.
  for (let turn = 0; turn < 100; turn++) await stat(import.meta.filename);
  assert.ok(decoder.unusedBytes() > compressed.length * 0.98, `${decoder.unusedBytes()} bytes are left`);
  decoder.close();
});

for (const [rawSize, is] of [
  [1 << 14, 'small is inflated where it is pushed'],
  [1 << 19, 'large is inflated in the thread pool'],
] as const) {
  test(`a member that is ${is}`, async () => {
    const raw = Buffer.from(Array.from({ length: rawSize }, (_, i) => (i * i) >> 7));
    const compressed = deflateRawSync(raw);
    const entry = { name: 'a', method: 8, isEncrypted: false, crc32: 0, byteOffset: 0, byteLimit: 1e6 };
    const decoder = openMemberDecoder({ ...entry, compressedSize: compressed.length, rawSize });
    decoder.push(compressed);
    assert.equal(decoder.unusedBytes(), rawSize > 1 << 18 ? compressed.length : 0);
    const pieces: Uint8Array[] = [];
    for (let out = await decoder.pull(); out; out = await decoder.pull()) pieces.push(out.slice());
    assert.ok(Buffer.concat(pieces).equals(raw));
    assert.equal(decoder.unusedBytes(), 0);
  });
}
