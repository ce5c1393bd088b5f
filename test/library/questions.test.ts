/** Each function of the library gives the same answer as the command of its name, to the last digit. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main } from '../../src/cli.js';
import * as giallo from '../../src/giallo.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';

const folder = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const collection = await giallo.openCollection(folder);
const cache = temporaryFolder();
const index = { cacheRoot: cache };
const alpha = { film: 'Alpha', frame: 3 };
const [first, second] = collection.films.map(({ name }) => name) as [string, string];

/** What the command prints. */
async function printed(...words: string[]): Promise<string> {
  const { io, stdout } = recordingIo({ env: { GIALLO_CACHE: cache } });
  assert.equal(await main([...words, '-d', folder], io), 0);
  return stdout();
}

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value));

type Row = [name: string, ask: () => Promise<unknown>, ...words: string[]];
const rows: Row[] = [
  ['films', () => giallo.films(collection), 'films'],
  ['info', () => giallo.info(collection, 'Alpha'), 'info', 'Alpha'],
  ['frames', () => giallo.frames(collection, 'Alpha'), 'info', 'Alpha', '--frames'],
  ['shots', () => giallo.shots(collection, 'Alpha'), 'shots', 'Alpha'],
  [
    'shots with a threshold',
    () => giallo.shots(collection, 'Alpha', { shotThreshold: 0.5 }),
    ...['shots', 'Alpha', '--shot-threshold', '0.5'],
  ],
  ['verify', () => giallo.verify(collection), 'verify'],
  ['similar', () => giallo.similar(collection, [alpha], { index }), 'similar', 'Alpha', '3'],
  [
    'similar with every filter',
    () =>
      giallo.similar(collection, [alpha, { film: 'Alpha', frame: 5 }], {
        ...{ scope: 'all', k: 9, combine: 'max', excludeNear: 1, perFilm: 4, perShot: 2, index },
        ...{ minScore: 0.1, maxScore: 0.95, without: [{ film: 'Alpha', frame: 7 }] },
      }),
    ...['similar', 'Alpha', '3', '5', '--all', '-k', '9', '--combine', 'max', '--exclude-near', '1'],
    ...[
      '--per-film',
      '4',
      '--per-shot',
      '2',
      '--min-score',
      '0.1',
      '--max-score',
      '0.95',
      '--without',
      'Alpha:7',
    ],
  ],
  [
    'pairs',
    () => giallo.pairs(collection, [], { k: 4, scope: 'all', index }),
    ...['pairs', '-k', '4', '--all'],
  ],
  ['pairs of named films', () => giallo.pairs(collection, [first, second]), 'pairs', first, second],
  ['duplicates', () => giallo.duplicates(collection), 'duplicates'],
  [
    'duplicates across films',
    () => giallo.duplicates(collection, [], { scope: 'others', minScore: 0.5, excludeNear: 0 }),
    ...['duplicates', '--others', '--min-score', '0.5', '--exclude-near', '0'],
  ],
  ['compare', () => giallo.compare(collection), 'compare'],
  [
    'compare below a score',
    () => giallo.compare(collection, [first], { maxScore: 0.9 }),
    ...['compare', first, '--max-score', '0.9'],
  ],
  ['buildIndex', () => giallo.buildIndex(collection, { index }), 'index', 'build'],
  ['indexState', () => giallo.indexState(collection, { index }), 'index', 'status'],
];

for (const [name, ask, ...words] of rows) {
  test(`${name} gives the same answer as the command`, async () => {
    // The second build of an index has nothing to do.
    if (name === 'buildIndex') await ask();
    assert.deepEqual(asJson(await ask()), JSON.parse(await printed(...words, '--json')));
  });
}

test('vector returns a Float32Array, and search takes it', async () => {
  const { vector } = await giallo.vector(collection, alpha);
  assert.ok(vector instanceof Float32Array);
  const { answers } = await giallo.search(collection, [vector, [...vector]], { k: 20 });
  const { results } = await giallo.similar(collection, [alpha], { k: 20, scope: 'all' });
  assert.deepEqual(answers[0]?.results, answers[1]?.results);
  const isAsked = ({ film, index }: giallo.Result) => film.startsWith('Alpha') && index === 3;
  const others = answers[0]?.results.filter((result) => !isAsked(result)).map(({ score }) => score) ?? [];
  assert.deepEqual(
    others,
    results.slice(0, others.length).map(({ score }) => score),
  );
  const one = await giallo.search(collection, vector, { scope: { in: ['Alpha'] }, k: 1 });
  assert.equal(one.answers[0]?.results[0]?.film, 'Alpha.1968.mkv');
});

