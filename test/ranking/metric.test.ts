import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dotProduct, squaredNorm } from '../../src/kernel/scalar.js';
import { closenessOf, cosine, metrics } from '../../src/ranking/metric.js';

const vectorPair = fc
  .integer({ min: 1, max: 20 })
  .chain((dim) =>
    fc.tuple(
      fc.float32Array({ minLength: dim, maxLength: dim, noNaN: true, noDefaultInfinity: true }),
      fc.float32Array({ minLength: dim, maxLength: dim, noNaN: true, noDefaultInfinity: true }),
    ),
  );

describe('cosine', () => {
  test('is symmetric to the bit, and in [-1, 1]', () => {
    fc.assert(
      fc.property(vectorPair, ([a, b]) => {
        const score = cosine(dotProduct(a, b), squaredNorm(a), squaredNorm(b));
        assert.ok(Object.is(score, cosine(dotProduct(b, a), squaredNorm(b), squaredNorm(a))));
        assert.ok(score >= -1 && score <= 1, String(score));
      }),
    );
  });

  test('is exactly 1 for equal rows, -1 for opposite ones, and 0 for zero rows', () => {
    fc.assert(
      fc.property(vectorPair, ([a]) => {
        const n2 = squaredNorm(a);
        assert.equal(cosine(dotProduct(a, a), n2, n2), n2 === 0 ? 0 : 1);
        assert.equal(
          cosine(
            dotProduct(
              a,
              a.map((x) => -x),
            ),
            n2,
            n2,
          ),
          n2 === 0 ? 0 : -1,
        );
      }),
    );
  });

  test('is 0 if either vector is all zero', () => {
    assert.equal(cosine(0, 0, 4), 0);
    assert.equal(cosine(0, 4, 0), 0);
  });

  test('is clamped if rounding leads beyond 1 or -1', () => {
    assert.equal(cosine(1 + 1e-15, 1, 1), 1);
    assert.equal(cosine(-1 - 1e-15, 1, 1), -1);
  });
});

describe('closeness', () => {
  test('is its own inverse, without a negative zero', () => {
    for (const metric of metrics) {
      for (const score of [0, 1, 0.1, 12345.678]) {
        assert.ok(Object.is(closenessOf(metric, closenessOf(metric, score)), score), `${metric} ${score}`);
      }
    }
    assert.ok(Object.is(closenessOf('euclidean', 0), 0));
  });

  test('is larger for smaller distances and for larger scores', () => {
    assert.ok(closenessOf('euclidean', 1) > closenessOf('euclidean', 2));
    assert.ok(closenessOf('cosine', 0.9) > closenessOf('cosine', 0.8));
    assert.ok(closenessOf('dot', 9) > closenessOf('dot', 8));
  });
});
