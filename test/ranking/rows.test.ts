import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { meanVector } from '../../src/ranking/rows.js';

describe('the mean of several frames', () => {
  const short = Float32Array.of(3, 4);
  const long = Float32Array.of(0, -100);

  test('under cosine is that of their directions, whatever their lengths', () => {
    assert.deepEqual(meanVector('cosine', [short, long], [25, 10_000]), Float32Array.of(0.3, -0.1));
  });

  test('under dot and euclidean is that of the vectors themselves', () => {
    for (const metric of ['dot', 'euclidean'] as const) {
      assert.deepEqual(meanVector(metric, [short, long], [25, 10_000]), Float32Array.of(1.5, -48));
    }
  });

  test('is summed in float64 and rounded once', () => {
    const tiny = 2 ** -25; // lost when added to 1 in float32
    const vectors = [Float32Array.of(1), Float32Array.of(tiny), Float32Array.of(tiny), Float32Array.of(-1)];
    assert.deepEqual(meanVector('dot', vectors, []), Float32Array.of(tiny / 2));
  });

  test('of opposite frames is zero', () => {
    assert.deepEqual(meanVector('cosine', [short, short.map((x) => -x)], [25, 25]), Float32Array.of(0, 0));
  });
});
