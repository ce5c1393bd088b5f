import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { type Outcome, runGiallo } from '../run-giallo.js';
import { archiveOf, type IndexedFilms, indexedFilms } from '../search-index/indexed-films.js';
import { filmLikeRows } from '../search-index/seeded-rows.js';
import { temporaryFolder } from '../temporary-folder.js';

const dim = 12;
const film = (seed: number) => archiveOf({ dim, values: filmLikeRows(20, dim, seed) });
const twoFilms = () => indexedFilms({ 'a.npz': film(1), 'b.npz': film(2) });
const many = () =>
  indexedFilms(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`${i}.npz`, film(i)])));
const ask = ['similar', 'a', '3', '--all', '--json'];

describe('giallo index', () => {
  test('shows, builds, uses and clears an index', async () => {
    const films = twoFilms();
    const states = ({ stdout }: Outcome) =>
      JSON.parse(stdout).films.map(({ state }: { state: string }) => state);
    assert.deepEqual(states(await run(films, 'index', '--json')), ['missing', 'missing']);
    const plain = await run(films, ...ask);
    const built = await run(films, 'index', 'build');
    assert.equal(built.status, 0);
    assert.match(
      built.stdout,
      /^film\tpath\tstate\tframes\tbytes\na\t.*\tfresh\t20\t\d+\nb\t.*\tfresh\t20\t/,
    );
    assert.match(built.stderr, /2 of 2 films are up to date in the index; [\d.]+ kB in /);
    const indexed = await run(films, ...ask, '--explain');
    assert.equal(indexed.stdout, plain.stdout);
    assert.match(
      indexed.stderr,
      /^giallo: 2 films by the search index, 0 from archives; [\d.]+ kB read; 40 rows scanned; \d+ candidates?, \d+ scored\n$/,
    );
    const without = await run(films, ...ask, '--explain', '--no-cache');
    assert.equal(without.stdout, plain.stdout);
    assert.match(
      without.stderr,
      /^giallo: 0 films by the search index, 2 from archives; .* 40 rows scanned\n$/,
    );
    const { indexes, bytes } = JSON.parse((await run(films, 'index', 'clear', '--json')).stdout);
    assert.equal(indexes, 1);
    assert.ok(bytes > 0);
    assert.deepEqual(states(await run(films, 'index', '--json')), ['missing', 'missing']);
  });

  test('clears the index of a folder that was removed', async () => {
    const films = twoFilms();
    await run(films, 'index', 'build');
    rmSync(films.data, { recursive: true });
    assert.equal(JSON.parse((await run(films, 'index', 'clear', '--json')).stdout).indexes, 1);
    assert.equal(JSON.parse((await run(films, 'index', 'clear', '--json')).stdout).indexes, 0);
  });

  test('keeps the keys of its JSON', async () => {
    const films = twoFilms();
    const report = async (...argv: readonly string[]) =>
      JSON.parse((await run(films, 'index', ...argv)).stdout);
    const status = ['v', 'data', 'cache', 'films', 'totals'];
    const found = await report('build', '--json');
    assert.deepEqual(Object.keys(found), [...status, 'built', 'skipped']);
    assert.deepEqual(Object.keys(found.films[0]), ['film', 'path', 'state', 'frames', 'bytes']);
    assert.deepEqual(Object.keys(found.totals), ['films', 'fresh', 'bytes']);
    assert.deepEqual(found.built, { read: 2, sketched: 2, removed: 0 });
    assert.deepEqual(Object.keys(await report('status', '--json')), status);
    assert.deepEqual(Object.keys(await report('clear', '--json')), ['v', 'cache', 'indexes', 'bytes']);
  });

  test('names films that could not be read, and ends with 1 under --strict', async () => {
    const films = indexedFilms({ 'a.npz': film(1), 'bad.npz': Buffer.from('PK') });
    const { status, stderr } = await run(films, 'index', 'build');
    assert.equal(status, 0);
    assert.match(stderr, /warning: skipped bad \(not-an-archive\)/);
    assert.equal((await run(films, 'index', 'build', '--strict')).status, 1);
  });

  test('says why the cache cannot be written, and searches work without it', async () => {
    const films = twoFilms();
    const plain = await run(films, ...ask);
    for (const path of [films.folder, films.cacheRoot]) {
      rmSync(films.cacheRoot, { recursive: true, force: true });
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, '');
      const problem = `${path}: the search index needs a folder there, found a file`;
      for (const words of [[], ['build'], ['clear'], ['clear', '--everywhere']]) {
        // Other files in the folder of indexes must be kept.
        if (words.length === 2 && path === films.folder) continue;
        const { status, stdout, stderr } = await run(films, 'index', ...words);
        assert.deepEqual({ status, stdout }, { status: 1, stdout: '' });
        assert.equal(stderr, `giallo: ${problem}\nhint: $GIALLO_CACHE names another folder\n`);
      }
      const stderr = `giallo: continuing without a search index: ${problem}\n`;
      assert.deepEqual(await run(films, ...ask), { ...plain, stderr });
      const page = join(temporaryFolder(), 'page.html');
      const shots = ['--exclude-near', 'shot', '--html', page];
      const paged = await run(films, ...ask, ...shots);
      assert.equal(paged.stderr.split('continuing without').length, 2, 'said once');
      assert.deepEqual(await run(films, ...ask, '--no-cache'), plain);
    }
  });

  test('says where the folder of indexes leads if it leads nowhere', async () => {
    const films = twoFilms();
    const cache = join(temporaryFolder(), 'cache');
    symlinkSync('/gone/disk', cache);
    const env = { GIALLO_CACHE: cache };
    const built = await runGiallo(['index', 'build', '-d', films.data], { env });
    assert.deepEqual(built, {
      status: 1,
      stdout: '',
      stderr: `giallo: ${cache}: cannot write there: it is a link to /gone/disk, which does not exist\nhint: $GIALLO_CACHE names another folder\n`,
    });
    rmSync(cache);
    symlinkSync('cache', cache);
    const looping = `${cache}: cannot read: the symbolic links form a loop`;
    const shown = await runGiallo(['index', '-d', films.data], { env });
    assert.deepEqual(shown, { status: 1, stdout: '', stderr: `giallo: ${looping}\n` });
    const { status, stderr } = await runGiallo([...ask, '-d', films.data], { env });
    assert.deepEqual(
      { status, stderr },
      { status: 0, stderr: `giallo: continuing without a search index: ${looping}\n` },
    );
  });

  const skip = process.getuid?.() === 0 ? 'permissions mean nothing to root' : false;
  test('is ignored by searches if it cannot be read', { skip }, async () => {
    const films = twoFilms();
    const plain = await run(films, ...ask);
    await run(films, 'index', 'build');
    for (const name of films.files().keys()) chmodSync(join(films.folder, name), 0);
    const { stdout, stderr } = await run(films, ...ask);
    assert.equal(stdout, plain.stdout);
    assert.match(stderr, /answered for 0 of 2 films/);
    for (const mode of [0, 0o500]) {
      chmodSync(films.folder, mode);
      assert.equal((await run(films, ...ask)).stdout, plain.stdout);
      assert.equal((await run(films, 'index', 'build')).status, 1);
    }
    chmodSync(films.folder, 0o700);
  });

  test('refuses unknown actions', async () => {
    assert.equal((await run(twoFilms(), 'index', 'make')).status, 2);
    assert.equal((await run(twoFilms(), 'index', 'build', '--everywhere')).status, 2);
  });
});

