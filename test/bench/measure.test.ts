import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contender } from '../../bench/case.js';
import { type Figures, MissingModule, measure, median, type Runner } from '../../bench/measure.js';

const [slow, fast]: Contender[] = ['slow', 'fast'].map((name) => ({ name, command: [name] }));

/** A runner that takes 1, 2, 3, ... ms, and what it ran. */
function countingRunner() {
  const ran: string[] = [];
  const run = async ({ name }: Contender): Promise<Figures> => {
    ran.push(name);
    return { wallMs: ran.length, processorMs: 0, peakBytes: 0 };
  };
  const runner: Runner = { run, answer: async () => [`run ${ran.length}`] };
  return { ran, runner };
}

test('contenders run once to warm up, then alternate, and another one begins each round', async () => {
  const { ran, runner } = countingRunner();
  await measure([slow, fast], 3, runner);
  assert.deepEqual(ran, ['slow', 'fast', 'slow', 'fast', 'fast', 'slow', 'slow', 'fast']);
});

test('medians leave out the first run, and answers come from it', async () => {
  const { runner } = countingRunner();
  const outcomes = await measure([slow, fast], 3, runner);
  assert.deepEqual(outcomes, [
    { contender: slow, wallMs: 6, processorMs: 0, peakBytes: 0, answer: ['run 1'] },
    { contender: fast, wallMs: 5, processorMs: 0, peakBytes: 0, answer: ['run 2'] },
  ]);
});

test('a missing contender is not a failed one, and neither stops the others', async () => {
  const { runner } = countingRunner();
  const contenders = [slow, { ...fast, name: 'absent' }, { ...fast, name: 'broken' }];
  const run = async (contender: Contender) => {
    if (contender.name === 'absent') {
      throw new MissingModule('no module');
    }
    if (contender.name === 'broken') {
      throw new Error('crash');
    }
    return runner.run(contender);
  };
  const outcomes = await measure(contenders, 1, { ...runner, run });
  assert.deepEqual(
    outcomes.map((outcome) => ('reason' in outcome ? [outcome.reason, outcome.isMissing] : outcome.wallMs)),
    [2, ['no module', true], ['crash', false]],
  );
});

test('a contender whose answer cannot be read has failed', async () => {
  const { runner } = countingRunner();
  const answer = async () => JSON.parse('no JSON');
  const [outcome] = await measure([slow], 1, { ...runner, answer });
  assert.equal('isMissing' in outcome && outcome.isMissing, false);
});

test('a median is the middle value or the mean of the middle two', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
});
