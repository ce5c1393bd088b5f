import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryPath } from '../../src/files/temporary-files.js';
import type { Progress } from '../../src/progress.js';
import { similar } from '../../src/reports/similar.js';
import type { IndexUse, SearchContext } from '../../src/search/context.js';
import { type BuildOptions, buildIndex } from '../../src/search-index/build.js';
import { clearIndex } from '../../src/search-index/clear.js';
import { filmPaths } from '../../src/search-index/index-files.js';
import { hasAllCases, withoutCases } from '../cases.js';
import { deadLeftover } from '../dead-leftover.js';
import { rejects } from '../rejects.js';
import { seededNumbers } from '../seeded-numbers.js';
import {
  archiveOf,
  bareArrayOf,
  basisOf,
  contentOf,
  type IndexedFilms,
  indexedFilms,
  statesOf,
} from './indexed-films.js';
import { filmLikeRows } from './seeded-rows.js';

const dim = 40;
const film = (seed: number, frames = 30) => archiveOf({ dim, values: filmLikeRows(frames, dim, seed) });
const threeFilms = () => indexedFilms({ 'a.npz': film(1), 'b.npz': film(2), 'c.npz': film(3) });
/** Threads are started even for little work. */
const threaded = { bytesWorthThreads: 0 };

test('a build makes the same files with any number of threads, also if several builds run at once', async () => {
  const expected = await filesAfter(threeFilms(), { jobs: 1 });
  assert.equal(expected.size, 3 + 3 + 1 + 1);
  for (const jobs of hasAllCases ? [2, 4] : [2]) {
    assert.deepEqual(await filesAfter(threeFilms(), { jobs, ...threaded }), expected, `${jobs}`);
  }
  const films = threeFilms();
  const reports = await Promise.all([1, 2, 2].map((jobs) => build(films, { jobs, ...threaded })));
  const read = reports.map((report) => report.read).sort();
  assert.deepEqual(read, [0, 0, 3], 'one builds, and the others wait for it');
  assert.deepEqual(contentOf(films), expected);
});

