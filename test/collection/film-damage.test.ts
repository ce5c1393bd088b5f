/**
 * Archives that are damaged or have false entries give the right answer or a GialloError, never anything else, and take
 * hardly more memory than the archive holds. `GIALLO_FUZZ_RUNS` sets the number of runs of each property; a failure
 * prints its seed.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import fc from 'fast-check';
import { openFilm, openVectors } from '../../src/collection/film.js';
import { GialloError } from '../../src/errors.js';
import { sourceOfBytes } from '../../src/npz/byte-source.js';
import { type ArchiveParts, buildNpy, buildZip, type MemberParts } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';

const runs = Number(process.env.GIALLO_FUZZ_RUNS ?? 100);
/** Far more than any of these archives holds, and far less than their false sizes. */
const mostMemory = 256 << 20;

const folder = mkdtempSync(join(tmpdir(), 'giallo-damage-'));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'film.npz');

const frames = 12;
const dim = 40;
const values = Float32Array.from({ length: frames * dim }, (_, i) => Math.sin(i) * 2 ** (i % 9));
const data = Buffer.from(values.buffer);
const embeddings = buildNpy('<f4', [frames, dim], data);
const names = Array.from({ length: frames }, (_, n) => `frame_${n}.jpg`);
const filenames = buildNpy(
  '|S16',
  [frames],
  Buffer.from(names.map((name) => name.padEnd(16, '\0')).join('')),
);
const right: Answer = { names, values: data };

const whole: readonly Buffer[] = [
  ...[0, 8].flatMap((method) => [
    buildZip(membersOf({ method })),
    buildZip(membersOf({ method, hasDescriptor: true }), { comment: Buffer.from('a comment') }),
    buildZip(membersOf({ method, isZip64: true, localExtra: Buffer.alloc(20) }), { isZip64: true }),
  ]),
  ...['deflated', 'stored', 'filenames-object-paths'].map((name) =>
    readFileSync(join(import.meta.dirname, `../fixtures/npz-corpus/${name}.npz`)),
  ),
];

test('an archive of more frames than a Map has room for is refused, also as a question', async () => {
  const count = 2 ** 24 + 1;
  const many = buildNpy('|i1', [count, 1], Buffer.alloc(count));
  const archive = buildZip([{ name: 'embeddings.npy', raw: many }]);
  assert.ok(archive.length < 2 ** 15);
  const expected = { code: 'size-absurd', message: /: 16777217 frames; at most 16777216 are read$/ } as const;
  writeFileSync(path, archive);
  await rejects(() => openFilm({ name: 'film', path }), expected);
  await rejects(() => openVectors(sourceOfBytes(archive, 'stdin'), 'npz'), expected);
});

test('undamaged archives are read', async () => {
  for (const archive of whole.slice(0, 6)) assert.deepEqual(await outcomeOf(archive), right);
});

test('files with flipped, removed, added or overwritten bytes give an error or the right answer', async (t) => {
  const expected: Answer[] = [];
  for (const archive of whole) expected.push((await outcomeOf(archive)) as Answer);
  const damage = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('flip'),
        at: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
        bit: fc.nat(7),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('flip near the end'),
        at: fc.array(fc.nat(300), { minLength: 1, maxLength: 3 }),
        bit: fc.nat(7),
      }),
    },
    fc.record({
      kind: fc.constant('cut'),
      at: fc.array(fc.nat(), { minLength: 1, maxLength: 1 }),
      bit: fc.nat(7),
    }),
    fc.record({
      kind: fc.constant('cut in front'),
      at: fc.array(fc.nat(), { minLength: 1, maxLength: 1 }),
      bit: fc.nat(7),
    }),
    fc.record({
      kind: fc.constant('insert'),
      at: fc.array(fc.nat(), { minLength: 2, maxLength: 2 }),
      bit: fc.nat(7),
    }),
    fc.record({
      kind: fc.constant('ones'),
      at: fc.array(fc.nat(), { minLength: 1, maxLength: 1 }),
      bit: fc.nat(7),
    }),
  );
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), damage, async (n, { kind, at, bit }) => {
      const outcome = await outcomeOf(damaged(whole[n] ?? Buffer.alloc(0), kind, at, bit));
      count(counts, outcome);
      if (typeof outcome === 'string') return;
      assert.deepEqual(outcome.values, expected[n]?.values);
      // If the member's name in the directory was damaged, there are no names: they are row numbers, with a warning.
      const isUnnamed = outcome.warning === 'names-missing' && outcome.names[1] === '1';
      if (!isUnnamed) assert.deepEqual(outcome.names, expected[n]?.names);
    }),
    { numRuns: runs, includeErrorInReport: true },
  );
  report(t, counts);
});

