import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Metric } from '../../src/ranking/metric.js';
import { queryVectors } from '../../src/search/frame-questions.js';
import type { Frame } from '../../src/search/query-frames.js';
import { rejects } from '../rejects.js';

const frame = (name: string, index: number): Frame => ({
  film: { name, path: name },
  index,
  filename: `${index}.jpg`,
});
const one = frame('A', 3);
const two = frame('B', 5);
const mean = (metric: Metric) => ({ metric, combine: 'mean' }) as const;

describe('the query of several frames', () => {
  test('is their mean, or each of them', () => {
    const vectors = [Float32Array.of(2, 0), Float32Array.of(0, 4)];
    assert.deepEqual(queryVectors([one, two], vectors, mean('cosine')), [Float32Array.of(0.5, 0.5)]);
    assert.deepEqual(queryVectors([one, two], vectors, mean('dot')), [Float32Array.of(1, 2)]);
    assert.deepEqual(queryVectors([one, two], vectors, { metric: 'cosine', combine: 'max' }), vectors);
  });

  test('of one frame is its vector, not scaled to length 1', () => {
    assert.deepEqual(queryVectors([one], [Float32Array.of(3, 4)], mean('cosine')), [Float32Array.of(3, 4)]);
  });
});

describe('a frame that cannot be a query', () => {
  const good = Float32Array.of(1, 0);

  test('has NaN or Inf under any metric, and the error names it', async () => {
    for (const metric of ['cosine', 'dot', 'euclidean'] as const) {
      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        for (const combine of ['mean', 'max'] as const) {
          await rejects(
            () => queryVectors([one, two], [good, Float32Array.of(0, bad)], { metric, combine }),
            {
              code: 'query-unusable',
              message: 'B frame 5 (5.jpg): the vector has NaN or Inf, and cannot be compared',
            },
          );
        }
      }
    }
  });

  test('is all zero, only under cosine', async () => {
    const zero = Float32Array.of(0, -0);
    await rejects(() => queryVectors([one], [zero], mean('cosine')), {
      code: 'query-unusable',
      message: 'A frame 3 (3.jpg): the vector is all zero, and has no direction to compare',
      hint: '--metric euclidean and --metric dot can compare it',
    });
    assert.deepEqual(queryVectors([one], [zero], mean('dot')), [zero]);
    assert.deepEqual(queryVectors([one], [zero], mean('euclidean')), [zero]);
  });

  test('cancels out with another, only under cosine', async () => {
    const opposite = [good, Float32Array.of(-1, 0)];
    await rejects(() => queryVectors([one, two], opposite, mean('cosine')), {
      code: 'query-unusable',
      message: /^the mean of 2 frames: /,
    });
    assert.deepEqual(queryVectors([one, two], opposite, mean('euclidean')), [Float32Array.of(0, 0)]);
    assert.deepEqual(queryVectors([one, two], opposite, { metric: 'cosine', combine: 'max' }), opposite);
  });

  test('has another dim than the first', async () => {
    await rejects(() => queryVectors([one, two], [good, Float32Array.of(1)], mean('dot')), {
      code: 'dim-mismatch',
      message: 'B frame 5 (5.jpg): expected vectors of 2 numbers as in A frame 3 (3.jpg), found 1',
    });
  });
});
