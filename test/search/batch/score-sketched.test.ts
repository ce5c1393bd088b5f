import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { openCollection } from '../../../src/collection/collection.js';
import { openFilm } from '../../../src/collection/film.js';
import { readAllRows } from '../../../src/collection/held-rows.js';
import { withOutputs } from '../../../src/files/outputs.js';
import { squaredNorm } from '../../../src/kernel/scalar.js';
import { writeNpz } from '../../../src/npz/write-npz.js';
import { metrics as allMetrics } from '../../../src/ranking/metric.js';
import { createCollector } from '../../../src/search/batch/collectors.js';
import type { Collect, FramePairs, PairResult, PairTask } from '../../../src/search/batch/pair-task.js';
import { pairOutsideNear } from '../../../src/search/batch/pair-task.js';
import { openRowStore } from '../../../src/search/batch/row-store.js';
import { type FilmRows, scorePairs } from '../../../src/search/batch/score-pairs.js';
import { scoreSketched } from '../../../src/search/batch/score-sketched.js';
import { createSketchTiler } from '../../../src/search/batch/sketch-tiles.js';
import { openSketchedFilm } from '../../../src/search/batch/sketched-film.js';
import { buildIndex } from '../../../src/search-index/build.js';
import { filmPaths } from '../../../src/search-index/index-files.js';
import { openIndex } from '../../../src/search-index/open-index.js';
import { temporaryFolder } from '../../temporary-folder.js';

const dim = 52;
const shotLength = 7;
/** One for all, as a thread has. */
const tiler = createSketchTiler();
const folder = temporaryFolder();

before(async () => {
  await writeFilm('a', 150, 1);
  await writeFilm('b', 71, 2);
  await buildIndex(await openCollection(folder), join(folder, 'cache'), { jobs: 1 });
});

describe('scoreSketched finds what scoring all pairs finds', () => {
  const open = (rows: number) => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const high = (rows: number) => Float64Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0.9 : 0.2));
  const collects: readonly (readonly [string, (rowsA: number, rowsB: number) => Collect])[] = [
    [
      'the nearest, nothing known',
      (a, b) => ({ kind: 'nearest', limit: 3, floorsA: open(a), floorsB: open(b) }),
    ],
    [
      'the nearest above floors',
      (a, b) => ({ kind: 'nearest', limit: 4, floorsA: high(a), floorsB: high(b) }),
    ],
    [
      'the nearest of each shot',
      (a, b) => ({ kind: 'nearest', limit: 5, perShot: 1, floorsA: open(a), floorsB: open(b) }),
    ],
    [
      'the best of pairs of shots',
      () => ({ kind: 'shot-pairs', limit: 2, floor: -1, ordinals: [0, 0], after: undefined, mostPairs: 1e5 }),
    ],
    [
      'the first pairs after another',
      () => ({
        kind: 'shot-pairs',
        limit: 1,
        floor: -1,
        ordinals: [0, 0],
        // Rows 2 and 22 of `a` are equal, the last such: by their bound they come after themselves.
        after: { filmA: 0, indexA: 2, filmB: 0, indexB: 22, closeness: 1 },
        mostPairs: 1,
      }),
    ],
    ['groups', () => ({ kind: 'groups', floor: 0.8 })],
  ];
  for (const [what, collect] of collects) {
    for (const [nameA, nameB] of [
      ['a', 'b'],
      ['a', 'a'],
    ] as const) {
      const metrics = collect(1, 1).kind === 'nearest' ? allMetrics : (['cosine'] as const);
      const cases = metrics.flatMap((metric) =>
        ([0, 5, 'shot'] as const).map((excludeNear) => [metric, excludeNear] as const),
      );
      for (const [metric, excludeNear] of cases) {
        test(`${what}: ${nameA} with ${nameB} by ${metric}, near ${excludeNear}`, async () => {
          const [a, b] = [await rowsOf(nameA), await rowsOf(nameB)];
          const task: PairTask = {
            a: taskFilm(nameA, a.frames),
            b: taskFilm(nameB, b.frames),
            metric,
            excludeNear,
            collect: collect(a.frames, b.frames),
          };
          const isWanted = pairOutsideNear(task);
          const [expected, proposals, found] = [0, 1, 2].map(() => createCollector(task, a.frames, b.frames));
          const same = nameA === nameB;
          scorePairs(a, same ? a : b, metric, (i, j, score) => {
            if (isWanted(i, j)) expected.offer(i, j, score);
          });
          const first = await sketchedFilm(nameA);
          const second = same ? first : await sketchedFilm(nameB);
          const rows = openRowStore(dim, 40 * 4 * dim);
          const pair = { a: first.film, b: second.film, delta: first.delta, metric, isWanted };
          scoreSketched(pair, proposals, found, { tiler, rows });
          rows.release();
          assert.deepEqual(normalized(task, found.finish()), normalized(task, expected.finish()));
        });
      }
    }
  }
});

