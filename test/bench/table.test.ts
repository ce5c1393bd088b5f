import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerLine, busyLine, outcomeTable, verdictTable } from '../../bench/table.js';

test('the table of outcomes shows medians, or why there are none', () => {
  const contender = (name: string) => ({ name, command: [name] }) as const;
  const text = outcomeTable([
    { contender: contender('giallo'), wallMs: 99.6, processorMs: 120, peakBytes: 5e7 },
    { contender: contender('faiss'), reason: 'no module faiss', isMissing: true },
    { contender: contender('numpy'), reason: 'crash', isMissing: false },
  ]);
  assert.equal(
    text,
    [
      '            wall  processor  memory',
      '  giallo  100 ms     120 ms   50 MB',
      '  faiss   missing: no module faiss',
      '  numpy   failed',
      '',
    ].join('\n'),
  );
});

test('the table of verdicts shows what is compared, the result, and whether the goal is met', () => {
  const text = verdictTable([
    {
      goal: { measure: 'wall', of: 'giallo', against: ['numpy'], atMost: 0.5 },
      value: 0.512,
      result: 'missed',
    },
    { goal: { measure: 'MB', of: 'giallo', atMost: 300 }, value: 52.4, result: 'met' },
    {
      goal: { measure: 'wall', of: 'giallo', against: ['numpy', 'faiss'], atMost: 0.2 },
      value: undefined,
      result: 'not judged',
    },
  ]);
  assert.equal(
    text,
    [
      '  wall of giallo / numpy                           0.51    at most 0.50      MISSED',
      '  memory of giallo                                52 MB  at most 300 MB         met',
      '  wall of giallo / the faster of numpy and faiss      -    at most 0.20  not judged',
      '',
    ].join('\n'),
  );
});

test('the line about a busy machine is printed if the load is high', () => {
  assert.equal(busyLine(2.9, 2), '');
  assert.match(busyLine(9.4, 2), /busy, load 9\.4 on 2 cores/);
});

test('the line about agreement is printed only if answers were compared', () => {
  assert.equal(
    answerLine({ compared: 3, tolerance: 1e-5, differences: [] }),
    '  3 answers agree, scores within 0.00001\n',
  );
  assert.equal(answerLine({ compared: 1, tolerance: 1e-6, differences: [] }), '');
  assert.equal(answerLine({ compared: 2, tolerance: 1e-6, differences: ['a and b differ'] }), '');
});
