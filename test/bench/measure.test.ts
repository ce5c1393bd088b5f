import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Contender } from '../../bench/case.js';
import { MissingModule, measure, median, type Sample } from '../../bench/measure.js';

const [slow, fast]: Contender[] = ['slow', 'fast'].map((name) => ({ name, command: [name] }));

/** A runner that takes 1, 2, 3, ... ms, and what it ran. */
function countingRunner() {
  const ran: string[] = [];
  const run = async ({ name }: Contender): Promise<Sample> => {
    ran.push(name);
    return { wallMs: ran.length, processorMs: 0, peakBytes: 0, stdout: `run ${ran.length}` };
  };
  return { ran, run };
}

test('contenders run once to warm up, then alternate, each beginning in turn', async () => {
  const { ran, run } = countingRunner();
  await measure([slow, fast], 3, run);
  assert.deepEqual(ran, ['slow', 'fast', 'slow', 'fast', 'fast', 'slow', 'slow', 'fast']);
});

test('medians leave the first run out, what was printed comes from it', async () => {
  const { run } = countingRunner();
  const outcomes = await measure([slow, fast], 3, run);
  assert.deepEqual(outcomes, [
    { contender: slow, wallMs: 6, processorMs: 0, peakBytes: 0, stdout: 'run 1' },
    { contender: fast, wallMs: 5, processorMs: 0, peakBytes: 0, stdout: 'run 2' },
  ]);
});

test('who cannot run is told apart from who fails, and neither stops the others', async () => {
  const { run } = countingRunner();
  const contenders = [slow, { ...fast, name: 'absent' }, { ...fast, name: 'broken' }];
  const outcomes = await measure(contenders, 1, async (contender) => {
    if (contender.name === 'absent') {
      throw new MissingModule('no module');
    }
    if (contender.name === 'broken') {
      throw new Error('crash');
    }
    return run(contender);
  });
  assert.deepEqual(
    outcomes.map((outcome) => ('reason' in outcome ? [outcome.reason, outcome.isMissing] : outcome.wallMs)),
    [2, ['no module', true], ['crash', false]],
  );
});

test('a median is the middle value or the mean of the middle two', () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([9, 1, 5, 6]), 5.5);
});