test('topk streams the same frames as the command', async () => {
  const lines: string[] = [];
  const options = { k: 2, scope: 'others', excludeNear: 'shot', metric: 'cosine' } as const;
  for await (const frame of giallo.topk(collection, ['Alpha'], options))
    lines.push(`${JSON.stringify(frame)}\n`);
  const command = await printed('topk', 'Alpha', '-k', '2', '--others', '--exclude-near', 'shot');
  assert.deepEqual(lines.map(asLine), command.split(/(?<=\n)/).map(asLine));
  assert.ok(lines.length > 3);
});

const asLine = (line: string) => JSON.parse(line);

test('topk may be stopped early, or read after a pause', async () => {
  for await (const { index } of giallo.topk(collection)) if (index === 2) break;
  const stream = giallo.topk(collection);
  await stream.next();
  await new Promise((resolve) => setImmediate(resolve));
  await stream.return();
  assert.deepEqual(await stream.next(), { done: true, value: undefined });
});

test('topk gives no more frames after its signal is aborted', async () => {
  const stop = new AbortController();
  const reason = new Error('stopped');
  const read: unknown[] = [];
  const reading = async () => {
    for await (const frame of giallo.topk(collection, [], { signal: stop.signal })) {
      read.push(frame);
      stop.abort(reason);
    }
  };
  await assert.rejects(reading, (error) => error === reason);
  assert.equal(read.length, 1);
});

test('topk throws the reason of its signal, and the errors of naming films', async () => {
  const reason = new Error('enough');
  const stop = new AbortController();
  const stream = giallo.topk(collection, [], { signal: stop.signal });
  stop.abort(reason);
  await assert.rejects(stream.next(), reason);
  await assert.rejects(giallo.topk(collection, ['Nobody']).next(), { code: 'film-unknown' });
  assert.throws(() => giallo.topk(collection, [], { k: 0 }), { code: 'usage' });
});

// biome-ignore lint/suspicious/noExplicitAny: each function has arguments of its own types
type Loose<Result> = (...args: any[]) => Result;

/** Calls with their arguments, which the caller changes during the call. */
const changed: [ask: Loose<Promise<unknown>>, args: unknown[], change: Loose<void>][] = [
  [giallo.similar, [[{ film: 'Alpha', frame: 3 }]], ([frame]) => Object.assign(frame, { frame: 5 })],
  [
    giallo.similar,
    [[alpha], { scope: { in: [second] }, without: [{ film: 'Alpha', frame: 7 }] }],
    (_, { scope, without }) => {
      scope.in[0] = first;
      without.length = 0;
    },
  ],
  [giallo.similarBatch, [[[alpha], [alpha]]], (questions) => questions.pop()],
  [giallo.vector, [{ film: 'Alpha', frame: 3 }], (frame) => Object.assign(frame, { frame: 5 })],
  [giallo.search, [[1, 2, 3], { scope: { in: [second] } }], (_, { scope }) => scope.in.push(first)],
  [giallo.verify, [[first]], (films) => films.push(second)],
  [giallo.pairs, [[first, second]], (films) => films.pop()],
  [giallo.duplicates, [[first], { minScore: 0.5 }], (films) => films.splice(0, 1, second)],
  [giallo.compare, [[first, second]], (films) => films.pop()],
];

for (const [ask, args, change] of changed) {
  test(`${ask.name} ignores later changes of its arguments`, async () => {
    const expected = await ask(collection, ...structuredClone(args)).catch(String);
    const answer = ask(collection, ...args).catch(String);
    change(...args);
    assert.deepEqual(await answer, expected);
  });
}

test('topk ignores later changes of its arguments', async () => {
  const films = [first];
  const stream = giallo.topk(collection, films);
  films[0] = second;
  assert.equal((await stream.next()).value?.film, first);
});