describe('a build', withoutCases, () => {
  test('makes the same files after being stopped anywhere, also with films read while the basis is made', async () => {
    const twelveFilms = () =>
      indexedFilms(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n + 10}.npz`, film(n, 12)])));
    const expected = await filesAfter(twelveFilms());
    for (const ended of [1, 10, 11, 12, 13, 20]) {
      const films = twelveFilms();
      const abort = new AbortController();
      let steps = 0;
      const onProgress = () => ++steps === ended && abort.abort(new Error('enough'));
      const options = { jobs: 2, bytesWorthThreads: ended % 2 === 0 ? 0 : undefined };
      await assert.rejects(build(films, { ...options, signal: abort.signal, onProgress }), /enough/);
      await build(films, options);
      assert.deepEqual(contentOf(films), expected, `${ended}`);
    }
  });

  test('starts threads if there is enough work, and none for a few small films', async () => {
    let threads = 0;
    const count = () => threads++;
    process.on('worker', count);
    try {
      await build(threeFilms(), { jobs: 2 });
      assert.equal(threads, 0);
      await build(threeFilms(), { jobs: 2, ...threaded });
      assert.equal(threads, 2);
    } finally {
      process.off('worker', count);
    }
  });

  test('does nothing when nothing has changed', async () => {
    const films = threeFilms();
    assert.deepEqual(await build(films), { read: 3, sketched: 3, removed: 0, failed: [] });
    const before = contentOf(films);
    assert.deepEqual(await build(films), { read: 0, sketched: 0, removed: 0, failed: [] });
    assert.deepEqual(contentOf(films), before);
  });

  test('reads only films that are new or changed, and removes films that are gone', async () => {
    const films = threeFilms();
    await build(films);
    writeFileSync(join(films.data, 'b.npz'), film(20));
    writeFileSync(join(films.data, 'd.npz'), film(4));
    rmSync(join(films.data, 'a.npz'));
    assert.deepEqual(await build(films), { read: 2, sketched: 2, removed: 1, failed: [] });
    assert.deepEqual(await statesOf(films), { b: 'fresh', c: 'fresh', d: 'fresh' });
    assert.equal(films.files().size, 3 + 3 + 1 + 1);
  });

  test('treats a copy of a file as unchanged, and other reading options as a change', async () => {
    const films = threeFilms();
    await build(films);
    utimesSync(join(films.data, 'a.npz'), 1, 1);
    assert.equal((await build(films)).read, 0);
    const reading = { embeddingsKey: 'embeddings' };
    assert.deepEqual(await statesOf(films, reading), { a: 'changed', b: 'changed', c: 'changed' });
    assert.equal((await build(films, { reading })).read, 3);
  });

  test('names films that it cannot read, and continues', async () => {
    const films = indexedFilms({ 'a.npz': film(1), 'bad.npz': Buffer.from('PK'), 'empty.npz': film(2, 0) });
    const { read, failed } = await build(films);
    assert.equal(read, 2);
    assert.deepEqual(
      failed.map(({ entry, error }) => [entry.name, error.code]),
      [['bad', 'not-an-archive']],
    );
    assert.deepEqual(await statesOf(films), { a: 'fresh', bad: 'unreadable', empty: 'fresh' });
  });

  test('reports its progress', async () => {
    const seen: Progress[] = [];
    await build(threeFilms(), { jobs: 1, onProgress: (progress) => seen.push(progress) });
    assert.deepEqual(
      seen,
      ['films read', 'films sketched'].flatMap((unit) => [1, 2, 3].map((done) => ({ done, total: 3, unit }))),
    );
  });

  test('throws the reason of an abort, and the next build continues there', async () => {
    for (const threads of [{}, threaded]) {
      const films = threeFilms();
      const abort = new AbortController();
      const onProgress = () => abort.abort(new Error('enough'));
      await assert.rejects(build(films, { ...threads, signal: abort.signal, onProgress }), /enough/);
      assert.deepEqual(
        [...films.files().keys()].filter((name) => name.endsWith('.tmp')),
        [],
      );
      assert.ok((await build(films)).read < 3);
      assert.deepEqual(contentOf(films), await filesAfter(threeFilms()));
    }
  });

  test('removes files of killed builds, and none of a build that may be running', async () => {
    const films = threeFilms();
    mkdirSync(films.folder, { recursive: true });
    const mine = temporaryPath(films.folder);
    const ofAnotherHost = mine.replace(/-[0-9a-f]{8}-/, '-00000000-');
    for (const path of [mine, deadLeftover(films.folder), ofAnotherHost]) writeFileSync(path, 'half');
    await build(films);
    assert.deepEqual(
      readdirSync(films.folder).filter((name) => name.endsWith('.tmp')),
      [basename(ofAnotherHost)],
    );
  });

  test('reports that the index was cleared meanwhile', async () => {
    const films = threeFilms();
    const onProgress = () => void clearIndex(films.folder);
    await rejects(() => build(films, { jobs: 1, onProgress }), {
      code: 'file-unwritable',
      message: `${films.folder}: the search index was cleared while it was being built`,
      hint: 'run `giallo index build` again',
    });
  });

  test('reports that the index was cleared before the first file was written', async () => {
    const films = threeFilms();
    const building = buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
    while (!existsSync(films.folder)) await Promise.resolve();
    clearIndex(films.folder);
    await rejects(() => building, {
      code: 'file-unwritable',
      message: `${films.folder}: the search index was cleared while it was being built`,
      hint: 'run `giallo index build` again',
    });
  });

  test('can be limited to some films, and keeps the files of others', async () => {
    const films = threeFilms();
    const { films: entries } = await films.open();
    const stateOfEach = async () => Object.values(await statesOf(films, {}));
    assert.equal((await build(films, { films: entries.slice(0, 2) })).read, 2);
    assert.deepEqual(await stateOfEach(), ['fresh', 'fresh', 'missing']);
    assert.equal((await build(films, { films: entries.slice(2) })).read, 1);
    assert.deepEqual(await stateOfEach(), ['fresh', 'fresh', 'fresh']);
  });

  test('makes no sketches for films of very long rows, which take hardly more room than their vectors', async () => {
    const values = Float32Array.from({ length: 4 * 100_000 }, (_, i) => Math.sin(i));
    const films = indexedFilms({
      'long.npz': archiveOf({ dim: 100_000, values }),
      'a.npz': film(1),
    });
    await build(films);
    const bytes = [...films.files()].reduce(
      (sum, [name, { length }]) => sum + (name.startsWith('long') ? length : 0),
      0,
    );
    assert.ok(bytes < 1.05 * values.byteLength, `${bytes}`);
    const uses: IndexUse[] = [];
    const ask = async (context: SearchContext) =>
      similar(await films.open(), [{ film: 'long', frame: 0 }], { scope: 'all' }, context);
    assert.deepEqual(await ask(films.context(uses)), await ask({}));
    assert.deepEqual(uses[0].passedOver, {});
    assert.deepEqual(await build(films), { read: 0, sketched: 0, removed: 0, failed: [] });
  });

  test('can have films whose names are as long as file names may be', async () => {
    const name = 'n'.repeat(251);
    const films = indexedFilms({ [`${name}.npy`]: bareArrayOf({ dim, values: filmLikeRows(30, dim, 5) }) });
    assert.equal((await build(films)).read, 1);
    for (const file of films.files().keys()) assert.ok(file.length < 120);
  });

  test('makes a new basis if the old one does not fit new films', async () => {
    const wide = 300;
    const films = indexedFilms({ 'a.npz': archiveOf({ dim: wide, values: filmLikeRows(30, wide, 1) }) });
    await build(films);
    const bases = () => [...films.files().keys()].filter((name) => name.endsWith('.basis'));
    const [old] = bases();
    const next = seededNumbers(5);
    const values = Float32Array.from({ length: 200 * wide }, next);
    writeFileSync(join(films.data, 'b.npz'), archiveOf({ dim: wide, values }));
    await build(films);
    assert.equal(bases().length, 1);
    assert.notEqual(bases()[0], old);
    assert.deepEqual(await statesOf(films), { a: 'fresh', b: 'fresh' });
    const before = contentOf(films);
    assert.equal((await build(films)).sketched, 0);
    assert.deepEqual(contentOf(films), before);
  });
});

describe('a build over files that are damaged', withoutCases, () => {
  const damages: readonly (readonly [what: string, ending: string, damage: (path: string) => void])[] = [
    ['a row, its sketches gone', 'rows', (path) => flip(path, 100)],
    ['the rows’ description', 'rows', (path) => flip(path, -30)],
    ['the sketches’ description', 'sketches', (path) => flip(path, -30)],
    ['rows of an older format', 'rows', (path) => makeOlder(path)],
    ['sketches of an older format', 'sketches', (path) => makeOlder(path)],
    ['a basis of an older format', 'basis', (path) => makeOlder(path)],
    ['rows cut off', 'rows', (path) => writeFileSync(path, readFileSync(path).subarray(0, 1000))],
    ['rows of nothing', 'rows', (path) => writeFileSync(path, '')],
    ['something else', 'sketches', (path) => writeFileSync(path, film(9))],
    ['no sketches', 'sketches', (path) => rmSync(path)],
    ['the basis', 'basis', (path) => flip(path, 100)],
    ['no basis', 'basis', (path) => rmSync(path)],
  ];
  for (const [what, ending, damage] of damages) {
    test(`makes them again: ${what}`, async () => {
      const films = threeFilms();
      await build(films);
      const expected = contentOf(films);
      const { rows, sketches } = filmPaths(films.folder, 'b');
      damage({ rows, sketches, basis: join(films.folder, basisOf(films)) }[ending] as string);
      if (what.endsWith('sketches gone')) rmSync(sketches);
      else assert.notEqual((await statesOf(films)).b, 'fresh');
      const ask = async (context?: SearchContext) =>
        similar(await films.open(), [{ film: 'b', frame: 3 }], { scope: 'all' }, context);
      assert.deepEqual(await ask(films.context()), await ask(), 'the answer is right meanwhile');
      const { failed } = await build(films);
      assert.deepEqual(failed, []);
      assert.deepEqual(await statesOf(films), { a: 'fresh', b: 'fresh', c: 'fresh' });
      assert.deepEqual(contentOf(films), expected);
    });
  }

  test('makes damaged rows again that it finds while sampling for a new basis', async () => {
    const films = threeFilms();
    await build(films);
    const expected = contentOf(films);
    flip(filmPaths(films.folder, 'b').rows, 0);
    for (const name of ['a', 'b', 'c']) rmSync(filmPaths(films.folder, name).sketches);
    assert.deepEqual(await build(films), { read: 1, sketched: 3, removed: 0, failed: [] });
    assert.deepEqual(contentOf(films), expected);
  });
});

async function build(films: IndexedFilms, options: BuildOptions = {}) {
  return buildIndex(await films.open(), films.cacheRoot, { jobs: 1, ...options });
}

async function filesAfter(films: IndexedFilms, options: BuildOptions = {}) {
  await build(films, options);
  return contentOf(films);
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(path, bytes);
}

function makeOlder(path: string): void {
  const bytes = readFileSync(path);
  bytes[bytes.length - 1]--;
  writeFileSync(path, bytes);
}