async function sketchedFilm(name: string) {
  const index = openIndex(folder, join(folder, 'cache'));
  const entry = (await openCollection(folder)).films.find((film) => film.name === name);
  const indexed = entry && (await index?.film(entry));
  assert.ok(index && typeof indexed === 'object');
  const { delta } = indexed.basis();
  const { fingerprint } = indexed.sketches.meta;
  return {
    delta,
    film: openSketchedFilm({ ...filmPaths(index.folder, name), fingerprint, basis: '', delta }),
  };
}

/**
 * Of groups what they come to, since other pairs may join the same frames; of pairs of shots those that are promised,
 * since more may be there; else the pairs, in order.
 */
function normalized({ a, b, collect }: PairTask, { forward, backward }: PairResult): unknown {
  if (collect.kind === 'groups') return groupsOf(forward, a.entry.path === b.entry.path);
  return [forward, backward].map(({ from, to, closeness }) => {
    const rows = [...from].map((index, i) => [index, to[i], closeness[i]]);
    if (collect.kind === 'shot-pairs') return rows.slice(0, collect.mostPairs);
    return rows.sort(([a, b], [c, d]) => a - c || b - d);
  });
}

/** Frames that hang together, named by film and index, each group with the least closeness of its pairs. */
function groupsOf({ from, to, closeness }: FramePairs, isSame: boolean): unknown {
  const groups = new Map<string, { readonly frames: Set<string>; least: number }>();
  for (const [i, index] of from.entries()) {
    const names = [`a${index}`, `${isSame ? 'a' : 'b'}${to[i]}`];
    const known = names.flatMap((name) => groups.get(name) ?? []);
    const frames = new Set([...names, ...known.flatMap((group) => [...group.frames])]);
    const group = { frames, least: Math.min(closeness[i], ...known.map(({ least }) => least)) };
    for (const name of frames) groups.set(name, group);
  }
  const sorted = [...new Set(groups.values())].map(({ frames, least }) => [[...frames].sort().join(), least]);
  return sorted.sort();
}

function taskFilm(name: string, frames: number) {
  const shotOf = Int32Array.from({ length: frames }, (_, i) => Math.floor(i / shotLength));
  return { entry: { name, path: join(folder, `${name}.npz`) }, checksum: '', shotOf };
}

async function rowsOf(name: string): Promise<FilmRows> {
  const film = await openFilm({ name, path: join(folder, `${name}.npz`) });
  const values = await readAllRows(film);
  await film.close();
  const squaredNorms = Float64Array.from({ length: film.frames }, (_, i) =>
    squaredNorm(values.slice(i * dim, (i + 1) * dim)),
  );
  return { frames: film.frames, dim, values, squaredNorms };
}

/** Frames in shots around a few directions, with repeats, zero rows and rows that are not finite. */
async function writeFilm(name: string, frames: number, seed: number): Promise<void> {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  };
  const values = new Float32Array(frames * dim);
  for (let row = 0; row < frames; row++) {
    const shot = Math.floor(row / shotLength);
    for (let i = 0; i < dim; i++) {
      const direction = Math.sin((i + 1) * ((shot * 7) % 5) + i);
      values[row * dim + i] = Math.fround(direction + 0.3 * random()) * (1 + shot);
    }
  }
  values.fill(0, 3 * dim, 5 * dim);
  values[10 * dim] = Number.NaN;
  values.copyWithin(20 * dim, 0, 3 * dim);
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
