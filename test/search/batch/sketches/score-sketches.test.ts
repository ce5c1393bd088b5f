import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openCollection } from '../../../../src/collection/collection.js';
import { withOutputs } from '../../../../src/files/outputs.js';
import { writeNpz } from '../../../../src/npz/write-npz.js';
import { metrics as allMetrics } from '../../../../src/ranking/metric.js';
import { openSketchedBlock, readBlock } from '../../../../src/search/batch/block-rows.js';
import { type Candidate, compareCandidates, endAfter } from '../../../../src/search/batch/candidate-pool.js';
import { createCollector } from '../../../../src/search/batch/collectors.js';
import { type FilmBlock, packFilms, roles } from '../../../../src/search/batch/film-block.js';
import { measureFilms } from '../../../../src/search/batch/measure-films.js';
import type {
  AskedBlocks,
  BlockQuestion,
  Collect,
  PairResult,
} from '../../../../src/search/batch/pair-task.js';
import { scoreRows } from '../../../../src/search/batch/score-rows.js';
import { openRowStore } from '../../../../src/search/batch/sketches/row-store.js';
import { scoreSketches, surveySketches } from '../../../../src/search/batch/sketches/score-sketches.js';
import { createSketchTiler } from '../../../../src/search/batch/sketches/sketch-tiles.js';
import { buildIndex } from '../../../../src/search-index/build.js';
import { hasAllCases } from '../../../cases.js';
import { randomFrom } from '../../../seeded-numbers.js';
import { temporaryFolder } from '../../../temporary-folder.js';
import { columnsOf, normalized } from './pair-results.js';

const dim = 52;
const shotLength = 7;
/** A single one, as in a thread. */
const tiler = createSketchTiler();
const folder = temporaryFolder();
const cacheRoot = join(folder, 'cache');
/** A film by itself, another, and three small ones together. */
let blocks: readonly FilmBlock[];

/** Each block is read, and its sketches opened, once for all tests. */
const readOnce = onceABlock((block) => readBlock(block, undefined));
const openOnce = onceABlock((block) => openSketchedBlock(block, undefined));

before(async () => {
  for (const [i, frames] of [150, 71, 20, 1, 30].entries()) await writeFilm('abcde'[i], frames, i + 1);
  const collection = await openCollection(folder);
  await buildIndex(collection, cacheRoot, { jobs: 1 });
  const index = { dataFolder: folder, cacheRoot };
  // Cosines below which there is a cut: shots of some frames.
  const context = { index, heldBytes: 0 };
  const { films } = await measureFilms({ films: collection.films, shotThreshold: 0.9 }, context);
  assert.ok(films.every(({ indexed }) => indexed));
  blocks = packFilms(films, ({ entry }, row) => {
    const isLeftOut = entry.name === 'b' && row === 30;
    return isLeftOut ? 0 : roles.asked | roles.found | (entry.name === 'c' ? 0 : roles.foundByOwnFilm);
  });
  assert.deepEqual(
    blocks.map((block) => block.films.length),
    [1, 1, 3],
  );
});

after(async () => {
  for (const block of blocks) (await openOnce(block)).close();
});

