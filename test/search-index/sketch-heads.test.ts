/** The heads of sketches: answers are the same without them and if they are damaged, and fewer films are opened. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, mock, test } from 'node:test';
import { searchVectors } from '../../src/reports/search.js';
import { similar } from '../../src/reports/similar.js';
import type { IndexUse, SearchContext } from '../../src/search/context.js';
import { buildIndex } from '../../src/search-index/build.js';
import { clearIndex } from '../../src/search-index/clear.js';
import { cases, withoutCases } from '../cases.js';
import { archiveOf, type IndexedFilms, indexedFilms } from './indexed-films.js';
import { filmLikeRows } from './seeded-rows.js';

const dim = 96;
const frames = 90;
const letters = [...'abcdefghij'];
/** Of directions that all films share. */
const all = filmLikeRows(frames * 16, dim, 1963);
const made = (number: number) => {
  const values = all.slice(frames * dim * number, frames * dim * (number + 1));
  values.fill(0, 5 * dim, 6 * dim);
  values[7 * dim] = Number.NaN;
  return archiveOf({ dim, values });
};
const films = indexedFilms(Object.fromEntries(letters.map((name, i) => [`${name}.npz`, made(i + 1)])));
const heads = join(films.folder, 'collection.heads');
let whole: Buffer;
let expected: unknown;

const build = async ({ open, cacheRoot }: IndexedFilms = films) =>
  buildIndex(await open(), cacheRoot, { jobs: 1 });

/** Films that changed just now get no stamp, so each is made to look older. */
async function buildSettled(of: IndexedFilms = films) {
  const now = Date.now();
  const clock = mock.method(Date, 'now', () => now + 10_000);
  try {
    return await build(of);
  } finally {
    clock.mock.restore();
  }
}

before(async () => {
  await buildSettled();
  whole = readFileSync(heads);
  expected = await answers({});
});

describe('the heads of sketches', () => {
  test('change no answer', async () => {
    const uses: IndexUse[] = [];
    assert.deepEqual(await answers(films.context(uses)), expected);
    for (const { indexed, archives } of uses) {
      assert.ok(indexed >= letters.length - 1);
      assert.equal(archives, 0);
    }
  });

  test('with any changed byte change no answer, and are removed if their codes are changed', async () => {
    const places = cases(24, 8);
    for (let n = 0; n < places; n++) {
      const changed = Buffer.from(whole);
      const at = Math.floor(((n + 0.5) / places) * whole.length);
      changed[at] ^= 1 << (n % 8);
      writeFileSync(heads, changed);
      assert.deepEqual(await answers(films.context()), expected, `byte ${at}`);
      if (n === 3) assert.throws(() => statSync(heads), { code: 'ENOENT' });
    }
    writeFileSync(heads, whole);
  });

  test('that are cut off, empty, foreign or a folder change no answer, and are made again by the next build', async () => {
    const rows = readFileSync(
      join(films.folder, [...films.files().keys()].find((name) => /rows/.test(name)) ?? ''),
    );
    for (const bytes of [whole.subarray(0, 1000), Buffer.alloc(0), rows, Buffer.concat([whole, whole])]) {
      writeFileSync(heads, bytes);
      assert.deepEqual(await answers(films.context()), expected);
    }
    await build();
    assert.deepEqual(readFileSync(heads), whole);
    rmSync(heads);
    mkdirSync(heads);
    assert.deepEqual(await answers(films.context()), expected);
    rmSync(heads, { recursive: true });
    writeFileSync(heads, whole);
  });

  test('are written again only if a film has changed', withoutCases, async () => {
    const { ino } = statSync(heads);
    await build();
    assert.equal(statSync(heads).ino, ino);
    writeFileSync(join(films.data, 'c.npz'), made(15));
    const changed = await answers({});
    assert.deepEqual(await answers(films.context()), changed, 'before a build');
    await build();
    assert.notDeepEqual(readFileSync(heads), whole);
    assert.deepEqual(await answers(films.context()), changed, 'after it');
    const renewed = readFileSync(heads);
    for (const left of [whole, renewed]) {
      // The state that a build leaves if it is ended before its last step.
      writeFileSync(heads, left);
      assert.deepEqual(await answers(films.context()), changed);
    }
    writeFileSync(join(films.data, 'c.npz'), made(3));
    await buildSettled();
    assert.deepEqual(await answers(films.context()), expected);
  });

  test('lead to the archives of films whose sketches are missing or damaged', withoutCases, async () => {
    const names = [...films.files().keys()].filter((name) => /^[cd].*sketches$/.test(name));
    const bytes = names.map((name) => readFileSync(join(films.folder, name)));
    rmSync(join(films.folder, names[0]));
    writeFileSync(
      join(films.folder, names[1]),
      bytes[1].map((byte) => byte ^ 1),
    );
    const uses: IndexUse[] = [];
    assert.deepEqual(await answers(films.context(uses)), expected);
    // A damaged film that is not opened changes nothing.
    assert.ok(uses.some(({ passedOver }) => (passedOver.damaged ?? 0) > 0));
    await build();
    assert.deepEqual(await answers(films.context()), expected);
  });

  test('are removed with the index', () => {
    clearIndex(films.folder);
    assert.throws(() => statSync(films.folder), { code: 'ENOENT' });
  });
});

