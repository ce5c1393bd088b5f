import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Contender, Goal } from '../../bench/case.js';
import { compareAnswers, failures, judge } from '../../bench/judge.js';
import type { Measured, Unmeasured } from '../../bench/measure.js';

function measured(name: string, wallMs: number, peakBytes: number): Measured {
  return { contender: { name, command: [name] }, wallMs, processorMs: wallMs, peakBytes };
}

function unmeasured(name: string, isMissing: boolean): Unmeasured {
  return { contender: { name, command: [name] }, reason: 'why', isMissing };
}

function answering(name: string, answer: Answer, how: Partial<Contender> = {}): Measured {
  const { contender, ...figures } = measured(name, 1, 1);
  return { ...figures, contender: { ...contender, ...how }, answer };
}

test('a goal, a ratio of medians or a number of megabytes, is met up to and including its limit', () => {
  const outcomes = [measured('giallo', 50, 2e8), measured('numpy', 100, 4e8)];
  const results: [Goal, number, string][] = [
    [{ measure: 'wall', of: 'giallo', against: ['numpy'], atMost: 0.5 }, 0.5, 'met'],
    [{ measure: 'wall', of: 'giallo', against: ['numpy'], atMost: 0.4 }, 0.5, 'missed'],
    [{ measure: 'memory', of: 'numpy', against: ['giallo'], atMost: 1.9 }, 2, 'missed'],
    [{ measure: 'MB', of: 'giallo', atMost: 300 }, 200, 'met'],
    [{ measure: 'MB', of: 'numpy', atMost: 300 }, 400, 'missed'],
  ];
  assert.deepEqual(
    judge(
      results.map(([goal]) => goal),
      outcomes,
    ),
    results.map(([goal, value, result]) => ({ goal, value, result })),
  );
});

test('a goal whose contenders were not measured is not judged', () => {
  const outcomes = [measured('giallo', 50, 2e8), unmeasured('faiss', true)];
  const [verdict] = judge([{ measure: 'wall', of: 'giallo', against: ['faiss'], atMost: 9 }], outcomes);
  assert.equal(verdict.result, 'not judged');
});

test('giallo is compared with the best of several contenders that could be measured', () => {
  const outcomes = [
    measured('giallo', 10, 0),
    measured('a', 40, 0),
    measured('b', 20, 0),
    unmeasured('c', true),
  ];
  const [verdict] = judge([{ measure: 'wall', of: 'giallo', against: ['a', 'b', 'c'], atMost: 1 }], outcomes);
  assert.equal(verdict.value, 0.5);
});

test('contenders that failed are named, missing ones are not', () => {
  assert.deepEqual(failures([measured('a', 1, 1), unmeasured('b', true), unmeasured('c', false)]), [
    'c failed: why',
  ]);
});

test('answers agree if their scores agree within float32 precision', () => {
  const outcomes = [measured('silent', 1, 1), answering('a', [0.9, 0.8]), answering('b', [0.9000005, 0.8])];
  assert.deepEqual(compareAnswers(outcomes), { compared: 2, tolerance: 1e-6, differences: [] });
});

test('answers that differ in a score, in length or by a NaN are named', () => {
  const others = [answering('b', [0.9, 0.81]), answering('c', [0.9]), answering('d', [Number.NaN, 0.8])];
  assert.deepEqual(compareAnswers([answering('a', [0.9, 0.8]), ...others]), {
    compared: 4,
    tolerance: 1e-6,
    differences: [
      'a and b differ: 0.8 and 0.81 at place 2',
      'a and c differ: 2 and 1 results',
      'a and d differ: 0.9 and NaN at place 1',
    ],
  });
});

test('only the first frames of a partial answer are compared, and inexact answers with their own tolerance', () => {
  const first = answering('a', [0.9, 0.8, 0.7]);
  const loose = answering('b', [0.900004, 0.8], { isPartial: true, tolerance: 1e-5 });
  assert.deepEqual(compareAnswers([first, loose]), { compared: 2, tolerance: 1e-5, differences: [] });
  const strict = answering('c', [0.900004, 0.8], { isPartial: true });
  assert.deepEqual(compareAnswers([first, strict]).differences, [
    'a and c differ: 0.9 and 0.900004 at place 1',
  ]);
  const whole = answering('d', [0.9, 0.8], { tolerance: 1e-5 });
  assert.deepEqual(compareAnswers([first, whole]).differences, ['a and d differ: 3 and 2 results']);
});

test('texts in answers must be the same', () => {
  const contents = (digest: string) => ['frame.jpg', digest];
  const answers = [
    answering('a', contents('00')),
    answering('b', contents('00')),
    answering('c', contents('01')),
  ];
  assert.deepEqual(compareAnswers(answers).differences, ['a and c differ: 00 and 01 at place 2']);
});
