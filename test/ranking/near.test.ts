import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { areNear, isInSpans, nearSpan } from '../../src/ranking/near.js';

const shotsOf = fc
  .array(fc.boolean(), { minLength: 1, maxLength: 30 })
  .map((cuts) => Int32Array.from(cuts, (_, i) => cuts.slice(0, i).filter(Boolean).length));

test('a span has the near frames, and a pair is near if one frame is in the span of the other', () => {
  fc.assert(
    fc.property(
      shotsOf,
      fc.nat(),
      fc.oneof(fc.nat(40), fc.constant('shot' as const)),
      (shots, pick, near) => {
        const index = pick % shots.length;
        const span = nearSpan(index, near, shots);
        const isNear = areNear(near, shots);
        for (const other of shots.keys()) {
          const expected = near === 'shot' ? shots[other] === shots[index] : Math.abs(other - index) <= near;
          assert.equal(isInSpans([span], other), expected);
          assert.equal(isNear(index, other), expected);
          assert.equal(isNear(other, index), expected);
        }
      },
    ),
  );
});
