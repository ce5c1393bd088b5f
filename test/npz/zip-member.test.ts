import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { ErrorCode } from '../../src/errors.js';
import { openByteSource } from '../../src/npz/byte-source.js';
import { readDirectory } from '../../src/npz/zip-directory.js';
import { openMember, readMember } from '../../src/npz/zip-member.js';
import { cases, hasAllCases, withoutCases } from '../cases.js';
import { rejects } from '../rejects.js';
import { randomFrom } from '../seeded-numbers.js';
import { buildZip, type MemberParts } from './build-zip.js';
import { withFile } from './temporary-file.js';

/** 1 GiB; in `npm test` a quarter of that, still far more than is held in memory at once. */
const bombSize = hasAllCases ? 2 ** 30 : 2 ** 28;

/** Bytes that do not compress, the same in every run. */
function noise(length: number, seed = 1): Buffer {
  const random = randomFrom(seed);
  return Buffer.from(Uint8Array.from({ length }, () => 256 * random()).buffer);
}

describe('members that are read', () => {
  const signatures = Buffer.concat(
    ['PK\x03\x04', 'PK\x07\x08', 'PK\x01\x02', 'PK\x05\x06'].flatMap((text) => [
      noise(40),
      Buffer.from(text, 'latin1'),
      noise(60, 7),
    ]),
  );
  const whole = buildZip([{ name: 'inner', raw: noise(500), hasDescriptor: true }]);
  const contents: readonly [string, Buffer][] = [
    ['one byte', noise(1)],
    ['two bytes', noise(2)],
    ['a few bytes', noise(1000)],
    ['more than one piece', noise(3_500_000)],
    ['exactly one piece', noise(1 << 20)],
    ['zeros', Buffer.alloc(5_000_000)],
    ['signatures of a zip', signatures],
    ['a zip', whole],
    ['many zips', Buffer.concat(Array.from({ length: 3000 }, () => whole))],
  ];
  for (const [what, raw] of contents) {
    for (const parts of [
      { method: 0 },
      { method: 8 },
      { method: 0, hasDescriptor: true },
      { method: 8, hasDescriptor: true },
    ]) {
      test(`${what}, ${JSON.stringify(parts)}`, async () => {
        assert.ok((await contentOf({ name: 'a', raw, ...parts })).equals(raw));
      });
    }
  }

  test('an empty member', async () => {
    assert.equal((await contentOf({ name: 'a', raw: Buffer.alloc(0), method: 0 })).length, 0);
    assert.equal((await contentOf({ name: 'a', raw: Buffer.alloc(0), method: 8 })).length, 0);
  });

  test('a local extra field of any length', async () => {
    const raw = noise(9000);
    for (const length of [20, 300, 5000, 65535]) {
      const parts = { name: 'a', raw, localExtra: Buffer.alloc(length, 0x50) };
      assert.ok((await contentOf(parts)).equals(raw));
      assert.ok((await headOf(parts)).equals(raw.subarray(0, (await headOf(parts)).length)));
    }
  });

  test('any bytes, in deflate blocks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4000 }), fc.constantFrom(0, 8), async (bytes, method) => {
        const raw = Buffer.from(bytes);
        assert.ok((await contentOf({ name: 'a', raw, method })).equals(raw));
      }),
      { numRuns: cases(50) },
    );
  });
});

describe('members that are refused', () => {
  const raw = noise(5000);
  const deflated = deflateRawSync(raw);
  const members: readonly [string, MemberParts, ErrorCode, RegExp][] = [
    ['encrypted', { name: 'a', raw, flags: 1 }, 'archive-encrypted', /encrypted/],
    ['bzip2', { name: 'a', raw, method: 12 }, 'compression-unsupported', /method 12 \(bzip2\)/],
    [
      'an unheard-of method',
      { name: 'a', raw, method: 77 },
      'compression-unsupported',
      /method 77 \(unknown\)/,
    ],
    ['a wrong CRC-32', { name: 'a', raw, crc32: 1 }, 'archive-corrupt', /CRC-32: .*, declared as 00000001/],
    ['a wrong CRC-32, stored', { name: 'a', raw, method: 0, crc32: 1 }, 'archive-corrupt', /CRC-32/],
    [
      'one byte more than declared',
      { name: 'a', raw, rawSize: 4999 },
      'archive-corrupt',
      /more than the 4999/,
    ],
    [
      'one byte less than declared',
      { name: 'a', raw, rawSize: 5001 },
      'archive-corrupt',
      /holds 5000 bytes and declares 5001/,
    ],
    [
      'stored with two sizes',
      { name: 'a', raw, method: 0, rawSize: 4999 },
      'archive-corrupt',
      /two sizes differ/,
    ],
    [
      'an absurd size',
      { name: 'a', raw, rawSize: 2 ** 33, isZip64: true },
      'size-absurd',
      /8589934592 bytes/,
    ],
    ['bytes after the stream', trailed(deflated, Buffer.from([0])), 'archive-corrupt', /after the end/],
    ['a stream after the stream', trailed(deflated, deflated), 'archive-corrupt', /after the end/],
    ['a MiB after the stream', trailed(deflated, noise(1 << 20)), 'archive-corrupt', /after the end/],
    [
      'a stream that is cut',
      trailed(deflated.subarray(0, -9), Buffer.alloc(0)),
      'archive-corrupt',
      /cannot be decompressed/,
    ],
    ['no stream', trailed(Buffer.alloc(0), Buffer.alloc(0)), 'archive-corrupt', /holds 0 bytes/],
    [
      'a stream of nonsense',
      trailed(Buffer.alloc(100, 0xff), Buffer.alloc(0)),
      'archive-corrupt',
      /cannot be decompressed/,
    ],
  ];
  for (const [what, member, code, words] of members) {
    test(what, async () => {
      const hinted = code === 'archive-corrupt' && { hint: /copy it again .* or make it again/ };
      await rejects(() => contentOf(member), { code, message: words, ...hinted });
    });
  }

  test('a local header with a wrong signature', async () => {
    const archive = buildZip([{ name: 'a', raw }]);
    archive[0] = 0;
    await withFile('a.npz', archive, async (path) => {
      await assert.rejects(readFirst(path), /member a does not begin at 0/);
    });
  });

  test('a local header that pushes the bytes into the directory', async () => {
    const archive = buildZip([{ name: 'a', raw }]);
    archive.writeUInt16LE(60000, 28);
    await withFile('a.npz', archive, async (path) => {
      await assert.rejects(readFirst(path), /reaches past byte/);
    });
  });

  function trailed(stream: Buffer, trailing: Buffer): MemberParts {
    return { name: 'a', raw, compressed: Buffer.concat([stream, trailing]) };
  }
});