test('clearIndex removes what buildIndex made', async () => {
  const own = { index: { cacheRoot: temporaryFolder() } };
  const { built } = await giallo.buildIndex(collection, own);
  assert.ok(built.read > 0);
  await giallo.clearIndex(collection, own);
  const { films } = await giallo.indexState(collection, own);
  assert.ok(films.every(({ state }) => state !== 'fresh'));
});

test('times and the seconds of frames in answers have their declared types', async () => {
  const timedFolder = temporaryFolder();
  const [source, other] = collection.films.map(({ path }) => path) as [string, string];
  for (const path of [source, other]) copyFileSync(path, join(timedFolder, basename(path)));
  writeFileSync(join(timedFolder, 'films.json'), '{"v": 1, "default": {"interval": 0.5}}');
  const timed = await giallo.openCollection(pathToFileURL(timedFolder));
  const { frames: moments, source: origin } = await giallo.times(timed, 'Alpha');
  assert.equal(origin, 'films.json');
  const at = (index: number) => index / 2;
  for (const { index, seconds } of moments) assert.equal(seconds, at(index));
  const { query, results } = await giallo.similar(timed, [alpha], { k: 1 });
  for (const { index, seconds } of [...query, ...results]) assert.equal(seconds, at(index));
  for await (const { index, seconds, neighbors } of giallo.topk(timed, ['Alpha'], {
    scope: { in: ['Alpha'] },
  })) {
    assert.equal(seconds, at(index));
    for (const neighbor of neighbors) assert.equal(neighbor.seconds, at(neighbor.index));
  }
  const { frames } = await giallo.frames(timed, 'Alpha');
  for (const { index, seconds } of frames) assert.equal(seconds, at(index));
  const { shots } = await giallo.shots(timed, 'Alpha');
  for (const { first, seconds } of shots) assert.equal(seconds, at(first));
  const { groups } = await giallo.duplicates(timed, [], { minScore: 0.5, excludeNear: 0 });
  for (const { first, seconds } of groups.flatMap(({ runs }) => runs)) assert.equal(seconds, at(first));
  const { pairs } = await giallo.pairs(timed);
  for (const { a, b } of pairs) assert.deepEqual([a.seconds, b.seconds], [at(a.index), at(b.index)]);
  const { comparisons } = await giallo.compare(timed);
  for (const { index, seconds, otherIndex, otherSeconds } of comparisons.flatMap(
    ({ witnesses }) => witnesses,
  ))
    assert.deepEqual([seconds, otherSeconds], [at(index), at(otherIndex)]);
  for (const found of [shots, groups, pairs, comparisons]) assert.ok(found.length > 0);
  await assert.rejects(giallo.times(collection, 'Alpha'), { code: 'usage' });
});

test('convert writes files, and lists those that fail', async () => {
  const target = join(temporaryFolder(), 'made');
  mkdirSync(target);
  const source = join(target, 'a.json');
  writeFileSync(source, '{"x.jpg": [1, 2], "y.jpg": [3, 4]}');
  const broken = join(target, 'b.json');
  writeFileSync(broken, '{');
  const { converted, failed } = await giallo.convert([pathToFileURL(source), broken], { to: 'npz' });
  assert.deepEqual(
    converted.map(({ paths, frames, dim }) => [paths, frames, dim]),
    [[[join(target, 'a.npz')], 2, 2]],
  );
  assert.deepEqual(
    failed.map(({ sources, code }) => [sources, code]),
    [[[broken], 'input-malformed']],
  );
  await giallo.convert(join(target, 'a.npz'), { output: pathToFileURL(join(target, 'c.json')) });
  assert.deepEqual(JSON.parse(readFileSync(join(target, 'c.json'), 'utf8')), {
    'x.jpg': [1, 2],
    'y.jpg': [3, 4],
  });
  assert.deepEqual(readdirSync(target).sort(), ['a.json', 'a.npz', 'b.json', 'c.json']);
  await assert.rejects(giallo.convert([]), { code: 'usage' });
});

test('an engine needs an address, and refuses what it cannot do', async () => {
  await assert.rejects(giallo.openEngine(''), { code: 'usage' });
  await assert.rejects(giallo.engineState('http://x'), { code: 'usage' });
  await assert.rejects(giallo.push(collection, [], 'clickhouse://127.0.0.1:1/films'), {
    code: 'engine-unreachable',
  });
});
