/** Whatever happens to the files of an index, answers stay the same as without it. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { searchVectors } from '../../src/reports/search.js';
import { similar } from '../../src/reports/similar.js';
import type { IndexUse, SearchContext } from '../../src/search/context.js';
import { buildIndex } from '../../src/search-index/build.js';
import { type Footer, tailLength } from '../../src/search-index/section-file.js';
import { hasAllCases } from '../cases.js';
import { randomFrom } from '../seeded-numbers.js';
import { archiveOf, indexedFilms } from './indexed-films.js';
import { filmLikeRows } from './seeded-rows.js';

const dim = 20;
const frames = 14;
const random = randomFrom(1963);
const films = indexedFilms({ 'a.npz': archiveOf(rows(1)), 'b.npz': archiveOf(rows(2)) });
let whole: Map<string, Buffer>;
let expected: unknown;

before(async () => {
  await buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
  whole = films.files();
  expected = await answers({});
});

describe('answers are right with an index', () => {
  test('that is undamaged, which is used', async () => {
    const uses: IndexUse[] = [];
    assert.deepEqual(await answers(films.context(uses)), expected);
    assert.ok(uses.length > 0);
    for (const { indexed, archives, passedOver } of uses) {
      assert.deepEqual({ indexed, archives, passedOver }, { indexed: 2, archives: 0, passedOver: {} });
    }
  });

  test('with any bit changed in any section of any file', async () => {
    let noticed = 0;
    let flips = 0;
    for (const [name, bytes] of whole) {
      for (const at of placesIn(name, bytes)) {
        const uses: IndexUse[] = [];
        const changed = Buffer.from(bytes);
        changed[at] ^= 1 << Math.floor(random() * 8);
        writeFileSync(join(films.folder, name), changed);
        assert.deepEqual(await answers(films.context(uses)), expected, `${name}, byte ${at}`);
        flips++;
        if (uses.some(({ archives }) => archives > 0)) noticed++;
        restore();
      }
    }
    // Changes in gaps between sections, and in the note that says where the collection is, have no effect.
    assert.ok(noticed > 0.8 * flips, `${noticed} of ${flips}`);
  });

  test('with files that are cut off, empty, foreign, twice as long, missing, folders or pipes', async () => {
    for (const [n, [name, bytes]] of [...whole].entries()) {
      const path = join(films.folder, name);
      const cuts = [0, 1, 15, 16, 63, 64, 1000, bytes.length - 17, bytes.length - 16, bytes.length - 1];
      const contents = cuts
        .filter((length, i) => length < bytes.length && (hasAllCases || i % 10 === n % 10))
        .map((length) => bytes.subarray(0, length));
      const another = [...whole].find(([other]) => other !== name)?.[1] as Buffer;
      const foreign = [another, Buffer.concat([bytes, bytes]), Buffer.alloc(5000, 'giallo\n')];
      contents.push(...foreign.filter((_, i) => hasAllCases || i === n % 3));
      for (const content of contents) {
        writeFileSync(path, content);
        assert.deepEqual(await answers(films.context()), expected, `${name}: ${content.length} bytes`);
        restore();
      }
      rmSync(path);
      assert.deepEqual(await answers(films.context()), expected, `${name}: gone`);
      mkdirSync(path);
      assert.deepEqual(await answers(films.context()), expected, `${name}: a folder`);
      rmSync(path, { recursive: true });
      execFileSync('mkfifo', [path]);
      assert.deepEqual(await answers(films.context()), expected, `${name}: a pipe that nobody writes to`);
      rmSync(path, { force: true });
      restore();
    }
  });

  test('whose files are those of another film, or of the film before a change', async () => {
    const [old, now] = [archiveOf(rows(1)), archiveOf(rows(3))];
    const place = (name: string, bytes: Buffer | undefined) =>
      writeFileSync(join(films.folder, name), bytes ?? '');
    const ofFilm = (film: string, ending: string) =>
      [...whole.keys()].find((name) => name.startsWith(film) && name.endsWith(ending)) as string;
    for (const ending of ['rows', 'sketches']) {
      place(ofFilm('a', ending), whole.get(ofFilm('b', ending)));
      assert.deepEqual(await answers(films.context()), expected, `${ending} of another film`);
      restore();
    }
    writeFileSync(join(films.data, 'a.npz'), now);
    await buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
    writeFileSync(join(films.data, 'a.npz'), old);
    for (const ending of ['rows', 'sketches']) {
      place(ofFilm('a', ending), whole.get(ofFilm('a', ending)));
      assert.deepEqual(await answers(films.context()), expected, `${ending} of the film as it is, alone`);
      assert.deepEqual(await answers(films.context()), expected, 'asked again');
      await buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
    }
    restore();
    assert.deepEqual(await answers(films.context()), expected);
  });

  test('whose basis is an undamaged one of other films', async () => {
    const others = indexedFilms({ 'a.npz': archiveOf(rows(5)), 'b.npz': archiveOf(rows(6)) });
    await buildIndex(await others.open(), others.cacheRoot, { jobs: 1 });
    const nameIn = (names: Iterable<string>) => [...names].find((name) => name.endsWith('.basis')) as string;
    const [here, there] = [nameIn(whole.keys()), nameIn(others.files().keys())];
    assert.notEqual(here, there);
    writeFileSync(join(films.folder, here), others.files().get(there) as Buffer);
    const uses: IndexUse[] = [];
    assert.deepEqual(await answers(films.context(uses)), expected);
    assert.ok(uses.some(({ passedOver }) => passedOver.damaged === 2));
    await buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
    assert.deepEqual(films.files(), whole);
  });
});

test('a search removes damaged files, and nothing else', async () => {
  const name = [...whole.keys()].find((file) => file.startsWith('a') && file.endsWith('.rows')) as string;
  const path = join(films.folder, name);
  const changed = Buffer.from(whole.get(name) as Buffer);
  changed[5] ^= 4;
  writeFileSync(path, changed);
  const collection = await films.open();
  await similar(collection, [{ film: 'a', frame: 0 }], { scope: 'all' }, films.context());
  assert.deepEqual(
    [...films.files().keys()],
    [...whole.keys()].filter((file) => file !== name),
  );
  const { read } = await buildIndex(collection, films.cacheRoot, { jobs: 1 });
  assert.equal(read, 1);
  assert.deepEqual(films.files(), whole);
});

test('a search without a usable basis does not read films completely to find more damage', async () => {
  const collection = await films.open();
  for (const name of whole.keys()) {
    const path = join(films.folder, name);
    const changed = Buffer.from(whole.get(name) as Buffer);
    changed[5] ^= 4;
    if (name.endsWith('.basis') || name.endsWith('.rows')) writeFileSync(path, changed);
  }
  const uses: IndexUse[] = [];
  const vector = rows(4).values.subarray(0, dim);
  await searchVectors(collection.films, [vector], {}, films.context(uses));
  assert.deepEqual(uses[0].passedOver, { damaged: 2 });
  assert.deepEqual([...films.files().keys()], [...whole.keys()]);
  restore();
});

test('a question about a frame reads no basis, which another vector needs', async () => {
  const collection = await films.open();
  const name = [...whole.keys()].find((file) => file.endsWith('.basis')) as string;
  const changed = Buffer.from(whole.get(name) as Buffer);
  changed[5] ^= 4;
  writeFileSync(join(films.folder, name), changed);
  const uses: IndexUse[] = [];
  const frames = [0, 1].map((frame) => ({ film: 'a', frame }));
  const ask = (combine: 'max' | 'mean') =>
    similar(collection, frames, { scope: 'all', combine }, films.context(uses));
  assert.deepEqual(await ask('max'), await similar(collection, frames, { scope: 'all', combine: 'max' }));
  await ask('mean');
  assert.deepEqual(
    uses.map(({ passedOver }) => passedOver),
    [{}, { damaged: 2 }],
  );
  restore();
});

test('a film that neither the index nor its archive can give does not raise the floor for others', async () => {
  const near = archiveOf(rows(1));
  const changed = Buffer.from(near);
  changed[changed.length >> 1] ^= 4;
  const made = indexedFilms({
    'a.npz': near,
    'b.npz': near,
    'c.npz': archiveOf(rows(7)),
    'd.npz': archiveOf(rows(8)),
  });
  await buildIndex(await made.open(), made.cacheRoot, { jobs: 1 });
  writeFileSync(join(made.data, 'b.npz'), changed);
  for (const name of [...made.files().keys()].filter(
    (file) => file.startsWith('b') && file.endsWith('.rows'),
  )) {
    const bytes = Buffer.from(made.files().get(name) as Buffer);
    bytes.fill(0xff, 0, 4 * dim * frames);
    writeFileSync(join(made.folder, name), bytes);
  }
  const ask = async (context: SearchContext) =>
    similar(await made.open(), [{ film: 'a', frame: 3 }], { scope: 'others', k: 5 }, context);
  const expected = await ask({});
  assert.equal(expected.results.length, 5);
  assert.equal(expected.skipped.length, 1);
  assert.deepEqual(await ask(made.context()), expected);
});

/** Every kind of question, so that every section is read. */
async function answers(context: SearchContext): Promise<unknown[]> {
  const collection = await films.open();
  const ask = (film: string, frame: number, options = {}) =>
    similar(collection, [{ film, frame }], { scope: 'all', ...options }, context);
  const vector = rows(4).values.subarray(0, dim);
  return [
    await ask('a', 3),
    await ask('b', -1, { metric: 'euclidean', k: 3, perFilm: 1 }),
    await ask('a', 7, { metric: 'dot', perShot: 1, excludeNear: 'shot', k: 40 }),
    await searchVectors(collection.films, [vector], { k: 2 }, context),
  ];
}

