import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type BoundedRow,
  judgePage,
  type Limits,
  type PageSize,
  withinLimits,
} from '../../src/engine/bounded-rows.js';

/** A row with its true closeness, which the engine does not know. */
interface TrueRow extends BoundedRow {
  readonly index: number;
  readonly closeness: number;
}

/** Few values, so that there are many ties; intervals that overlap and that do not. */
const rows = fc
  .array(
    fc.record({
      film: fc.nat(3),
      shot: fc.nat(2),
      closeness: fc.integer({ min: -9, max: 9 }),
      below: fc.constantFrom(0, 0.4, 0.4, 2),
      above: fc.constantFrom(0, 0.4, 0.4, 2),
    }),
    { maxLength: 60 },
  )
  .map((drawn) =>
    drawn.map(
      ({ film, shot, closeness, below, above }, index): TrueRow => ({
        film,
        shot,
        index,
        closeness,
        low: closeness - below,
        high: closeness + above,
      }),
    ),
  );

const few = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const limits = fc.record({ k: fc.integer({ min: 1, max: 8 }), perFilm: few, perShot: few });
const slack = fc.record({ k: fc.nat(4), perFilm: fc.nat(2), perShot: fc.nat(2) });

const byCloseness = (a: TrueRow, b: TrueRow) =>
  b.closeness - a.closeness || a.film - b.film || a.index - b.index;

/**
 * The rows that the engine's statement returns: those with the highest upper ends of each shot, of each film, and of
 * all.
 */
function pageOf(all: readonly TrueRow[], { perFilm, perShot }: Limits, size: PageSize): TrueRow[] {
  const first = (found: readonly TrueRow[], limit: number, key: (row: TrueRow) => string) => {
    const counts = new Map<string, number>();
    return found.filter((row) => {
      const count = (counts.get(key(row)) ?? 0) + 1;
      counts.set(key(row), count);
      return count <= limit;
    });
  };
  let page = [...all].sort((a, b) => b.high - a.high);
  if (perShot !== undefined) page = first(page, size.perShot, ({ film, shot }) => `${film}:${shot}`);
  if (perFilm !== undefined) page = first(page, size.perFilm, ({ film }) => `${film}`);
  return page.slice(0, size.k);
}

describe('judgePage', () => {
  test('a page judged complete holds every row of the answer, and its candidates give the answer', () => {
    let complete = 0;
    fc.assert(
      fc.property(rows, limits, slack, (all, wanted, more) => {
        const size: PageSize = {
          k: wanted.k + more.k,
          perFilm: (wanted.perFilm ?? 0) + more.perFilm,
          perShot: (wanted.perShot ?? 0) + more.perShot,
        };
        const { candidates, floor, isComplete } = judgePage(pageOf(all, wanted, size), wanted, size);
        const answer = withinLimits([...all].sort(byCloseness), wanted);
        for (const row of answer) assert.ok(row.high >= floor);
        if (!isComplete) return;
        complete++;
        assert.deepEqual(withinLimits([...candidates].sort(byCloseness), wanted), answer);
      }),
      { numRuns: 5000 },
    );
    assert.ok(complete > 500, `${complete} pages were complete`);
  });

  test('a page with room for all rows is always complete', () => {
    fc.assert(
      fc.property(rows, limits, (all, wanted) => {
        const size = { k: all.length + 1, perFilm: all.length + 1, perShot: all.length + 1 };
        assert.equal(judgePage(pageOf(all, wanted, size), wanted, size).isComplete, true);
      }),
    );
  });

  test('leaves out rows that cannot be in the answer', () => {
    const row = (index: number, closeness: number, film = 0, shot = 0): TrueRow => {
      return { film, shot, index, closeness, low: closeness - 0.1, high: closeness + 0.1 };
    };
    const all = [row(0, 5), row(1, 4), row(2, 3.9), row(3, 1), row(4, 0, 1)];
    const size = { k: 10, perFilm: 10, perShot: 10 };
    const indices = (wanted: Limits) => judgePage(all, wanted, size).candidates.map(({ index }) => index);
    assert.deepEqual(indices({ k: 1 }), [0]);
    assert.deepEqual(indices({ k: 2 }), [0, 1, 2]);
    assert.deepEqual(indices({ k: 2, perFilm: 1 }), [0, 4]);
    assert.deepEqual(indices({ k: 3, perShot: 2 }), [0, 1, 2, 4]);
  });
});
