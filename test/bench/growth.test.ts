import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exponent, growthTable, type SizedContender } from '../../bench/growth.js';

test('points on a power law have its exponent', () => {
  const points = (power: number) => [10, 20, 40].map((films) => ({ films, cost: 3 * films ** power }));
  for (const power of [0, 0.5, 1, 2]) {
    assert.ok(Math.abs(exponent(points(power)) - power) < 1e-12);
  }
});

test('the table has a line for each size, then the exponent over all sizes and that of the last step', () => {
  const planned: SizedContender[] = [10, 20, 40].map((films) => ({
    work: 'topk',
    films,
    contender: { name: `topk, ${films}`, command: ['topk'] },
  }));
  // Four times as many films take ten times as long, twice as many four times. The memory does not grow.
  const wall = [10, 25, 100];
  const outcomes = planned.map(({ contender }, i) => ({
    contender,
    wallMs: wall[i],
    processorMs: 0,
    peakBytes: 5e7,
  }));
  assert.equal(
    growthTable(planned, outcomes),
    [
      '  films             topk',
      '                      ms    MB',
      '  10                  10    50',
      '  20                  25    50',
      '  40                 100    50',
      '  exponent          1.66  0.00',
      '  of the last step  2.00  0.00',
      '',
    ].join('\n'),
  );
});

test('a contender that failed leaves a gap in the table', () => {
  const contender = { name: 'topk, 10', command: ['topk'] } as const;
  const text = growthTable(
    [{ work: 'topk', films: 10, contender }],
    [{ contender, reason: 'crash', isMissing: false }],
  );
  assert.match(text, /^ {2}10 +failed +failed$/m);
  assert.match(text, /^ {2}exponent +- +-$/m);
});
