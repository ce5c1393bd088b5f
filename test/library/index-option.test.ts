/** Where a search of the library looks for the search index. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main } from '../../src/cli.js';
import { buildIndex, indexState, openCollection, type SimilarOptions, similar } from '../../src/giallo.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const collection = await openCollection(folder);
const asked = [{ film: 'Alpha', frame: 3 }];

test('the search index is used if it exists, unless it is switched off', async (t) => {
  const cache = temporaryFolder();
  const before = process.env.GIALLO_CACHE;
  t.after(() => {
    if (before === undefined) delete process.env.GIALLO_CACHE;
    else process.env.GIALLO_CACHE = before;
  });
  const { io } = recordingIo({ env: { GIALLO_CACHE: cache } });
  assert.equal(await main(['index', 'build', '-d', folder], io), 0);
  const indexed: boolean[] = [];
  const onIndexUse = (use: { readonly indexed: number }) => void indexed.push(use.indexed > 0);
  const options = { scope: 'all', onIndexUse } as const;
  const ask = (index: SimilarOptions['index'], cacheRoot: string) => {
    process.env.GIALLO_CACHE = cacheRoot;
    return similar(collection, asked, { ...options, index });
  };
  const nowhere = join(cache, 'nowhere');
  const answers = [
    await ask({ cacheRoot: cache }, nowhere),
    await ask(undefined, cache),
    await ask(true, cache),
    await ask(false, cache),
    await ask(true, nowhere),
  ];
  assert.deepEqual(indexed, [true, true, true, false, false]);
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
});

test('the folder of indexes is a path or a file: URL', async () => {
  const url = pathToFileURL(temporaryFolder());
  const { cache } = await buildIndex(collection, { index: { cacheRoot: url } });
  for (const cacheRoot of [url, url.href, fileURLToPath(url)]) {
    const state = await indexState(collection, { index: { cacheRoot } });
    assert.deepEqual(state.cache, cache);
    assert.equal(state.totals.fresh, state.films.length);
  }
  for (const cacheRoot of ['a\0b', new URL('https://host/folder'), 'file://host/folder'])
    await assert.rejects(buildIndex(collection, { index: { cacheRoot } }), { code: 'usage' });
});