describe('zip bombs', () => {
  const compressed = zeros(bombSize);

  test('one with its true size is read in constant memory', async () => {
    const parts = {
      name: 'a',
      raw: Buffer.alloc(0),
      compressed,
      rawSize: bombSize,
      crc32: crcOfZeros(bombSize),
    };
    await withFile('bomb.npz', buildZip([parts]), async (path) => {
      const before = process.memoryUsage().arrayBuffers;
      let bytes = 0;
      let most = 0;
      for await (const piece of pieces(path)) {
        bytes += piece.length;
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      }
      assert.equal(bytes, bombSize);
      assert.ok(most < 100 << 20, `${most} bytes were held at once`);
    });
  });

  test('one with a false size ends as soon as it gives more than that', async () => {
    const parts = { name: 'a', raw: Buffer.alloc(0), compressed, rawSize: 3 << 20 };
    await withFile('bomb.npz', buildZip([parts]), async (path) => {
      let bytes = 0;
      await assert.rejects(async () => {
        for await (const piece of pieces(path)) bytes += piece.length;
      }, /more than the 3145728 bytes/);
      assert.ok(bytes <= 3 << 20);
    });
  });

  test('the head of one inflates only a little of it', async () => {
    const parts = { name: 'a', raw: Buffer.alloc(0), compressed, rawSize: bombSize };
    const head = await headOf(parts);
    assert.ok(head.length >= 4096 && head.length < 600_000, `${head.length} bytes`);
  });
});

test('a reader that stops early releases everything', withoutCases, async () => {
  await withFile('a.npz', buildZip([{ name: 'a', raw: noise(4 << 20) }]), async (path) => {
    for (let n = 0; n < 20; n++) {
      for await (const piece of pieces(path)) {
        assert.ok(piece.length > 0);
        break;
      }
    }
  });
});

/** Zeros as raw deflate: one independent block of 1 MiB, repeated, and an empty last block. */
function zeros(length: number): Buffer {
  const mebibyte = deflateRawSync(Buffer.alloc(1 << 20), { level: 9, finishFlush: 3 });
  return Buffer.concat([...Array.from({ length: length / (1 << 20) }, () => mebibyte), Buffer.from([3, 0])]);
}

function crcOfZeros(length: number): number {
  const mebibyte = Buffer.alloc(1 << 20);
  let sum = 0;
  for (let done = 0; done < length; done += mebibyte.length) sum = crc32(mebibyte, sum);
  return sum;
}

function contentOf(member: MemberParts): Promise<Buffer> {
  return withFile('a.npz', buildZip([member, { name: 'next', raw: noise(50) }]), readFirst);
}

async function readFirst(path: string): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  for await (const piece of pieces(path)) kept.push(piece.slice());
  return Buffer.concat(kept);
}

function headOf(member: MemberParts): Promise<Buffer> {
  return withFile('a.npz', buildZip([member]), async (path) => {
    const source = await openByteSource(path);
    const [entry] = await readDirectory(source);
    assert.ok(entry);
    const { head } = await openMember(source, entry, (bytes) => bytes.length >= 128);
    await source.close();
    return Buffer.from(head);
  });
}

async function* pieces(path: string): AsyncGenerator<Uint8Array> {
  const source = await openByteSource(path);
  try {
    const [entry] = await readDirectory(source);
    assert.ok(entry);
    yield* readMember(source, await openMember(source, entry, () => true));
  } finally {
    await source.close();
  }
}
