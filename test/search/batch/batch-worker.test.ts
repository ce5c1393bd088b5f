import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { createPairRunner } from '../../../src/search/batch/batch-worker.js';
import { readBlock } from '../../../src/search/batch/block-rows.js';
import { type FilmBlock, packFilms, roles } from '../../../src/search/batch/film-block.js';
import { measureFilms } from '../../../src/search/batch/measure-films.js';
import {
  askedBlocks,
  keptInTurn,
  type PairTask,
  type PairWork,
} from '../../../src/search/batch/pair-task.js';
import { scoreRows } from '../../../src/search/batch/score-rows.js';
import { buildIndex } from '../../../src/search-index/build.js';
import { archiveOf, indexedFilms } from '../../search-index/indexed-films.js';
import { filmLikeRows } from '../../search-index/seeded-rows.js';
import { seededNumbers } from '../../seeded-numbers.js';

test('a thread keeps only a fixed number of blocks open', async () => {
  const films = indexedFilms({ 'a.npz': archiveOf({ dim: 40, values: filmLikeRows(30, 40, 1) }) });
  const collection = await films.open();
  await buildIndex(collection, films.cacheRoot, { jobs: 1 });
  const measured = await measureFilms(collection, { ...films.context([]), heldBytes: 0 });
  const [block] = packFilms(measured.films, () => roles.asked | roles.found | roles.foundByOwnFilm);
  const floors = new Float64Array(block.frames).fill(Number.NEGATIVE_INFINITY);
  const collect = { kind: 'nearest', limit: 3, floorsA: floors, floorsB: floors } as const;
  const blocks = Array.from({ length: 2 * keptInTurn }, (_, number) => ({ ...block, number }));
  const runner = createPairRunner(workOn(blocks));
  // Each has a file of rows open, since its rows were read.
  const openNow = () => readdirSync('/proc/self/fd').length;
  const before = openNow();
  for (const { number } of blocks) {
    await runner.scorePair({ a: number, b: number, asked: [{ question: 0, collect }] });
  }
  assert.equal(openNow() - before, keptInTurn + 4);
  runner.end();
  assert.equal(openNow(), before);
});

test('if sketches leave too many pairs, this task and the next four are scored without them', async () => {
  const dim = 512;
  const random = (seed: number) => Float32Array.from({ length: 500 * dim }, seededNumbers(seed));
  const films = indexedFilms({
    'film 1.npz': archiveOf({ dim, values: filmLikeRows(100, dim, 1) }),
    'film 2.npz': archiveOf({ dim, values: filmLikeRows(100, dim, 4) }),
    'random 1.npz': archiveOf({ dim, values: random(2) }),
    'random 2.npz': archiveOf({ dim, values: random(3) }),
  });
  const collection = await films.open();
  await buildIndex(collection, films.cacheRoot, { jobs: 1 });
  const measured = await measureFilms(collection, { ...films.context([]), heldBytes: 0 });
  const blocks = measured.films.flatMap((film) => packFilms([film], () => roles.asked | roles.found));
  const [film1, film2, random1, random2] = blocks.map((block, number) => ({ ...block, number }));
  const taskOf = (a: FilmBlock, b: FilmBlock): PairTask => {
    const floors = ({ frames }: FilmBlock) => new Float64Array(frames).fill(Number.NEGATIVE_INFINITY);
    const collect = { kind: 'nearest', limit: 5, floorsA: floors(a), floorsB: floors(b) } as const;
    return { a: a.number, b: b.number, asked: [{ question: 0, collect }] };
  };
  const work = workOn([film1, film2, random1, random2]);
  const runner = createPairRunner(work);
  const given = taskOf(random1, random2);
  const { found, counts } = await runner.scorePair(given);
  // Without sketches, all pairs that are left are scored.
  assert.equal(counts.left, counts.scored);
  const [a, b] = [await readBlock(random1, undefined), await readBlock(random2, undefined)];
  assert.deepEqual(found, scoreRows(a, b, askedBlocks(work, given)).found);
  const areSketchesUsed: boolean[] = [];
  for (let task = 0; task < 6; task++) {
    const { left, scored } = (await runner.scorePair(taskOf(film1, film2))).counts;
    areSketchesUsed.push(left > scored);
  }
  assert.deepEqual(areSketchesUsed, [false, false, false, false, true, true]);
  runner.end();
});

function workOn(blocks: readonly FilmBlock[]): PairWork {
  return { metric: 'cosine', questions: [{ blocks, excludeNear: 0 }] };
}
