import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Collection, openCollection } from '../../src/collection/collection.js';
import type { FrameName } from '../../src/collection/frame-name.js';
import { GialloError } from '../../src/errors.js';
import { type SimilarOptions, similar, similarBatch } from '../../src/reports/similar.js';
import { withBrokenChecksum } from '../break-checksum.js';
import { hasAllCases } from '../cases.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = new URL('../fixtures/golden/', import.meta.url);

interface GoldenCase {
  readonly metric: 'cosine' | 'dot' | 'euclidean';
  readonly frames: readonly (readonly [film: string, index: number])[];
  readonly scope: 'own' | 'all' | 'others' | 'in';
  readonly in: readonly string[];
  readonly k: number;
  readonly perFilm: number | null;
  readonly near: number;
  readonly cutoff: number | null;
  readonly combine: 'mean' | 'max';
  readonly results: readonly { readonly film: string; readonly index: number; readonly score: number }[];
}

let collection: Collection;
before(async () => {
  collection = await openCollection(fileURLToPath(new URL('films', golden)));
});

describe('similar', () => {
  const goldenCases = JSON.parse(readFileSync(new URL('similar.json', golden), 'utf8')) as GoldenCase[];

  test('gives the same bits as numpy', async () => {
    for (const [number, { results, ...asked }] of goldenCases.entries()) {
      if (!hasAllCases && number % 7 !== 0) continue;
      const report = await similar(collection, framesOf(asked.frames), optionsOf(asked));
      const found = report.results.map(({ film, index, score }) => ({ film, index, score }));
      assert.deepEqual(found, results, `case ${number}: ${JSON.stringify(asked)}`);
    }
  });

  test('answers the same in a batch, and with any number of jobs', async () => {
    const all = goldenCases.filter(({ scope, metric }) => scope === 'all' && metric === 'cosine');
    const options: SimilarOptions = { scope: 'all', k: 7, combine: 'max' };
    const questions = all.slice(hasAllCases ? 0 : -10).map(({ frames }) => framesOf(frames));
    const batch = await similarBatch(collection, questions, options, { jobs: 3 });
    for (const [i, question] of questions.entries()) {
      assert.deepEqual(batch[i], await similar(collection, question, options, { jobs: 1 }));
    }
  });

  test('names each result and counts ranks from 1', async () => {
    const { results, query } = await similar(collection, [{ film: 'Alpha', frame: 3 }], { k: 2 });
    assert.deepEqual(query, [{ film: 'Alpha.1968.mkv', index: 3, filename: 'Alpha.1968.mkv_000004.jpg' }]);
    assert.deepEqual(results[0], {
      rank: 1,
      film: 'Alpha.1968.mkv',
      index: 12,
      filename: 'Alpha.1968.mkv_000013.jpg',
      score: 1,
    });
    assert.equal(results[1]?.rank, 2);
  });

  test('counts the searched frames and lists the skipped films', async () => {
    const report = await similar(collection, [{ film: 'One', frame: 0 }], { scope: 'all' });
    assert.deepEqual(report.searched, { films: 8, frames: 76, zero: 3, nonFinite: 3 });
    assert.deepEqual(
      report.skipped.map(({ film, code }) => [film, code]),
      [['Other.Dim', 'dim-mismatch']],
    );
  });

  test('finds no results for the only frame of a film', async () => {
    const report = await similar(collection, [{ film: 'One', frame: 0 }]);
    assert.deepEqual(report.results, []);
  });

  test('gives an all-zero row the cosine 0, and refuses it as a query', async () => {
    const { results } = await similar(collection, [{ film: 'Gamma', frame: 0 }], { k: 10 });
    const zeros = results.filter(({ index }) => index >= 2 && index <= 4);
    assert.deepEqual(
      zeros.map(({ score }) => score),
      [0, 0, 0],
    );
    await rejects(() => similar(collection, [{ film: 'Gamma', frame: 2 }]), {
      code: 'query-unusable',
      message: /Gamma frame 2 .*all zero/,
    });
    const byDistance = await similar(collection, [{ film: 'Gamma', frame: 2 }], {
      metric: 'euclidean',
      k: 2,
    });
    assert.deepEqual(
      byDistance.results.map(({ index, score }) => [index, score]),
      [
        [3, 0],
        [4, 0],
      ],
    );
  });

  test('refuses a non-finite row as a query, under any metric', async () => {
    for (const metric of ['cosine', 'dot', 'euclidean'] as const) {
      const asking = () => similar(collection, [{ film: 'NotFinite', frame: 2 }], { metric });
      await rejects(asking, { code: 'query-unusable', message: /NaN or Inf/ });
    }
  });

  test('refuses opposite frames, which have no mean direction', async () => {
    const opposite = [
      { film: 'Alpha', frame: 0 },
      { film: 'Alpha', frame: 15 },
    ];
    await rejects(() => similar(collection, opposite, { combine: 'mean' }), {
      code: 'query-unusable',
      message: /the mean of 2 frames/,
    });
    assert.equal((await similar(collection, opposite, { combine: 'max' })).results.length, 5);
  });

  test('refuses frames of different dims in one question', async () => {
    const frames = [
      { film: 'Alpha', frame: 0 },
      { film: 'Other.Dim', frame: 0 },
    ];
    await rejects(() => similar(collection, frames), { code: 'dim-mismatch', message: /20.*7/ });
  });

  test('takes no row of a damaged film for a question, whatever the row is and wherever it looks', async () => {
    const film = (name: string) => readFileSync(new URL(`films/${name}`, golden));
    const folder = temporaryFolder({
      'Alpha.npz': film('Alpha.1968.mkv.npz'),
      'Gamma.npz': withBrokenChecksum(film('Gamma.npz')),
    });
    const damaged = await openCollection(folder);
    const usual = { film: 'Gamma', frame: 0 };
    for (const scope of ['own', 'all', 'others', { in: ['Alpha'] }] as const) {
      for (const frames of [[usual], [{ film: 'Gamma', frame: 2 }], [usual, { film: 'Alpha', frame: 0 }]]) {
        const asking = () => similar(damaged, frames, { scope });
        await rejects(asking, { code: 'archive-corrupt', message: /wrong CRC-32/ });
      }
    }
    const alpha = [{ film: 'Alpha', frame: 1 }];
    const [refused, answer] = await similarBatch(damaged, [[usual], alpha], { scope: 'all' });
    assert.ok(refused instanceof GialloError && refused.code === 'archive-corrupt');
    assert.deepEqual(answer, await similar(damaged, alpha, { scope: 'all' }));
  });

  test('answers the other questions of a batch if one fails', async () => {
    const answers = await similarBatch(collection, [
      [{ film: 'Alpha', frame: 1 }],
      [{ film: 'Alpha', frame: 99 }],
      [{ film: 'Other.Dim', frame: 1 }],
    ]);
    assert.deepEqual(answers[0], await similar(collection, [{ film: 'Alpha', frame: 1 }]));
    assert.ok(answers[1] instanceof GialloError && answers[1].code === 'frame-unknown');
    assert.deepEqual(answers[2], await similar(collection, [{ film: 'Other.Dim', frame: 1 }]));
  });
});

function framesOf(frames: GoldenCase['frames']): FrameName[] {
  return frames.map(([film, index]) => ({ film, frame: index }));
}

function optionsOf(asked: Omit<GoldenCase, 'results'>): SimilarOptions {
  const { metric, k, near, combine } = asked;
  const scope = asked.scope === 'in' ? { in: asked.in } : asked.scope;
  return {
    metric,
    k,
    combine,
    scope,
    excludeNear: near,
    perFilm: asked.perFilm ?? undefined,
    cutoff: asked.cutoff ?? undefined,
  };
}