test('false entries in the directory give an error or the right answer', async (t) => {
  const number = fc.oneof(
    fc.nat(5000),
    fc.nat(),
    fc.constantFrom(2 ** 31, 2 ** 32 - 1, 2 ** 33, 2 ** 52, 2 ** 62),
  );
  const lies: fc.Arbitrary<Partial<MemberParts>> = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    fc.record({ crc32: fc.nat(0xffffffff) }),
    fc.record({ compressedSize: number }),
    fc.record({ rawSize: number }),
    fc.record({ compressedSize: number, rawSize: number }),
    fc.record({ byteOffset: number }),
    fc.record({ method: fc.constantFrom(0, 8, 9, 12, 99) }),
    fc.record({ flags: fc.constantFrom(0, 1, 8, 0x2000, 0x0800) }),
  );
  const archiveLies: fc.Arbitrary<ArchiveParts> = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    fc.record({ entries: fc.nat(40) }),
    fc.record({ directoryOffset: number }),
    fc.record({ directoryLength: number }),
  );
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(lies, lies, archiveLies, fc.constantFrom(0, 8), async (one, two, archive, method) => {
      // Only zip64 fields can hold numbers of more than 32 bits.
      const [first, second] = membersOf({ method, isZip64: true });
      const members = [{ ...first, ...one } as MemberParts, { ...second, ...two } as MemberParts];
      const outcome = await outcomeOf(buildZip(members, { isZip64: true, ...archive }));
      count(counts, outcome);
      if (typeof outcome !== 'string') assert.deepEqual(outcome, right);
    }),
    { numRuns: runs, includeErrorInReport: true },
  );
  report(t, counts);
});

test('a false type or shape with a right CRC-32 gives an error or the right answer', async (t) => {
  const size = fc.oneof(
    fc.nat(50),
    fc.constantFrom(0, 1, dim, frames, frames * dim, 2 ** 20, 2 ** 40, 2 ** 53 - 1),
  );
  const descr = fc.constantFrom(
    '<f4',
    '>f4',
    '<f2',
    '<f8',
    '|u1',
    '<i8',
    '|V2',
    '<c8',
    '|O',
    '<U1',
    '|S0',
    'x',
    '<f4444',
  );
  const shape = fc.oneof(
    fc.array(size, { maxLength: 4 }),
    fc.constantFrom([frames, dim], [frames, 1, dim], [frames, dim / 2], [frames, dim * 2], [frames, dim * 4]),
  );
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      descr,
      shape,
      fc.boolean(),
      fc.constantFrom(0, 8),
      async (type, axes, fortranOrder, method) => {
        const raw = buildNpy(type, axes, data, fortranOrder);
        const [, second] = membersOf({ method });
        const outcome = await outcomeOf(
          buildZip([{ name: 'embeddings.npy', raw, method }, second as MemberParts]),
        );
        count(counts, outcome);
        if (typeof outcome === 'string') return;
        const itemBytes = Number(type.slice(2));
        assert.equal(
          axes.reduce((product, n) => product * n, itemBytes),
          data.length,
        );
        assert.deepEqual(outcome.names, names);
        assert.equal(outcome.values.length, (data.length / itemBytes) * 4);
        if (type === '<f4' && !fortranOrder) assert.deepEqual(outcome.values, data);
      },
    ),
    { numRuns: runs, includeErrorInReport: true },
  );
  report(t, counts);
});

interface Answer {
  readonly names: readonly string[];
  readonly values: Buffer;
  readonly warning?: string;
}

/** The answer, or the code of the GialloError; any other error fails the test. */
async function outcomeOf(archive: Uint8Array): Promise<Answer | string> {
  // Truncating a file takes ext4 much longer than making a new one.
  rmSync(path, { force: true });
  writeFileSync(path, archive);
  const before = bytesOfBuffers();
  try {
    const film = await openFilm({ name: 'film', path });
    try {
      const { filenames, warnings } = await film.readFilenames();
      const kept: Buffer[] = [];
      for await (const { values } of film.readBlocks()) {
        kept.push(Buffer.from(values.slice().buffer));
        const held = bytesOfBuffers() - before;
        assert.ok(held < mostMemory, `${held} bytes are held`);
      }
      const [warning] = warnings;
      return { names: filenames, values: Buffer.concat(kept), ...(warning && { warning: warning.code }) };
    } finally {
      await film.close();
    }
  } catch (error) {
    if (!(error instanceof GialloError)) throw error;
    assert.ok(error.message.startsWith(path), error.message);
    return error.code;
  }
}

/** What `process.memoryUsage()` says too, but it asks the system for more, which takes longer than an archive does. */
const bytesOfBuffers = () => getHeapStatistics().external_memory;

function membersOf(parts: Partial<MemberParts>): MemberParts[] {
  return [
    { name: 'embeddings.npy', raw: embeddings, ...parts },
    { name: 'filenames.npy', raw: filenames, ...parts },
  ];
}

function damaged(archive: Buffer, kind: string, at: readonly number[], bit: number): Buffer {
  const bytes = Buffer.from(archive);
  const [first = 0, second = 0] = at.map((n) => n % bytes.length);
  if (kind === 'cut') return bytes.subarray(0, first);
  if (kind === 'cut in front') return bytes.subarray(first);
  if (kind === 'insert') {
    return Buffer.concat([
      bytes.subarray(0, first),
      bytes.subarray(second, second + 70),
      bytes.subarray(first),
    ]);
  }
  if (kind === 'ones') return bytes.fill(0xff, first, Math.min(bytes.length, first + 1 + bit));
  for (const n of at) {
    const hit = kind === 'flip' ? n % bytes.length : Math.max(0, bytes.length - 1 - n);
    bytes[hit] = (bytes[hit] ?? 0) ^ (1 << bit);
  }
  return bytes;
}

function count(counts: Map<string, number>, outcome: Answer | string): void {
  const key = typeof outcome === 'string' ? outcome : (outcome.warning ?? 'right');
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function report(t: { diagnostic(message: string): void }, counts: ReadonlyMap<string, number>): void {
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  t.diagnostic(`${runs} runs: ${sorted.map(([outcome, n]) => `${outcome} ${n}`).join(', ')}`);
}