describe('scoreSketches finds the same as scoring all pairs', () => {
  const open = (rows: number) => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const high = (rows: number) => Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0.9 : 0.2));
  const nearest = (
    limits: Omit<Collect & { kind: 'nearest' }, 'kind' | 'floorsA' | 'floorsB'>,
    floors = open,
  ) =>
    ((a, b) => ({ kind: 'nearest', ...limits, floorsA: floors(a), floorsB: floors(b) })) satisfies CollectOf;
  type CollectOf = (rowsA: number, rowsB: number) => Collect;
  const collects: Readonly<Record<string, CollectOf>> = {
    'the nearest, nothing known': nearest({ limit: 3 }),
    'the nearest above floors': nearest({ limit: 4 }, high),
    'the nearest of each film': nearest({ limit: 5, perFilm: 2 }),
    'the nearest of each shot': nearest({ limit: 5, perShot: 1 }),
    'the nearest of each film and shot': nearest({ limit: 3, perFilm: 2, perShot: 1 }),
    'the best of each shot': () => ({ kind: 'best-of-shots' }),
    'the best of pairs of shots': () => ({ kind: 'shot-pairs', limit: 2, end: endAfter(-1), size: 1e5 }),
    'the first pairs after another': () => ({
      kind: 'shot-pairs',
      limit: 1,
      // Rows 2 and 22 of `a` are the last two equal rows; by their bounds they come after themselves.
      after: { a: 2, b: 22, closeness: 1 },
      end: endAfter(-1),
      size: 1,
    }),
    groups: () => ({ kind: 'groups', floor: 0.8 }),
  };
  const allPairs = [
    [0, 1],
    [0, 0],
    [1, 2],
    [2, 2],
  ] as const;
  for (const [number, [what, collect]] of Object.entries(collects).entries()) {
    const pairsOfBlocks = hasAllCases ? allPairs : allPairs.filter((_, i) => i % 2 === number % 2);
    const metrics = collect(1, 1).kind === 'nearest' ? allMetrics : (['cosine'] as const);
    for (const metric of metrics) {
      for (const excludeNear of [0, 5, 'shot'] as const) {
        for (const ceiling of metric === 'cosine' ? [undefined, 0.95] : [undefined]) {
          test(`${what} by ${metric}, near ${excludeNear}, up to ${ceiling}`, async () => {
            for (const [numberA, numberB] of pairsOfBlocks) {
              const [a, b] = [blocks[numberA], blocks[numberB]];
              const question = { a, b, excludeNear, ceiling, collect: collect(a.frames, b.frames) };
              const task = { metric, questions: [question] };
              assert.deepEqual(
                normalized(task, await onSketches(task)),
                normalized(task, await onRows(task)),
              );
            }
          });
        }
      }
    }
  }
});

test('if there are more pairs than may be kept, none is missing up to the last kept one', async () => {
  const [a, b] = blocks;
  const all = { kind: 'shot-pairs', limit: 1e5, end: endAfter(-1), size: 1e5 } as const;
  const ask = (collect: Collect): AskedBlocks => ({
    metric: 'cosine',
    questions: [{ a, b, excludeNear: 0, collect }],
  });
  const pairsOf = ({ forward }: PairResult) =>
    columnsOf(forward).map(([a, b, closeness]): Candidate => ({ a, b, closeness }));
  const [known] = await onRows(ask(all));
  assert.deepEqual(known.end, all.end);
  for (const size of [1, 3, 10, 25, 60]) {
    const [found] = await onSketches(ask({ ...all, size }));
    const pairs = pairsOf(found);
    assert.ok(pairs.length >= size, `${size}: ${pairs.length}`);
    const { end = all.end } = found;
    assert.notDeepEqual(end, all.end);
    const expected = pairsOf(known).filter((pair) => compareCandidates(pair, end) <= 0);
    assert.deepEqual(pairs, expected, `${size}`);
  }
});

test('a frame that has enough shots needs only pairs closer than the last of them', () => {
  const [a, b] = blocks;
  const floors = (rows: number) => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const limits = { limit: 2, perShot: 1, floorsA: floors(a.frames), floorsB: floors(b.frames) };
  const collector = createCollector({ a, b, excludeNear: 0, collect: { kind: 'nearest', ...limits } });
  const [first, second] = [0, b.frames - 1];
  assert.notEqual(b.shotOf[first], b.shotOf[second]);
  collector.offer(0, first, 0.5);
  assert.equal(collector.floorsA[0], Number.NEGATIVE_INFINITY);
  collector.offer(0, second, 0.25);
  assert.equal(collector.floorsA[0], 0.25);
});

describe('questions asked together have the same answers as alone', () => {
  const floors = (rows: number) => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const asNeighbour = (block: FilmBlock): FilmBlock => ({
    ...block,
    roleOf: block.roleOf.map((role, row) => (row % 2 === 0 ? role & ~roles.asked : role)),
  });
  const questionsAbout = (a: FilmBlock, b: FilmBlock): BlockQuestion[] => [
    { a, b, excludeNear: 0, collect: { kind: 'groups', floor: 0.8 } },
    {
      a: asNeighbour(a),
      b: a === b ? asNeighbour(a) : asNeighbour(b),
      excludeNear: 'shot',
      collect: { kind: 'nearest', limit: 3, floorsA: floors(a.frames), floorsB: floors(b.frames) },
    },
    { a, b, excludeNear: 5, collect: { kind: 'best-of-shots' } },
    {
      a,
      b,
      excludeNear: 'shot',
      ceiling: 0.98,
      collect: { kind: 'shot-pairs', limit: 1, end: endAfter(0.3), size: 50 },
    },
  ];
  for (const [what, score] of Object.entries({ onRows, onSketches })) {
    for (const [numberA, numberB] of [
      [0, 1],
      [0, 0],
      [1, 2],
      [2, 2],
    ]) {
      test(`${what}, blocks ${numberA} and ${numberB}`, async () => {
        const questions = questionsAbout(blocks[numberA], blocks[numberB]);
        const together = { metric: 'cosine', questions } as const;
        const alone = questions.map((question) => ({ metric: 'cosine', questions: [question] }) as const);
        const found = await Promise.all(alone.map(async (task) => normalized(task, await score(task))));
        assert.deepEqual(normalized(together, await score(together)), found.flat());
      });
    }
  }
});

