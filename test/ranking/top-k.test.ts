import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareHits, type Hit, TopK } from '../../src/ranking/top-k.js';
import { cases } from '../cases.js';

/** Few values, so that ties of every depth are common; infinities, since distances can overflow. */
const closeness = fc.oneof(
  fc.constantFrom(-0, 0, 0.5, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
  fc.integer({ min: -50, max: 50 }),
);
const hit: fc.Arbitrary<Hit> = fc.record(
  { film: fc.nat(4), index: fc.nat(99), closeness },
  { noNullPrototype: true },
);
const hits = (maxLength: number) =>
  fc.uniqueArray(hit, { maxLength, size: 'max', selector: ({ film, index }) => film * 100 + index });
const limit = fc.oneof(fc.nat(40), fc.constant(Number.POSITIVE_INFINITY));

describe('TopK', () => {
  test('is the beginning of a full sort, for any order of arrival', () => {
    fc.assert(
      fc.property(hits(200), limit, (offered, k) => {
        const sorted = [...offered].sort(compareHits).slice(0, k);
        assert.deepEqual(withHits(k, offered).sorted(), sorted);
      }),
      { numRuns: cases(500) },
    );
  });

  test('excludes a closeness only if even the first frame of the first film could not be kept with it', () => {
    fc.assert(
      fc.property(hits(20), limit, closeness, (offered, k, tried) => {
        const top = withHits(k, offered);
        const isExcluded = top.excludes(tried);
        const first = { film: -1, index: -1, closeness: tried };
        top.offer(first);
        assert.equal(top.sorted().includes(first), !isExcluded);
      }),
      { numRuns: cases(500) },
    );
  });

  test('keeps no hits if k is 0', () => {
    assert.deepEqual(withHits(0, [{ film: 0, index: 0, closeness: 1 }]).sorted(), []);
  });
});

describe('the order of answers', () => {
  test('closest, then film, then index', () => {
    const ordered: Hit[] = [
      { film: 3, index: 9, closeness: 1 },
      { film: 0, index: 2, closeness: 0.5 },
      { film: 0, index: 10, closeness: 0.5 },
      { film: 1, index: 0, closeness: 0.5 },
      { film: 0, index: 0, closeness: -1 },
    ];
    assert.deepEqual([...ordered].reverse().sort(compareHits), ordered);
  });

  test('treats 0 and -0, and equal infinities, as ties', () => {
    assert.ok(compareHits({ film: 0, index: 0, closeness: -0 }, { film: 1, index: 0, closeness: 0 }) < 0);
    const far = Number.NEGATIVE_INFINITY;
    assert.ok(compareHits({ film: 0, index: 1, closeness: far }, { film: 0, index: 0, closeness: far }) > 0);
  });
});

function withHits(k: number, offered: readonly Hit[]): TopK {
  const top = new TopK(k);
  for (const one of offered) top.offer(one);
  return top;
}
