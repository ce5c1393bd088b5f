/** The errors of the library about wrong arguments. One row for each mistake. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  buildIndex,
  clearIndex,
  convert,
  films,
  frames,
  indexState,
  info,
  openCollection,
  search,
  shots,
  similar,
  similarBatch,
  times,
  vector,
  verify,
} from '../../src/giallo.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const collection = await openCollection(folder);
const asked = [{ film: 'Alpha', frame: 3 }];
/** Calls a function with any arguments, as JavaScript can. */
// biome-ignore lint/suspicious/noExplicitAny: wrong types are the subject
const loosely = (call: (...args: any[]) => Promise<unknown>) => call;

/** Asserts a usage error with this message and hint. */
const refuses = (work: Promise<unknown>, message: string, hint?: string) =>
  rejects(() => work, { code: 'usage', message, ...(hint === undefined ? {} : { hint }) });

const whole1 = 'a whole number from 1';
const near = "a whole number from 0, or 'shot'";
const scopes = "'own', 'all', 'others' or { in: [film, …] }";
const wrongValues: [option: string, value: unknown, takes: string, found: string][] = [
  ['metric', 'cos', "'cosine', 'dot' or 'euclidean'", "'cos'"],
  ['metric', 'Cosine', "'cosine', 'dot' or 'euclidean'", "'Cosine'"],
  ['metric', null, "'cosine', 'dot' or 'euclidean'", 'null'],
  ['metric', 'toString', "'cosine', 'dot' or 'euclidean'", "'toString'"],
  ['excludeNear', 'shots', near, "'shots'"],
  ['excludeNear', -1, near, '-1'],
  ['excludeNear', 1.5, near, '1.5'],
  ['excludeNear', '3', near, "'3'"],
  ['excludeNear', Number.NaN, near, 'NaN'],
  ['excludeNear', true, near, 'true'],
  ['scope', 'everything', scopes, "'everything'"],
  ['scope', null, scopes, 'null'],
  ['scope', ['Alpha'], scopes, "an array ['Alpha']"],
  ['scope', {}, scopes, 'an object'],
  ['scope', { in: 'Alpha' }, scopes, "an object { in: 'Alpha' }"],
  ['scope', { in: [] }, scopes, 'an object'],
  ['scope', { in: [3] }, scopes, 'an object'],
  ['scope', { in: ['Alpha'], out: 1 }, scopes, 'an object'],
  ['k', Number.NaN, whole1, 'NaN'],
  ['k', -1, whole1, '-1'],
  ['k', 0, whole1, '0'],
  ['k', 2.5, whole1, '2.5'],
  ['k', '5', whole1, "'5'"],
  ['k', 5n, whole1, 'the bigint 5n'],
  ['k', null, whole1, 'null'],
  ['k', Number.POSITIVE_INFINITY, whole1, 'Infinity'],
  ['k', [5], whole1, 'an array [5]'],
  ['perFilm', 0, whole1, '0'],
  ['perFilm', '2', whole1, "'2'"],
  ['perShot', 1.5, whole1, '1.5'],
  ['minScore', '0.9', 'a finite number', "'0.9'"],
  ['minScore', Number.NaN, 'a finite number', 'NaN'],
  ['minScore', 2, 'a cosine, from -1 to 1', '2'],
  ['maxDistance', -1, 'a distance, from 0', '-1'],
  ['shotThreshold', 1.1, 'a cosine, from -1 to 1', '1.1'],
  ['combine', 'average', "'mean' or 'max'", "'average'"],
  ['index', 'no', 'true, false, or an object with cacheRoot (a folder)', "'no'"],
  [
    'index',
    { cacheRoot: 3 },
    'true, false, or an object with cacheRoot (a folder)',
    'an object { cacheRoot: 3 }',
  ],
  ['jobs', 0, whole1, '0'],
  ['jobs', 'all', whole1, "'all'"],
  ['signal', new AbortController(), 'an AbortSignal', 'a value of type AbortController'],
  ['signal', {}, 'an AbortSignal', 'an object'],
  ['signal', true, 'an AbortSignal', 'true'],
  ['onProgress', 'yes', 'a function', "'yes'"],
  ['onWarning', {}, 'a function', 'an object'],
  [
    'reading',
    { embeddings: 'x' },
    "an object with embeddingsKey, filenamesKey (strings) or assume ('bfloat16')",
    "an object { embeddings: 'x' }",
  ],
  [
    'reading',
    { assume: 'float16' },
    "an object with embeddingsKey, filenamesKey (strings) or assume ('bfloat16')",
    "an object { assume: 'float16' }",
  ],
];

