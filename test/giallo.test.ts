/** The exports of the library: exactly these names, imported from the package. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from './temporary-folder.js';

const values = [
  'GialloError',
  'buildIndex',
  'clearIndex',
  'compare',
  'convert',
  'dropEngine',
  'duplicates',
  'engineState',
  'films',
  'frames',
  'indexState',
  'info',
  'initEngine',
  'openCollection',
  'openEngine',
  'pairs',
  'push',
  'search',
  'shots',
  'similar',
  'similarBatch',
  'times',
  'topk',
  'vector',
  'verify',
];

const types = [
  'Collection',
  'CompareReport',
  'Comparison',
  'ComparisonOptions',
  'Conversion',
  'ConversionReport',
  'ConvertOptions',
  'DuplicateGroup',
  'DuplicatesOptions',
  'DuplicatesReport',
  'EngineOptions',
  'EngineState',
  'ErrorCode',
  'FilmEntry',
  'FilmRow',
  'FilmWarning',
  'FilmsReport',
  'FilterOptions',
  'Finding',
  'FindingCode',
  'FrameName',
  'FrameNeighbors',
  'FrameRow',
  'FrameRun',
  'FrameVector',
  'FramesReport',
  'IndexBuildReport',
  'IndexClearReport',
  'IndexReport',
  'IndexUse',
  'InfoReport',
  'Metric',
  'Neighbor',
  'PairRow',
  'PairsOptions',
  'PairsReport',
  'Progress',
  'PushOptions',
  'PushReport',
  'PushedFilm',
  'QueryFrame',
  'ReadingOptions',
  'Result',
  'RunOptions',
  'SearchOptions',
  'SearchReport',
  'Searched',
  'ShotRow',
  'ShotsOptions',
  'ShotsReport',
  'SimilarOptions',
  'SimilarReport',
  'SkippedFilm',
  'TimedFrame',
  'TimesReport',
  'TopkOptions',
  'VectorAnswer',
  'VerifyReport',
  'Witness',
  'WorkOptions',
];

/** Through the package's own name, as its users import it. */
const packageName: string = 'giallo';
const giallo: typeof import('../src/giallo.js') = await import(packageName);

test('the package exports these values', () => {
  assert.deepEqual(Object.keys(giallo).sort(), values);
});

test('the package exports these types', () => {
  const declarations = readFileSync(
    fileURLToPath(import.meta.resolve(packageName)).replace(/js$/, 'd.ts'),
    'utf8',
  );
  const lists = [...declarations.matchAll(/export (type )?\{([^}]*)\}/g)];
  const names = lists.flatMap(([, type, list = '']) => {
    const all = list
      .split(',')
      .map((name) => name.trim().replace(/^\w+ as /, ''))
      .filter((name) => name !== '');
    return type
      ? all
      : all.filter((name) => name.startsWith('type ')).map((name) => name.slice('type '.length));
  });
  assert.deepEqual(names.sort(), types);
});

test('exported functions answer, and throw errors with codes', async () => {
  const { openCollection, similar, GialloError } = giallo;
  const collection = await openCollection(fileURLToPath(new URL('fixtures/golden/films', import.meta.url)));
  const { results } = await similar(collection, [{ film: 'Alpha', frame: 3 }], { k: 1 });
  assert.deepEqual(
    results.map(({ index, score }) => [index, score]),
    [[12, 1]],
  );
  await assert.rejects(
    similar(collection, [{ film: 'Alfa', frame: 3 }]),
    (error) => error instanceof GialloError && error.code === 'film-unknown',
  );
});

test('the README’s example prints what it shows', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, code, shown] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(readme) as RegExpExecArray;
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code as string], {
    cwd,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.equal(stdout, shown);
});

test('the reference in docs/library.md is up to date with the doc comments', () => {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { stderr } = spawnSync(process.execPath, ['scripts/library-docs.js', '--check'], {
    cwd,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  const page = readFileSync(new URL('../docs/library.md', import.meta.url), 'utf8');
  for (const name of values) {
    if (name !== 'GialloError') assert.ok(page.includes(`### ${name}\n`), name);
  }
});

test('the program in docs/library.md runs', () => {
  const page = readFileSync(new URL('../docs/library.md', import.meta.url), 'utf8');
  const [, code] = /```js\n(.*?)```/s.exec(page) as RegExpExecArray;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code as string], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  assert.match(stdout, /^0\.9\d+ .*\n {2}near both: .*\[ '.*frames have neighbours in other films\n$/s);
});

test('the example of each function in docs/library.md runs', () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const folder = temporaryFolder({ 'node_modules/.keep': '' });
  symlinkSync(root, join(folder, 'node_modules/giallo'));
  symlinkSync(join(root, 'data_embeddings'), join(folder, 'data_embeddings'));
  const printed = spawnSync(process.execPath, [join(root, 'scripts/library-examples.js')], {
    encoding: 'utf8',
  });
  writeFileSync(join(folder, 'examples.mjs'), printed.stdout);
  const { stdout, stderr } = spawnSync(process.execPath, ['examples.mjs'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GIALLO_CACHE: join(folder, 'cache') },
  });
  assert.equal(stderr, '');
  const ofEngines = ['dropEngine', 'engineState', 'initEngine', 'openEngine', 'push'];
  const run = [...stdout.matchAll(/^> (\w+)\n/gm)].map(([, name]) => name as string);
  assert.deepEqual([...run, ...ofEngines, 'GialloError'].sort(), [...values].sort());
  // Each prints something, except those that find nothing wrong.
  const silent = stdout.match(/^> .*\n(?=> |$)/gm) ?? [];
  assert.deepEqual(
    silent.map((line) => line.slice(2, -1)),
    ['openCollection', 'verify'],
  );
});
