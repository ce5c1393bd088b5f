import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dotProduct, squaredDistance, squaredNorm } from '../../../src/kernel/scalar.js';
import { closenessFrom, type Metric, metrics } from '../../../src/ranking/metric.js';
import { isFiniteRow } from '../../../src/ranking/rows.js';
import type { BlockRows } from '../../../src/search/batch/block-rows.js';
import { roles } from '../../../src/search/batch/film-block.js';
import { scoreRows } from '../../../src/search/batch/score-rows.js';
import { seededNumbers } from '../../seeded-numbers.js';
import { columnsOf } from './sketches/pair-results.js';

const dim = 21;
const limit = 3;

for (const metric of metrics) {
  test(`the nearest by ${metric} of rows of all sizes are those of the formula`, () => {
    const [a, b] = [madeBlock(0, 150, 1), madeBlock(1, 70, 2)];
    const { found, counts } = scoreRows(a, b, { metric, questions: [nearest(a, b)] });
    assert.deepEqual(columnsOf(found[0].forward).sort(byRows), expected(metric, a, b));
    assert.deepEqual(columnsOf(found[0].backward).sort(byRows), expected(metric, b, a));
    assert.ok(counts.scored < 0.8 * counts.bounded, `${counts.scored}`);
  });
}

test('of blocks of several films, a pair is scored only if its own films need it', () => {
  const [a, b] = [inThreeFilms(madeBlock(0, 150, 1)), inThreeFilms(madeBlock(1, 150, 2))];
  const question = { a: a.block, b: b.block, excludeNear: 0, collect: { kind: 'best-of-shots' } } as const;
  const { counts } = scoreRows(a, b, { metric: 'cosine', questions: [question] });
  assert.ok(counts.scored < 0.5 * counts.bounded, `${counts.scored} of ${counts.bounded}`);
});

function inThreeFilms(rows: BlockRows): BlockRows {
  const { block } = rows;
  const film = { entry: { name: '', path: '' }, frames: block.frames / 3, checksum: '' };
  const filmOf = block.filmOf.map((_, row) => Math.floor(row / film.frames));
  return { ...rows, block: { ...block, films: [film, film, film], filmOf } };
}

/**
 * Rows of very different lengths, some of them repeated, all zero, not finite, or so long that float32 overflows; and
 * rows that are nearly the same in all blocks, whose scores differ by less than products in float32 can tell.
 */
function madeBlock(number: number, frames: number, seed: number): BlockRows {
  const next = seededNumbers(seed);
  const values = Float32Array.from({ length: frames * dim }, next);
  const rowOf = (row: number) => values.subarray(row * dim, (row + 1) * dim);
  const scale = (row: number, factor: number) => rowOf(row).set(rowOf(row).map((x) => x * factor));
  for (const [row, factor] of [0, 1e30, 1e-30, 1e18, 1e-18, 3e38].entries()) scale(row, factor);
  rowOf(7)[3] = Number.NaN;
  rowOf(8)[3] = Number.POSITIVE_INFINITY;
  for (let row = 20; row < 30; row++) rowOf(row).set(rowOf(row - 10));
  const base = Float32Array.from({ length: dim }, seededNumbers(9));
  for (let row = 31; row < 60; row++) {
    const [size, difference] = row < 45 ? [1, 1e-6] : [1000, 1e-3];
    rowOf(row).set(base.map((x) => size * x + difference * next()));
  }
  const squaredNorms = Float64Array.from({ length: frames }, (_, row) => squaredNorm(rowOf(row)));
  const all = roles.asked | roles.found;
  const block = {
    number,
    films: [],
    dim,
    frames,
    firstFrame: 0,
    filmOf: new Int32Array(frames),
    shotOf: Int32Array.from({ length: frames }, (_, row) => row),
    shotCount: frames,
    squaredNorms,
    roleOf: Uint8Array.from(squaredNorms, (norm) => (isFiniteRow(norm) ? all : 0)),
    anyRole: all,
  };
  return { block, values, byteLength: values.byteLength };
}

function nearest({ block: a }: BlockRows, { block: b }: BlockRows) {
  const floors = (rows: number) => new Float64Array(rows).fill(Number.NEGATIVE_INFINITY);
  const collect = { kind: 'nearest', limit, floorsA: floors(a.frames), floorsB: floors(b.frames) } as const;
  return { a, b, excludeNear: 0 as const, collect };
}

/** The nearest rows of `b` for each row of `a`, scored one by one. */
function expected(metric: Metric, a: BlockRows, b: BlockRows): [number, number, number][] {
  const sumOf = metric === 'euclidean' ? squaredDistance : dotProduct;
  const row = ({ values }: BlockRows, index: number) => values.subarray(index * dim, (index + 1) * dim);
  return [...a.block.roleOf].flatMap((role, asking) => {
    if (role === 0) return [];
    const scored = [...b.block.roleOf].flatMap((role, index): [number, number, number][] => {
      if (role === 0) return [];
      const [normA, normB] = [a.block.squaredNorms[asking], b.block.squaredNorms[index]];
      const sum = sumOf(row(a, asking), row(b, index));
      return [[asking, index, closenessFrom(metric, sum, normA, normB)]];
    });
    const best = scored.sort((x, y) => y[2] - x[2] || x[1] - y[1]).slice(0, limit);
    return best.sort(byRows);
  });
}

function byRows(x: readonly number[], y: readonly number[]): number {
  return x[0] - y[0] || x[1] - y[1];
}