/** Some bytes of every section, of the gaps between them, of the description and of the ending. */
function placesIn(name: string, bytes: Buffer): number[] {
  if (name === 'collection.json') return [0];
  const jsonEnd = bytes.length - tailLength;
  const jsonStart = jsonEnd - bytes.readUInt32LE(jsonEnd);
  const { sections } = JSON.parse(bytes.toString('utf8', jsonStart, jsonEnd)) as Footer<unknown>;
  const parts = [...Object.values(sections).map(({ byteOffset, byteLength }) => [byteOffset, byteLength])];
  parts.push([jsonStart, jsonEnd - jsonStart], [jsonEnd, tailLength]);
  const somewhere = (start: number, length: number) => start + Math.floor(random() * length);
  return parts.flatMap(([start, length], i) => {
    const ends = [start, start + length - 1];
    if (!hasAllCases) return [i % 2 === 0 ? somewhere(start, length) : ends[(i >> 1) % 2]];
    return [...ends, ...Array.from({ length: 2 }, () => somewhere(start, length))];
  });
}

function restore(): void {
  for (const [name, bytes] of whole) {
    const path = join(films.folder, name);
    if (!isSame(path, bytes)) writeFileSync(path, bytes);
  }
}

function isSame(path: string, bytes: Buffer): boolean {
  try {
    return readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

function rows(seed: number) {
  const values = filmLikeRows(frames, dim, seed);
  values.fill(0, 5 * dim, 6 * dim);
  return { dim, values };
}
