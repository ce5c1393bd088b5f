import assert from 'node:assert/strict';
import test from 'node:test';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { deflateBlockLength, deflateEnd, deflateParts } from '../../src/npz/write-member.js';
import { joinCrc32 } from '../../src/npz/zip-member.js';
import { cases } from '../cases.js';
import { randomFrom } from '../seeded-numbers.js';

async function deflated(blocks: readonly Uint8Array[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of deflateParts(blocks)) parts.push(part);
  return Buffer.concat([...parts, deflateEnd]);
}

/** Numbers that a seed determines, of a standard deviation about 1. */
function noise(count: number): Float32Array {
  const random = randomFrom(1);
  return Float32Array.from({ length: count }, () => random() + random() + random() + random() - 2);
}

function blocksOf(values: Float32Array): Uint8Array[] {
  const bytes = new Uint8Array(values.buffer);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += deflateBlockLength) {
    blocks.push(bytes.subarray(at, at + deflateBlockLength));
  }
  return blocks;
}

test('the parts and the end form one deflate stream of all blocks in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 20 }), async (blocks) => {
      assert.deepEqual(inflateRawSync(await deflated(blocks)), Buffer.concat(blocks));
    }),
    { numRuns: cases(50) },
  );
});

const kinds: readonly [string, Float32Array][] = [
  ['float noise', noise(3 << 17)],
  ['rounded numbers', noise(3 << 17).map((value) => Math.round(value * 1e4) / 1e4)],
  [
    'sparse numbers of few bits',
    noise(3 << 17).map((value) => (value < 0 ? 0 : Math.round(value * 64) / 64)),
  ],
  ['zeros', new Float32Array(3 << 17)],
  // In every block there are black frames where no sample is taken.
  ['noise with black frames', noise(3 << 17).map((value, i) => ((i >> 16) % 4 === 3 ? 0 : value))],
];

for (const [kind, values] of kinds) {
  test(`${kind} are read back, give the same bytes twice, and are at most 1 % larger than one level-6 stream`, async () => {
    const blocks = blocksOf(values);
    const bytes = await deflated(blocks);
    assert.ok(inflateRawSync(bytes).equals(new Uint8Array(values.buffer)));
    assert.ok(bytes.equals(await deflated(blocks)));
    const reference = deflateRawSync(new Uint8Array(values.buffer)).length;
    assert.ok(bytes.length <= reference * 1.01 + 100, `${bytes.length} for ${reference}`);
  });
}

test('only a few blocks are taken at a time', async () => {
  let taken = 0;
  function* blocks() {
    for (; taken < 100; taken++) yield new Uint8Array(10);
  }
  for await (const _ of deflateParts(blocks())) {
    assert.ok(taken < 20);
    break;
  }
});

test('the joined CRC-32 of two pieces is that of the joined bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 3000 }), (first, second) => {
      const joined = crc32(Buffer.concat([first, second]));
      assert.equal(joinCrc32(crc32(first), crc32(second), second.length), joined);
    }),
  );
});

test('CRC-32s are joined right for lengths beyond 32 bits', () => {
  // Joining in two steps of half the length each is the same as in one.
  const half = 3 * 2 ** 31;
  const zeros = joinCrc32(0, 0x1234_5678, half);
  assert.equal(
    joinCrc32(joinCrc32(0x9abc_def0, 0, half), zeros, half),
    joinCrc32(0x9abc_def0, zeros, 2 * half),
  );
});