for (const [option, value, takes, found] of wrongValues) {
  test(`similar refuses ${option}: ${found}`, async () => {
    const message = `: option ${option} takes ${takes}; found ${found}`;
    await refuses(loosely(similar)(collection, asked, { [option]: value }), `similar${message}`);
    await refuses(loosely(similarBatch)(collection, [asked], { [option]: value }), `similarBatch${message}`);
  });
}

const wrongNames: [name: string, hint: string | undefined][] = [
  ['minscore', 'did you mean minScore?'],
  ['min_score', 'did you mean minScore?'],
  ['--exclude-near', 'did you mean excludeNear?'],
  ['exclude', undefined],
  ['top', 'did you mean k?'],
  ['K', 'did you mean k?'],
  ['cutoff', 'did you mean minScore or maxDistance (with the metric euclidean)?'],
  ['others', "did you mean scope: 'others'?"],
  ['constructor', undefined],
  ['sginal', 'did you mean signal?'],
];

for (const [name, hint] of wrongNames) {
  test(`similar refuses the unknown option ${name}`, () =>
    refuses(
      loosely(similar)(collection, asked, { [name]: 1 }),
      `similar: there is no option '${name}'`,
      hint,
    ));
}

test('shots is not asked for options that it does not take', async () => {
  const refused = (name: string, hint: RegExp) =>
    rejects(() => loosely(shots)(collection, 'Alpha', { [name]: 1 }), { code: 'usage', hint });
  await refused('threshold', /^did you mean shotThreshold\?$/);
  await refused('top', /^the options are /);
});

const frameShape = '{ film, frame }: film a name, frame an index (a whole number) or a filename';
const someFrames = 'an array of { film, frame }, at least one';
const wrongQuestions: [question: unknown, message: string][] = [
  [undefined, `frames takes ${someFrames}; found nothing`],
  [null, `frames takes ${someFrames}; found null`],
  [[], `frames takes ${someFrames}; found an empty array`],
  [asked[0], `frames takes ${someFrames}; found an object { film: 'Alpha', frame: 3 }`],
  ['Alpha:3', `frames takes ${someFrames}; found 'Alpha:3'`],
  [['66'], `frames[0] takes ${frameShape}; found '66'`],
  [[asked[0], 1.5], `frames[1] takes ${frameShape}; found 1.5`],
  [
    [{ film: 'Alpha', frame: 1.5 }],
    `frames[0] takes ${frameShape}; found an object { film: 'Alpha', frame: 1.5 }`,
  ],
  [
    [{ film: 'Alpha', frame: Number.NaN }],
    `frames[0] takes ${frameShape}; found an object { film: 'Alpha', frame: NaN }`,
  ],
  [[{ film: 'Alpha' }], `frames[0] takes ${frameShape}; found an object { film: 'Alpha' }`],
  [[{ film: 3, frame: 3 }], `frames[0] takes ${frameShape}; found an object { film: 3, frame: 3 }`],
  [
    [{ film: 'Alpha', index: 3 }],
    `frames[0] takes ${frameShape}; found an object { film: 'Alpha', index: 3 }`,
  ],
  [
    [{ film: 'Alpha', frame: '' }],
    `frames[0] takes ${frameShape}; found an object { film: 'Alpha', frame: '' }`,
  ],
  // biome-ignore lint/suspicious/noSparseArray: a hole is no frame
  [[, asked[0]], `frames[0] takes ${frameShape}; found nothing`],
];

for (const [question, message] of wrongQuestions) {
  test(`similar refuses a question: ${message}`, () =>
    refuses(loosely(similar)(collection, question), `similar: ${message}`));
}

test('a frame is an index or a text, as on the command line', async () => {
  const byIndex = await similar(collection, asked, { k: 2 });
  assert.deepEqual(await similar(collection, [{ film: 'Alpha', frame: '3' }], { k: 2 }), byIndex);
});

