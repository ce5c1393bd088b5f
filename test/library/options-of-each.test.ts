/** Each function of the library takes its own options and refuses those of others. One row for each mistake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as giallo from '../../src/giallo.js';

const folder = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const collection = await giallo.openCollection(folder);

const wrongOptions: [name: keyof typeof asking, options: object, message: string][] = [
  ['search', { scope: 'others' }, "option scope takes 'all' or { in: [film, …] }; found 'others'"],
  ['search', { excludeNear: 1 }, "there is no option 'excludeNear'"],
  ['topk', { scope: 'own' }, "option scope takes 'all', 'others' or { in: [film, …] }; found 'own'"],
  ['pairs', { maxScore: 2 }, 'option maxScore takes a cosine, from -1 to 1; found 2'],
  // No score is within both limits, one of which is a default.
  ['pairs', { minScore: 0.99 }, 'minScore 0.99 is above maxScore 0.98: nothing can be found'],
  ['duplicates', { maxScore: 0.5 }, 'minScore 0.98 is above maxScore 0.5: nothing can be found'],
  ['similar', { minScore: 0.9, maxScore: 0.1 }, 'minScore 0.9 is above maxScore 0.1: nothing can be found'],
  ['pairs', { metric: 'dot' }, "there is no option 'metric'"],
  [
    'duplicates',
    { excludeNear: 'shots' },
    "option excludeNear takes a whole number from 0, or 'shot'; found 'shots'",
  ],
  ['compare', { without: 'Alpha:3' }, "option without takes an array of { film, frame }; found 'Alpha:3'"],
  ['shots', { shotThreshold: 2 }, 'option shotThreshold takes a cosine, from -1 to 1; found 2'],
  ['convert', { dtype: 'int8' }, "option dtype takes 'float32' or 'float16'; found 'int8'"],
  ['buildIndex', { k: 3 }, "there is no option 'k'"],
  ['push', { force: 1 }, 'option force takes true or false; found 1'],
];
const asking = {
  similar: (options: object) => giallo.similar(collection, [{ film: 'Alpha', frame: 3 }], options),
  search: (options: object) => giallo.search(collection, [1, 2], options),
  topk: async (options: object) => giallo.topk(collection, [], options),
  pairs: (options: object) => giallo.pairs(collection, [], options),
  duplicates: (options: object) => giallo.duplicates(collection, [], options),
  compare: (options: object) => giallo.compare(collection, [], options),
  shots: (options: object) => giallo.shots(collection, 'Alpha', options),
  convert: (options: object) => giallo.convert('a.json', options),
  buildIndex: (options: object) => giallo.buildIndex(collection, options),
  push: (options: object) => giallo.push(collection, [], 'clickhouse://host/films', options),
};

for (const [name, options, message] of wrongOptions) {
  test(`${name} refuses: ${message}`, () =>
    assert.rejects(asking[name](options), { code: 'usage', message: `${name}: ${message}` }));
}

test('vectors are a Float32Array, an array of numbers, or an array of several of these', async () => {
  for (const wrong of [undefined, 'x', [], ['1'], [[1], 'x']])
    await assert.rejects(giallo.search(collection, wrong as never), { code: 'usage' });
  await assert.rejects(giallo.search(collection, new Float32Array()), {
    code: 'usage',
    message: /found an empty Float32Array$/,
  });
});
