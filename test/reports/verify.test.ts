import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { verify } from '../../src/reports/verify.js';
import type { SearchContext } from '../../src/search/context.js';
import { buildNpy, buildZip, type MemberParts } from '../npz/build-zip.js';
import { temporaryFolder } from '../temporary-folder.js';

const fixtures = join(import.meta.dirname, '../fixtures');

describe('verify', () => {
  test('finds what the golden films were made with', async () => {
    const report = await verifyFolder(join(fixtures, 'golden/films'));
    assert.deepEqual(codesOf(report), [
      'warning zero-rows Gamma 3',
      'warning nan NotFinite 1',
      'warning infinite NotFinite 2',
      'warning mixed-dims Other.Dim 5',
    ]);
    assert.deepEqual(
      report.findings.map(({ indices }) => indices),
      [[2, 3, 4], [2], [6, 7], []],
    );
    assert.deepEqual(report.totals, { errors: 0, warnings: 4, brokenFilms: 0 });
    assert.equal(report.verified.frames, 81);
  });

  test('finds what is unusual about each archive of the corpus', async () => {
    const corpus = await openCollection(join(fixtures, 'npz-corpus'));
    const found: string[] = [];
    for (const { name } of corpus.films) found.push(...codesOf(await verify(corpus, [name])));
    assert.deepEqual(found, [
      'error dtype-unsupported bfloat16-as-void null',
      'warning duplicate-names duplicate-names 1',
      'warning converted empty-lists null',
      'error shape-mismatch fewer-names-than-rows null',
      'warning names-pickled filenames-not-a-list null',
      'warning names-pickled filenames-object-paths null',
      'warning names-pickled filenames-object-strings null',
      'warning names-pickled filenames-stringdtype null',
      'warning converted float16 null',
      'warning converted float64 null',
      'warning nan zero-and-non-finite-rows 1',
      'warning infinite zero-and-non-finite-rows 1',
      'warning zero-rows zero-and-non-finite-rows 1',
    ]);
  });

  test('finds times that no frame gets, once', async () => {
    const members = membersOf({ frames: 2, dim: 2, vectors: Float32Array.of(1, 2, 3, 4) });
    const times: Readonly<Record<string, Buffer>> = {
      good: buildNpy('<f4', [2], Buffer.from(Float32Array.of(0, 0.4).buffer)),
      long: buildNpy('<f4', [3], Buffer.alloc(12)),
      nan: buildNpy('<f4', [2], Buffer.from(Float32Array.of(0, Number.NaN).buffer)),
      object: buildNpy('|O', [2], Buffer.from('\x80\x04N.', 'latin1')),
      text: buildNpy('<U1', [2], Buffer.alloc(8)),
    };
    for (const [name, raw] of Object.entries(times)) {
      const archive = buildZip([...members, { name: 'times.npy', raw }]);
      const { findings } = await verifyFolder(temporaryFolder({ 'a.npz': archive }));
      assert.deepEqual(
        findings.map(({ severity, code }) => `${severity} ${code}`),
        name === 'good' ? [] : ['warning times-unusable'],
        name,
      );
    }
  });

  test('advises with the line of Python itself, not with giallo verify', async () => {
    const corpus = await openCollection(join(fixtures, 'npz-corpus'));
    const [{ message, advice }] = (await verify(corpus, ['filenames-object-strings'])).findings;
    assert.match(message, /: the names are a Python pickle, read without running it$/);
    assert.match(advice, /, run: python3 /);
  });

  test('reads with the options that searches have', async () => {
    const corpus = await openCollection(join(fixtures, 'npz-corpus'));
    const report = await verify(corpus, ['bfloat16-as-void'], { reading: { assume: 'bfloat16' } });
    assert.deepEqual(codesOf(report), ['warning converted bfloat16-as-void null']);
  });

  test('warns about films whose dim fewer frames have', async () => {
    const folder = temporaryFolder({
      'a.npz': film({ frames: 1, dim: 3 }),
      'b.npz': film({ frames: 2, dim: 3 }),
      'c.npz': film({ frames: 9, dim: 4 }),
      'none.npz': film({ frames: 0, dim: 7 }),
    });
    const { findings } = await verifyFolder(folder);
    assert.deepEqual(
      findings.map(({ code, film, message }) => [code, film, message.slice(folder.length + 1)]),
      [
        ['mixed-dims', 'a', 'a.npz: vectors of 3 numbers, where most frames have 4'],
        ['mixed-dims', 'b', 'b.npz: vectors of 3 numbers, where most frames have 4'],
      ],
    );
    assert.deepEqual((await verifyFolder(folder, ['a', 'b'])).findings, []);
  });

  test('lists repeated names with at most ten rows', async () => {
    const names = ['x', ...Array.from({ length: 12 }, () => 'twice'), 'y', 'x'];
    const folder = temporaryFolder({ 'a.npz': film({ frames: names.length, dim: 2, names }) });
    const [finding] = (await verifyFolder(folder)).findings;
    assert.equal(finding?.count, 2);
    assert.deepEqual(finding?.indices, [0, 14, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert.match(finding?.message ?? '', /: 2 names stand for several rows: "x" for 0, 14$/);
  });

  test('counts numbers too large for float32, apart from the rows that they make infinite', async () => {
    const wide = Float64Array.from([1, 2, 1e39, 4, -1e300, 1e40]);
    const raw = buildNpy('<f8', [3, 2], new Uint8Array(wide.buffer));
    const folder = temporaryFolder({ 'a.npz': buildZip([{ name: 'embeddings.npy', raw }]) });
    assert.deepEqual(codesOf(await verifyFolder(folder)), [
      'warning names-missing a null',
      'warning converted a null',
      'warning became-infinite a 3',
      'warning infinite a 2',
    ]);
  });
});

describe('verify of broken films', () => {
  test('finds one flipped bit in the vectors, the names or another array', async () => {
    for (const part of ['embeddings', 'filenames', 'thumbnails']) {
      const folder = temporaryFolder({ 'a.npz': film({ frames: 40, dim: 16, flipped: part }) });
      const report = await verifyFolder(folder);
      assert.deepEqual(codesOf(report), ['error archive-corrupt a null'], part);
      assert.match(report.findings[0]?.message ?? '', new RegExp(`member ${part}\\.npy `));
      assert.equal(report.verified.frames, 40);
    }
  });

  test('reports everything that is wrong with a film, not only the first problem', async () => {
    const whole = film({ frames: 40, dim: 16, flipped: 'embeddings' });
    const folder = temporaryFolder({ 'a.npz': flipIn(whole, 'filenames') });
    assert.deepEqual(codesOf(await verifyFolder(folder)), [
      'error archive-corrupt a null',
      'error archive-corrupt a null',
    ]);
  });

  test('reports a member without a header, but not files that macOS adds', async () => {
    const junk = Buffer.from('no array');
    const archive = (name: string) =>
      buildZip([...membersOf({ frames: 2, dim: 2 }), { name: `${name}.npy`, raw: junk }]);
    const folder = temporaryFolder({
      'junk.npz': archive('extra'),
      'mac.npz': archive('__MACOSX/._embeddings'),
      'dot.npz': archive('folder/._embeddings'),
    });
    assert.deepEqual(codesOf(await verifyFolder(folder)), ['error header-invalid junk null']);
  });

  test('reports files that are not films, and broken links', async () => {
    const whole = film({ frames: 40, dim: 16 });
    const folder = temporaryFolder({
      'cut.npz': whole.subarray(0, whole.length / 2),
      'empty.npz': '',
      'pointer.npz': 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n',
      'whole.npz': whole,
      'x.npy': 'not an array',
    });
    symlinkSync('/nowhere/at/all.npz', join(folder, 'link.npz'));
    const report = await verifyFolder(folder);
    assert.deepEqual(codesOf(report), [
      'error archive-truncated cut null',
      'error not-an-archive empty null',
      'error file-unreadable link null',
      'error not-an-archive pointer null',
      'error header-invalid x null',
    ]);
    assert.deepEqual(report.totals, { errors: 5, warnings: 0, brokenFilms: 5 });
    assert.deepEqual(report.verified, { films: 6, frames: 40, bytes: whole.length });
  });

  test('reports .npy films without names, or with too few', async () => {
    const npy = buildNpy('<f4', [2, 2], new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    const folder = temporaryFolder({
      'cut.npy': npy.subarray(0, npy.length - 1),
      'good.npy': npy,
      'good.txt': 'one\ntwo\n',
      'none.npy': npy,
      'short.npy': npy,
      'short.json': '["one"]',
    });
    assert.deepEqual(codesOf(await verifyFolder(folder)), [
      'error header-invalid cut null',
      'error shape-mismatch short null',
      'warning names-missing none null',
    ]);
  });

  test('lists errors before warnings, both by film in code point order', async () => {
    const zero = { frames: 1, dim: 2, vectors: new Float32Array(2) };
    const folder = temporaryFolder({
      '\u{1f600}.npz': film(zero),
      '\uff5e.npz': film(zero),
      'z.npz': '',
      'b.npz': '',
    });
    const { findings } = await verifyFolder(folder, [], { jobs: 4 });
    assert.deepEqual(
      findings.map(({ film }) => film),
      ['b', 'z', '\uff5e', '\u{1f600}'],
    );
  });
});

describe('the arguments of verify', () => {
  test('are films by name or path, each read once', async () => {
    const elsewhere = temporaryFolder({ 'new.npz': film({ frames: 3, dim: 2 }), 'a.npz': '' });
    const folder = temporaryFolder({ 'a.npz': film({ frames: 2, dim: 2 }), 'b.npz': '' });
    const report = await verifyFolder(folder, ['a', join(folder, 'a.npz'), join(elsewhere, 'new.npz')]);
    assert.deepEqual(report.verified.films, 2);
    assert.deepEqual(report.findings, []);
    const taken = await verifyFolder(folder, [join(elsewhere, 'a.npz')]);
    assert.deepEqual(codesOf(taken), [`error not-an-archive ${join(elsewhere, 'a.npz')} null`]);
  });

  test('must be known films; others are an error and not a finding', async () => {
    const folder = temporaryFolder({ 'a.npz': film({ frames: 2, dim: 2 }) });
    await assert.rejects(verifyFolder(folder, ['b']), { code: 'film-unknown' });
  });

  test('may be an empty collection, which has no findings', async () => {
    const report = await verifyFolder(temporaryFolder());
    assert.deepEqual(report.verified, { films: 0, frames: 0, bytes: 0 });
    assert.deepEqual(report.findings, []);
  });

  test('include callbacks for progress and a signal', async () => {
    const folder = temporaryFolder({
      'a.npz': film({ frames: 2, dim: 2 }),
      'b.npz': film({ frames: 2, dim: 2 }),
    });
    const told: string[] = [];
    await verifyFolder(folder, [], { onProgress: ({ done, total }) => void told.push(`${done}/${total}`) });
    assert.deepEqual(told, ['1/2', '2/2']);
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await assert.rejects(verifyFolder(folder, [], { signal: abort.signal }), /enough/);
  });
});

interface FilmParts {
  readonly frames: number;
  readonly dim: number;
  readonly names?: readonly string[];
  readonly vectors?: Float32Array;
  /** The member in which a bit is flipped. */
  readonly flipped?: string;
}

function film(parts: FilmParts): Buffer {
  const archive = buildZip(membersOf(parts));
  return parts.flipped === undefined ? archive : flipIn(archive, parts.flipped);
}

function membersOf({ frames, dim, names, vectors }: FilmParts): MemberParts[] {
  const values = vectors ?? Float32Array.from({ length: frames * dim }, (_, i) => Math.sin(i + 1));
  const filenames = names ?? Array.from({ length: frames }, (_, i) => `frame_${i}.jpg`);
  const text = filenames.map((name) => name.padEnd(16, '\0')).join('');
  const thumbnails = buildNpy('|u1', [1000], Buffer.alloc(1000, 7));
  return [
    { name: 'embeddings.npy', raw: buildNpy('<f4', [frames, dim], new Uint8Array(values.buffer)) },
    { name: 'filenames.npy', raw: buildNpy('|S16', [frames], Buffer.from(text)) },
    { name: 'thumbnails.npy', raw: thumbnails },
  ].map((member) => ({ ...member, method: 0 }));
}

/** Flips the lowest bit of the last byte of a stored member. */
function flipIn(archive: Buffer, member: string): Buffer {
  const flipped = Buffer.from(archive);
  const nextMember = flipped.indexOf('PK', flipped.indexOf(`${member}.npy`));
  flipped.writeUInt8(flipped.readUInt8(nextMember - 1) ^ 1, nextMember - 1);
  return flipped;
}

async function verifyFolder(folder: string, names: readonly string[] = [], context: SearchContext = {}) {
  return verify(await openCollection(folder), names, context);
}

function codesOf({ findings }: Awaited<ReturnType<typeof verify>>): string[] {
  return findings.map(({ severity, code, film, count }) => `${severity} ${code} ${film} ${count}`);
}