describe('a search after films have changed', () => {
  const changes: readonly (readonly [string, (data: string, index: string) => void, string])[] = [
    [
      'a changed film',
      (data) => writeFileSync(join(data, 'b.npz'), film(9)),
      'answered for 1 of 2 films (1 changed since)',
    ],
    [
      'a new film',
      (data) => writeFileSync(join(data, 'c.npz'), film(9)),
      'answered for 2 of 3 films (1 not in it)',
    ],
    [
      'a film whose sketches were changed',
      (_, index) => writeFileSync(join(index, sketchesOfB(index)), 'changed'),
      'answered for 1 of 2 films (1 damaged or unreadable in it)',
    ],
    [
      'both',
      (data) => {
        writeFileSync(join(data, 'b.npz'), film(9));
        writeFileSync(join(data, 'c.npz'), film(8));
      },
      'answered for 1 of 3 films (1 changed since, 1 not in it)',
    ],
  ];
  for (const [what, change, hint] of changes) {
    test(`reads ${what} from its archive, and says so in one line`, async () => {
      const films = twoFilms();
      await run(films, 'index', 'build');
      change(films.data, films.folder);
      const plain = await run(films, ...ask, '--no-cache');
      const { stdout, stderr } = await run(films, ...ask);
      assert.equal(stdout, plain.stdout);
      const line = `giallo: the search index ${hint}; \`giallo index build\` brings it up to date\n`;
      assert.equal(stderr, line);
      assert.equal((await run(films, ...ask, '--quiet')).stderr, '');
      await run(films, 'index', 'build');
      assert.deepEqual(await run(films, ...ask), plain);
    });
  }

  test('finds nothing of a film that was removed', async () => {
    const films = twoFilms();
    await run(films, 'index', 'build');
    rmSync(join(films.data, 'b.npz'));
    assert.deepEqual(await run(films, ...ask), await run(films, ...ask, '--no-cache'));
  });
});

test('a search over many films without an index hints at giallo index build', async () => {
  const question = ['similar', '1', '3', '--all', '--json'];
  const films = many();
  const { stderr } = await run(films, ...question);
  assert.equal(
    stderr,
    'giallo: 10 films were read from their archives; `giallo index build` makes such searches faster\n',
  );
  assert.equal((await run(films, ...question, '--quiet')).stderr, '');
  assert.equal((await run(films, ...question, '--no-cache')).stderr, '');
  rmSync(join(films.data, '0.npz'));
  assert.equal((await run(films, ...question)).stderr, '');
  mkdirSync(films.cacheRoot);
  assert.equal((await run(films, ...question)).stderr, '');
});

function sketchesOfB(index: string): string {
  return readdirSync(index).find((name) => /^b-.*\.sketches$/.test(name)) as string;
}

function run({ data, cacheRoot }: IndexedFilms, ...argv: readonly string[]) {
  return runGiallo(argv, { env: { GIALLO_DATA: data, GIALLO_CACHE: cacheRoot } });
}

test('a build that can read no film ends with 1, and says why', async () => {
  const films = temporaryFolder({ 'a.npz': 'no', 'b.npz': '' });
  const env = { GIALLO_CACHE: temporaryFolder() };
  const { status, stderr } = await runGiallo(['index', 'build', '-d', films], { env });
  assert.equal(status, 1);
  assert.match(stderr, /skipped a .*not-an-archive[\s\S]*none of 2 films could be read/);
});
