/** The library face: exactly these names, as the package gives them. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const values = [
  'GialloError',
  'films',
  'frames',
  'info',
  'openCollection',
  'similar',
  'similarBatch',
  'vector',
  'verify',
];

const types = [
  'Collection',
  'ErrorCode',
  'FilmEntry',
  'FilmRow',
  'FilmWarning',
  'FilmsReport',
  'Finding',
  'FindingCode',
  'FrameName',
  'FrameRow',
  'FrameVector',
  'FramesReport',
  'InfoReport',
  'Metric',
  'Progress',
  'QueryFrame',
  'ReadingOptions',
  'Result',
  'SearchOptions',
  'Searched',
  'SimilarOptions',
  'SimilarReport',
  'SkippedFilm',
  'VerifyReport',
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
    const all = list.split(',').map((name) => name.trim());
    return type
      ? all
      : all.filter((name) => name.startsWith('type ')).map((name) => name.slice('type '.length));
  });
  assert.deepEqual(names.sort(), types);
});

test('what it exports answers, and says what is wrong by its code', async () => {
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

test('the README’s example does what it shows', () => {
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