test('films that cannot have results are not opened', async () => {
  const apart = indexedFilms(
    Object.fromEntries(
      letters.map((name, i) => [`${name}.npz`, archiveOf({ dim, values: filmLikeRows(frames, dim, i) })]),
    ),
  );
  await buildSettled(apart);
  const uses: IndexUse[] = [];
  const ask = async () =>
    similar(await apart.open(), [{ film: 'c', frame: 3 }], { scope: 'all', k: 2 }, apart.context(uses));
  const found = await ask();
  rmSync(join(apart.folder, 'collection.heads'));
  assert.deepEqual(await ask(), found);
  const [withHeads, without] = uses;
  assert.equal(withHeads.indexed, letters.length);
  assert.equal(withHeads.rowsScanned, without.rowsScanned);
  assert.ok(withHeads.bytesRead < without.bytesRead / 2, `${withHeads.bytesRead} of ${without.bytesRead}`);
});

test('few films and films with narrow sketches have no heads', async () => {
  const few = indexedFilms({ 'a.npz': made(1), 'b.npz': made(2) });
  const narrow = indexedFilms(
    Object.fromEntries(
      letters.map((name, i) => [`${name}.npz`, archiveOf({ dim: 20, values: filmLikeRows(80, 20, i) })]),
    ),
  );
  for (const one of [few, narrow]) {
    await buildIndex(await one.open(), one.cacheRoot, { jobs: 1 });
    assert.deepEqual(
      [...one.files().keys()].filter((name) => name.endsWith('.heads')),
      [],
    );
  }
});

/** Questions of every kind over all films, one of them many at once. */
async function answers(context: SearchContext): Promise<unknown[]> {
  const collection = await films.open();
  const ask = (film: string, frame: number, options = {}) =>
    similar(collection, [{ film, frame }], { scope: 'all', ...options }, context);
  const vectors = [1100, 1300].map((row) => all.slice(row * dim, (row + 1) * dim));
  return [
    await ask('c', 3),
    await ask('d', -1, { metric: 'euclidean', k: 13, perFilm: 2 }),
    await ask('d', 5, { metric: 'euclidean', k: 3 }),
    await ask('e', 7 + 1, { metric: 'dot', perShot: 1, excludeNear: 'shot', k: 40 }),
    await ask('f', 20, { scope: 'others', k: 4, perFilm: 1 }),
    await ask('g', 20, { scope: 'others', k: 30, minScore: 0.3 }),
    await searchVectors(collection.films, vectors, { k: 3 }, context),
    await similar(
      collection,
      [1, 30, 60].map((frame) => ({ film: 'h', frame })),
      { scope: 'all', combine: 'max', k: 9 },
      context,
    ),
  ];
}