test('the functions check the arguments before the options', async () => {
  const aCollection = 'collection takes a collection from openCollection; found';
  const opening = 'openCollection(folder) gives one: await openCollection(folder)';
  await refuses(loosely(similar)(), `similar: ${aCollection} nothing`, opening);
  await refuses(loosely(films)('films'), `films: ${aCollection} 'films'`, opening);
  await refuses(
    loosely(info)(openCollection(folder), 'Alpha'),
    `info: ${aCollection} a value of type Promise`,
    'await openCollection(folder) before you ask',
  );
  await refuses(loosely(frames)(collection), 'frames: film takes a string that is not empty; found nothing');
  await refuses(loosely(info)(collection, 3), 'info: film takes a string that is not empty; found 3');
  await refuses(loosely(vector)(collection, 'Alpha', 3), `vector: frame takes ${frameShape}; found 'Alpha'`);
  await refuses(
    loosely(verify)(collection, 'Alpha'),
    "verify: films takes an array of film names; found 'Alpha'",
  );
  await refuses(
    loosely(similar)(collection, asked, null),
    'similar: the argument for options takes an object; found null',
  );
  await refuses(
    loosely(similar)(collection, asked, 5),
    'similar: the argument for options takes an object; found 5',
  );
  await refuses(
    loosely(films)(collection, { jobs: -2 }),
    'films: option jobs takes a whole number from 1; found -2',
  );
  await refuses(
    loosely(similarBatch)(collection, asked),
    `similarBatch: questions[0] takes ${someFrames}; found an object { film: 'Alpha', frame: 3 }`,
  );
});

test('a folder is a path or a file: URL', async () => {
  const byUrl = await openCollection(pathToFileURL(folder));
  assert.deepEqual(byUrl.films, collection.films);
  assert.deepEqual((await openCollection(pathToFileURL(folder).href)).films, collection.films);
  const takes = 'openCollection: folder takes a path or a file: URL; found';
  await refuses(loosely(openCollection)(), `${takes} nothing`);
  await refuses(loosely(openCollection)(''), `${takes} ''`);
  await refuses(loosely(openCollection)(3), `${takes} 3`);
  await refuses(openCollection(new URL('https://example.org/films')), `${takes} a value of type URL`);
  await rejects(() => openCollection(new URL('file://host/films')), {
    code: 'usage',
    message: /^openCollection: folder: file:\/\/host\/films: File URL host must be/,
  });
  await rejects(() => convert(new Array(1)), { code: 'usage', message: /^convert: files takes a path/ });
});

test('minScore is for cosine and dot, maxDistance for euclidean', async () => {
  await refuses(
    similar(collection, asked, { metric: 'euclidean', minScore: 0.9 }),
    "similar: option minScore cannot be used with the metric 'euclidean'",
    'did you mean maxDistance?',
  );
  await refuses(
    similar(collection, asked, { maxDistance: 2 }),
    "similar: option maxDistance cannot be used with the metric 'cosine'",
    "did you mean minScore? maxDistance needs metric: 'euclidean'",
  );
});

test('minScore and maxDistance limit the results', async () => {
  const all = await similar(collection, asked, { k: 1000, scope: 'all' });
  const some = await similar(collection, asked, { k: 1000, scope: 'all', minScore: 0.5 });
  assert.deepEqual(
    some.results,
    all.results.filter(({ score }) => score >= 0.5),
  );
  assert.ok(some.results.length < all.results.length);
  const close = await similar(collection, asked, { k: 1000, metric: 'euclidean', maxDistance: 0 });
  assert.ok(close.results.every(({ score }) => score === 0));
});

test('an option that is undefined counts as not given', async () => {
  const given = {
    k: undefined,
    metric: undefined,
    scope: undefined,
    combine: undefined,
    minScore: undefined,
  };
  assert.deepEqual(await similar(collection, asked, given), await similar(collection, asked));
});

test('an aborted signal ends the work, which throws its reason', async () => {
  const reason = new Error('enough');
  await assert.rejects(
    similar(collection, asked, { signal: AbortSignal.abort(reason), scope: 'all' }),
    reason,
  );
  const options = { signal: AbortSignal.abort(reason), index: { cacheRoot: temporaryFolder() } };
  await buildIndex(collection, { index: options.index });
  for (const ask of [
    () => clearIndex(collection, options),
    () => indexState(collection, options),
    () => frames(collection, 'Gamma', options),
    () => times(collection, 'Gamma', options),
    () => search(collection, new Float32Array(64), options),
  ])
    await assert.rejects(ask, reason);
  const { totals } = await indexState(collection, { index: options.index });
  assert.equal(totals.fresh, totals.films);
});
