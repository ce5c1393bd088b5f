import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Candidate,
  CandidatePool,
  compareCandidates,
  endAfter,
} from '../../../src/search/batch/candidate-pool.js';

const number = fc.nat(6);
const candidates: fc.Arbitrary<Candidate[]> = fc.uniqueArray(
  fc.record({
    a: number,
    b: number,
    closeness: fc.constantFrom(-1, 0, 0.5, 1),
  }),
  { selector: ({ closeness: _, ...place }) => JSON.stringify(place), maxLength: 40 },
);

test('successive pools give all candidates in order, even if some are dropped in between', () => {
  fc.assert(
    fc.property(
      candidates,
      fc.constantFrom(-1, 0, 1),
      fc.integer({ min: 1, max: 8 }),
      (offered, least, size) => {
        const expected = offered.filter(({ closeness }) => closeness >= least).sort(compareCandidates);
        const found: Candidate[] = [];
        const endOfAll = endAfter(least);
        let after: Candidate | undefined;
        do {
          const pool = new CandidatePool({ after, end: endOfAll, size });
          for (const candidate of offered) pool.offer(candidate);
          const sorted = pool.sorted();
          assert.ok(sorted.length < 2 * size, 'memory is bounded');
          found.push(...sorted);
          after = pool.end;
        } while (after !== endOfAll);
        assert.deepEqual(found, expected);
      },
    ),
  );
});

test('a pool has no candidates beyond the end of other pools', () => {
  fc.assert(
    fc.property(candidates, fc.nat(40), fc.integer({ min: 1, max: 8 }), (offered, ended, size) => {
      // Two parts of one list: a pair of frames is met once, and offered once.
      const before = offered.slice(0, ended);
      const after = offered.slice(ended);
      fc.pre(before.length > 0);
      const end = before[0] as Candidate;
      const pool = new CandidatePool({ end: endAfter(-1), size });
      for (const candidate of before) pool.offer(candidate);
      pool.endAt(end);
      for (const candidate of after) pool.offer(candidate);
      const last = pool.end;
      assert.ok(compareCandidates(last, end) <= 0);
      const all = [...before, ...after].sort(compareCandidates);
      assert.deepEqual(
        pool.sorted(),
        all.filter((candidate) => compareCandidates(candidate, last) <= 0),
      );
    }),
  );
});

test('a pool keeps and accepts candidates as close as its end', () => {
  const pool = new CandidatePool({ end: endAfter(-1), size: 100 });
  const candidate = (closeness: number) => ({ a: 0, b: 1, closeness });
  for (const closeness of [0.2, 0.5, 0.9]) pool.offer(candidate(closeness));
  pool.endAt(endAfter(0.5));
  pool.endAt(endAfter(0.1));
  for (const closeness of [0.4, 0.7]) pool.offer(candidate(closeness));
  assert.deepEqual(pool.end, endAfter(0.5));
  assert.equal(pool.count, 3);
  assert.deepEqual(
    pool.sorted().map(({ closeness }) => closeness),
    [0.9, 0.7, 0.5],
  );
});
