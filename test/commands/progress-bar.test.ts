import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { progressBar } from '../../src/commands/session/notices.js';

describe('a progress bar', () => {
  const cases: readonly [done: number, total: number, elapsedMs: number, width: number, line: string][] = [
    [0, 20, 1000, 80, '[..............................] 0 of 20 films, 0.0 a second'],
    [10, 20, 2000, 80, '[###############...............] 10 of 20 films, 5.0 a second, 2 s left'],
    [20, 20, 2000, 80, '[##############################] 20 of 20 films, 10.0 a second, 0 s left'],
    [10, 20, 2000, 60, '[#########.........] 10 of 20 films, 5.0 a second, 2 s left'],
    [10, 20, 2000, 45, '10 of 20 films, 5.0 a second, 2 s left'],
    [10, 20, 2000, 20, '10 of 20 films, 5.0'],
    [
      12_000,
      400_000,
      10_000,
      80,
      '[#........................] 12,000 of 400,000 films, 1,200 a second, 5 min left',
    ],
    [1, 1000, 10_000, 80, '[..............................] 1 of 1,000 films, 0.1 a second, 2.8 h left'],
    [0, 0, 1000, 80, '[##############################] 0 of 0 films, 0.0 a second'],
  ];
  for (const [done, total, elapsedMs, width, line] of cases) {
    test(`${done} of ${total} after ${elapsedMs} ms in ${width} columns`, () => {
      assert.equal(progressBar({ done, total, unit: 'films' }, elapsedMs, width), line);
    });
  }

  test('is one line that never fills the last column', () => {
    const work = fc.nat(1e6).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)));
    fc.assert(
      fc.property(
        work,
        fc.integer({ min: 1, max: 1e8 }),
        fc.integer({ min: 1, max: 200 }),
        ([done, total], elapsedMs, width) => {
          const line = progressBar({ done, total, unit: 'films' }, elapsedMs, width);
          assert.ok(line.length < width, line);
          assert.doesNotMatch(line, /\n|NaN|Infinity/);
        },
      ),
      { numRuns: 500 },
    );
  });
});
