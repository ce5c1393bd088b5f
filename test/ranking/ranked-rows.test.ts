import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { RankedRows } from '../../src/ranking/ranked-rows.js';
import { compareHits, type Hit } from '../../src/ranking/top-k.js';
import { cases } from '../cases.js';
import { rejects } from '../rejects.js';

const hitArbitrary: fc.Arbitrary<Hit> = fc.record(
  { closeness: fc.integer({ min: 0, max: 20 }), film: fc.nat(3), index: fc.nat(50) },
  { noNullPrototype: true },
);

describe('ranked rows', () => {
  test('keep the first hits of each row in order, whatever room they start with', () => {
    const offers = fc.array(fc.tuple(fc.nat(2), hitArbitrary), { maxLength: 600 });
    fc.assert(
      fc.property(offers, fc.constantFrom(0, 1, 3, 64, 100, 1000), (offered, limit) => {
        const ranked = new RankedRows(3, limit);
        for (const [row, hit] of offered) ranked.offer(row, hit);
        for (const row of [0, 1, 2]) {
          const mine = offered.filter(([of]) => of === row).map(([, hit]) => hit);
          const expected = mine.sort(compareHits).slice(0, limit);
          assert.deepEqual(ranked.hitsOf(row), expected);
          const full = expected.length === limit;
          assert.equal(ranked.floorOf(row), full ? (expected.at(-1)?.closeness ?? Infinity) : -Infinity);
        }
        // The next has its memory, with what is in it.
        ranked.release();
        assert.equal(ranked.total, 0);
      }),
      { numRuns: cases(60) },
    );
  });

  test('take room for the hits that are offered, not for all that may be kept', () => {
    const ranked = new RankedRows(30_000, 2 ** 40);
    ranked.offer(29_999, { closeness: 1, film: 0, index: 0 });
    assert.equal(ranked.hitsOf(29_999).length, 1);
  });

  test('are refused if memory could not hold them', async () => {
    await rejects(async () => new RankedRows(2 ** 40, 64), { code: 'output-too-large', hint: /-k/ });
  });
});
