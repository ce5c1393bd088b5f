import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BenchFailure } from '../../bench/failure.js';
import { readOptions } from '../../bench/options.js';

test('by default every case runs with the size that its goals are set for', () => {
  assert.deepEqual(readOptions([]), {
    task: 'compare',
    only: undefined,
    isJudged: true,
    hasPackages: false,
    rounds: 5,
    films: undefined,
    frames: 1500,
    dim: 3072,
  });
});

test('a quick run is small, judges no goals, and takes other sizes', () => {
  assert.deepEqual(readOptions(['--quick', '--films', '7', '--only', 'P1,P7']), {
    task: 'compare',
    only: ['P1', 'P7'],
    isJudged: false,
    hasPackages: false,
    rounds: 1,
    films: [7],
    frames: 200,
    dim: 3072,
  });
});

test('--growth has several sizes, which --films can change', () => {
  const { task, films, frames } = readOptions(['--growth']);
  assert.deepEqual({ task, films, frames }, { task: 'growth', films: [10, 20, 40, 80, 160], frames: 300 });
  assert.deepEqual(readOptions(['--growth', '--films', '2,4']).films, [2, 4]);
});

test('wrong options are refused in one line', () => {
  const refusals: [readonly string[], RegExp][] = [
    [['--films', '0'], /^--films: expected a number from 1, found 0$/],
    [['--films', '4,8'], /^--films: expected one number without --growth, found 4,8$/],
    [['--growth', '--films', '4,'], /^--films: expected a number from 1, found $/],
    [['--rounds', 'many'], /^--rounds: expected a number from 1, found many$/],
    [['--rounds', '1e99'], /^--rounds: expected a number from 1, found 1e99$/],
    [['--growth', '--only', 'P1'], /^--only: .*--growth/],
    [['--fast'], /^Unknown option '--fast'[^\n]*$/],
    [['--films'], /--films <value>' argument missing$/],
    [['P1'], /^Unexpected argument 'P1'[^\n]*$/],
  ];
  for (const [argv, message] of refusals) {
    assert.throws(
      () => readOptions(argv),
      (error) => error instanceof BenchFailure && message.test(error.message),
      argv.join(' '),
    );
  }
});