test('a survey finds pairs, and never overestimates their closeness', async () => {
  const [a, b] = blocks;
  const floors = (rows: number) => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const questionWith = (limit: number): BlockQuestion => ({
    a,
    b,
    excludeNear: 0,
    collect: { kind: 'nearest', limit, floorsA: floors(a.frames), floorsB: floors(b.frames) },
  });
  for (const metric of allMetrics) {
    const [all] = await onRows({ metric, questions: [questionWith(200)] });
    const task = { metric, questions: [questionWith(3)] };
    const [found] = surveySketches(await openOnce(a), await openOnce(b), task, tiler);
    for (const side of ['forward', 'backward'] as const) {
      const truth = new Map(
        columnsOf(all[side]).map(([from, to, closeness]) => [`${from} ${to}`, closeness]),
      );
      const pairs = columnsOf(found[side]);
      assert.ok(pairs.length > 100, `${pairs.length}`);
      for (const [from, to, closeness] of pairs) {
        const known = truth.get(`${from} ${to}`);
        assert.ok(
          known !== undefined && closeness <= known,
          `${metric} ${from} ${to}: ${closeness}, ${known}`,
        );
      }
    }
  }
});

function onceABlock<T>(make: (block: FilmBlock) => Promise<T>): (block: FilmBlock) => Promise<T> {
  const made = new Map<FilmBlock, Promise<T>>();
  return (block) => {
    const its = made.get(block) ?? make(block);
    made.set(block, its);
    return its;
  };
}

async function onRows(task: AskedBlocks): Promise<readonly PairResult[]> {
  const [{ a, b }] = task.questions;
  return scoreRows(await readOnce(a), await readOnce(b), task).found;
}

async function onSketches(task: AskedBlocks): Promise<readonly PairResult[]> {
  const [{ a, b }] = task.questions;
  const rows = openRowStore(dim, Number.POSITIVE_INFINITY, 40 * 4 * dim);
  const scored = scoreSketches(await openOnce(a), await openOnce(b), task, { tiler, rows });
  assert.ok(scored);
  const { found, counts } = scored;
  const [all, isSame] = [a.frames * b.frames, a.number === b.number];
  assert.ok(counts.bounded >= (isSame ? (a.frames * (a.frames - 1)) / 2 : all));
  assert.ok(counts.scored <= counts.left && counts.left <= counts.bounded * task.questions.length);
  rows.release();
  return found;
}

/** Frames in shots around a few directions, with repeats, zero rows and rows that are not finite. */
async function writeFilm(name: string, frames: number, seed: number): Promise<void> {
  const random = randomFrom(seed);
  const values = new Float32Array(frames * dim);
  for (let row = 0; row < frames; row++) {
    const shot = Math.floor(row / shotLength);
    for (let i = 0; i < dim; i++) {
      const direction = Math.sin((i + 1) * ((shot * 7) % 5) + i);
      values[row * dim + i] = Math.fround(direction + 0.3 * (random() - 0.5)) * (1 + shot);
    }
  }
  if (frames > 20) {
    values.fill(0, 3 * dim, 5 * dim);
    values[10 * dim] = Number.NaN;
    values.copyWithin(20 * dim, 0, 3 * dim);
  }
  const filenames = Array.from({ length: frames }, (_, i) => `${name}${i}.jpg`);
  await withOutputs({ force: true, sources: [] }, async (outputs) => {
    const path = join(folder, `${name}.npz`);
    const files = { archive: await outputs.create(path), scratch: await outputs.scratch(path) };
    const blocks = (async function* () {
      yield { filenames, values };
    })();
    await writeNpz(files, blocks, { dim, dtype: 'float32', compression: 'deflated', place: path });
  });
}
