import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { selectFromFilm } from '../../src/ranking/film-selection.js';
import { compareHits } from '../../src/ranking/top-k.js';
import { cases } from '../cases.js';

const value = fc.constantFrom(Number.NaN, -1, -0.25, 0, 0.25, 0.5, 1, Number.NEGATIVE_INFINITY);

test('a selection has the same hits as filtering, sorting and cutting all frames', () => {
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 40 }),
      fc.oneof(fc.nat(8), fc.constant(Number.POSITIVE_INFINITY)),
      fc.option(fc.constantFrom(-1, 0.1, 0.25, 0.5), { nil: undefined }),
      (values, limit, minCloseness) => {
        const expected = values
          .map((closeness, index) => ({ film: 7, index, closeness }))
          .filter(({ closeness }) => !Number.isNaN(closeness))
          .filter(({ closeness }) => minCloseness === undefined || closeness >= minCloseness)
          .sort(compareHits)
          .slice(0, limit);
        assert.deepEqual(selectFromFilm(7, Float64Array.from(values), { limit, minCloseness }), expected);
      },
    ),
    { numRuns: cases(500) },
  );
});
