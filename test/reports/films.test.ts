import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../src/collection/collection.js';
import type { Progress } from '../../src/progress.js';
import { films } from '../../src/reports/films.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));

test('films are listed in name order, with their sizes and totals', async () => {
  const collection = await openCollection(golden);
  const seen: Progress[] = [];
  const report = await films(collection, { jobs: 4, onProgress: (progress) => seen.push(progress) });
  assert.deepEqual(
    report.films.map(({ film, frames, dim }) => [film, frames, dim]),
    [
      ['Alpha.1968.mkv', 17, 20],
      ['Beta.1971.mp4', 40, 20],
      ['Gamma', 7, 20],
      ['None', 0, 20],
      ['NotFinite', 9, 20],
      ['One', 1, 20],
      ['Other.Dim', 5, 7],
      ['\uff5e before it', 1, 20],
      ['\u{1f600} last by code points', 1, 20],
    ],
  );
  for (const { path, frames, dim, bytes, rawBytes, ratio } of report.films) {
    assert.equal(bytes, statSync(path).size);
    assert.equal(rawBytes, frames * dim * 4);
    assert.equal(ratio, frames === 0 ? null : bytes / rawBytes);
  }
  const sum = (key: 'frames' | 'bytes' | 'rawBytes') =>
    report.films.reduce((total, film) => total + film[key], 0);
  assert.deepEqual(report.totals, { films: 9, frames: 81, bytes: sum('bytes'), rawBytes: sum('rawBytes') });
  assert.deepEqual([report.v, report.data, report.skipped], [1, golden, []]);
  assert.deepEqual(seen.at(-1), { done: 9, total: 9, unit: 'films' });
});

test('a film that cannot be opened is skipped and not counted', async () => {
  const one = readFileSync(join(golden, 'One.npz'));
  const folder = temporaryFolder({ 'A.npz': 'no archive', 'B.npz': one, 'C.npz': one.subarray(0, 300) });
  const report = await films(await openCollection(folder));
  assert.deepEqual([report.totals.films, report.totals.frames, report.films[0]?.film], [1, 1, 'B']);
  assert.deepEqual(
    report.skipped.map(({ film, path, code }) => [film, path, code]),
    [
      ['A', join(folder, 'A.npz'), 'not-an-archive'],
      ['C', join(folder, 'C.npz'), 'archive-truncated'],
    ],
  );
});

test('an empty collection has totals of 0, and an abort ends the work', async () => {
  const report = await films(await openCollection(temporaryFolder()));
  assert.deepEqual(report.totals, { films: 0, frames: 0, bytes: 0, rawBytes: 0 });
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(films(await openCollection(golden), { signal }), /enough/);
});
