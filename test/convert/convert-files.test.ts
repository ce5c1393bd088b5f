import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import test from 'node:test';
import * as arrow from 'apache-arrow';
import { Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import type { Conversion } from '../../src/convert/convert-file.js';
import { convertFiles, convertRequested } from '../../src/convert/convert-files.js';
import { hasAllCases, withoutCases } from '../cases.js';
import { temporaryFolder } from '../temporary-folder.js';
import { plainOptions } from './frames-in-memory.js';

/** JSON files in a folder, and their conversions to npz beside them. */
async function prepare(folder: string, texts: Readonly<Record<string, string>>): Promise<Conversion[]> {
  const conversions: Conversion[] = [];
  for (const [name, text] of Object.entries(texts)) {
    const path = join(folder, `${name}.json`);
    await writeFile(path, text);
    const target = join(folder, `${name}.npz`);
    conversions.push({ sources: [{ path, form: 'json' }], isMerge: false, target, to: 'npz' });
  }
  return conversions;
}

const filmOf = (frames: number) =>
  `{${Array.from({ length: frames }, (_, i) => `"${i}":[${Array(500).fill(i / 7)}]`).join(',')}}`;
/** So large that an abort comes in the middle of the conversion. */
const large = filmOf(2000);
const middling = filmOf(500);

for (const jobs of [1, 2]) {
  test(`${jobs} at a time: good files are kept if others fail, and outcomes are in order`, async () => {
    const folder = temporaryFolder();
    const conversions = await prepare(folder, {
      a: middling,
      b: '{"x":[1',
      c: '{"x":[1,2]}',
      d: '[]',
      e: '{"y":[3]}',
    });
    const progress: number[] = [];
    const outcomes = await convertFiles(conversions, plainOptions, {
      jobs,
      onProgress: (bytes) => progress.push(bytes),
    });
    assert.deepEqual(
      outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : outcome.converted.frames)),
      [500, 'input-malformed', 1, 'input-malformed', 1],
    );
    const [, second] = outcomes;
    assert.ok(second !== undefined && 'error' in second && /b\.json: byte 7: "x"/.test(second.error.message));
    assert.deepEqual(
      outcomes.map(({ conversion }) => basename(conversion.target)),
      ['a.npz', 'b.npz', 'c.npz', 'd.npz', 'e.npz'],
    );
    assert.equal(progress.at(-1), middling.length + '{"x":[1,2]}'.length + '{"y":[3]}'.length);
    const made = (await readdir(folder)).filter((name) => !name.endsWith('.json'));
    assert.deepEqual(made.sort(), ['a.npz', 'c.npz', 'e.npz']);
  });

  test(`${jobs} at a time: an abort ends all work and leaves no incomplete file`, withoutCases, async () => {
    const folder = temporaryFolder();
    const conversions = await prepare(folder, { a: large, b: large, c: large });
    const aborting = new AbortController();
    const reason = new Error('enough');
    const watching = { jobs, signal: aborting.signal, onProgress: () => aborting.abort(reason) };
    await assert.rejects(convertFiles(conversions, plainOptions, watching), (error) => error === reason);
    // On a busy machine the first ones may be complete before they notice the abort.
    const isWhole = (name: string) => jobs > 1 && ['a.npz', 'b.npz'].includes(name);
    const left = (await readdir(folder)).filter((name) => !isWhole(name));
    assert.deepEqual(left.sort(), ['a.json', 'b.json', 'c.json']);
  });

  test(`${jobs} at a time: the hint of an error is kept`, withoutCases, async () => {
    const folder = temporaryFolder();
    const conversions = await prepare(folder, { a: '{"x":[1],"x":[2]}', b: '{}' });
    const [first] = await convertFiles(conversions, plainOptions, { jobs });
    assert.ok(first !== undefined && 'error' in first);
    assert.match(first.error.hint ?? '', /--on-duplicate/);
  });
}

test('an aborted signal prevents any work', async () => {
  const folder = temporaryFolder();
  const conversions = await prepare(folder, { a: '{}', b: '{}' });
  const signal = AbortSignal.abort(new Error('before'));
  for (const jobs of [1, 2]) {
    await assert.rejects(convertFiles(conversions, plainOptions, { jobs, signal }), /before/);
  }
  assert.deepEqual((await readdir(folder)).sort(), ['a.json', 'b.json']);
});

function parquetOf(film: Readonly<Record<string, readonly number[]>>, rowsPerGroup: number): Uint8Array {
  const type = new arrow.List(new arrow.Field('item', new arrow.Float32(), true));
  const columns = {
    filename: arrow.vectorFromArray(Object.keys(film), new arrow.Utf8()),
    embedding: arrow.vectorFromArray(Object.values(film), type),
  };
  const table = Table.fromIPCStream(arrow.tableToIPC(new arrow.Table(columns), 'stream'));
  return writeParquet(table, new WriterPropertiesBuilder().setMaxRowGroupSize(rowsPerGroup).build());
}

test('damaged Parquet is an error about its own file, also if the library panics', async () => {
  const folder = temporaryFolder();
  const whole = join(folder, 'whole.parquet');
  const [made] = await prepare(folder, { film: '{}' });
  // In several row groups, so that the library can panic after it has given frames.
  const bytes = parquetOf({ a: [1, 2], b: [3, 4], c: [5, 6] }, 1);
  await writeFile(whole, bytes);
  const target = (name: string) => join(folder, `${name}.npz`);
  const conversions: Conversion[] = [];
  for (let at = 0; at < bytes.length; at += hasAllCases ? 9 : 45) {
    const path = join(folder, `${at}.parquet`);
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 1 << (at % 8);
    await writeFile(path, damaged);
    conversions.push({
      sources: [{ path, form: 'parquet' }],
      isMerge: false,
      target: target(String(at)),
      to: 'npz',
    });
  }
  conversions.push({ ...made, sources: [{ path: whole, form: 'parquet' }], target: target('whole') });
  for (const jobs of [1, 2]) {
    const outcomes = await convertFiles(conversions, { ...plainOptions, force: true }, { jobs });
    const messages = outcomes.map((outcome) => ('error' in outcome ? outcome.error.message : ''));
    assert.ok(messages.some((message) => message.endsWith('the library gave up on it')));
    for (const [i, message] of messages.entries())
      if (message !== '') assert.ok(message.includes(basename(conversions[i].target, '.npz')), message);
    assert.equal(messages.at(-1), '');
  }
});

test('a folder of Parquet files is refused as a folder', withoutCases, async () => {
  const path = join(temporaryFolder(), 'film.parquet');
  await mkdir(path);
  const conversion = {
    sources: [{ path, form: 'parquet' }],
    isMerge: false,
    target: `${path}.npz`,
    to: 'npz',
  } as const;
  const [outcome] = await convertFiles([conversion], plainOptions, { jobs: 1 });
  assert.ok('error' in outcome && outcome.error.code === 'file-unreadable');
  assert.match(outcome.error.message, /not a regular file, but a folder/);
});

test('a file is found by either Unicode form of its name', async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, 'Per\u00f2.json'), '{"a":[1]}');
  const inputs = [join(folder, 'Pero\u0300.json')];
  const [outcome] = await convertRequested({ inputs, to: 'csv', jobs: 1 });
  assert.ok('converted' in outcome);
  assert.deepEqual(outcome.converted.paths, [join(folder, 'Per\u00f2.csv')]);
});
