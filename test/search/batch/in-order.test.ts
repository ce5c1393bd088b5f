import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import * as fc from 'fast-check';
import { InOrder } from '../../../src/search/batch/nearest-frames.js';

test('items continue in order, one at a time, whatever the order in which they are ready', async () => {
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (readiness) => {
      const taken: number[] = [];
      let isTaking = false;
      const inOrder = new InOrder([0, 1, 2, 3, 4, 5], async (item) => {
        assert.ok(!isTaking);
        isTaking = true;
        await setImmediate();
        isTaking = false;
        taken.push(item);
      });
      for (const [i, item] of readiness.entries()) {
        const ready = inOrder.ready(item);
        if (i % 2 === 1) continue;
        await ready;
        const isReady = (one: number) => readiness.slice(0, i + 1).includes(one);
        const first = [0, 1, 2, 3, 4, 5].findIndex((one) => !isReady(one));
        assert.deepEqual(taken, [0, 1, 2, 3, 4, 5].slice(0, first < 0 ? 6 : first));
      }
      await inOrder.ready(readiness[0] as number);
      assert.deepEqual(taken, [0, 1, 2, 3, 4, 5]);
    }),
  );
});

test('a failure is thrown to all who wait, and nothing continues', async () => {
  const taken: string[] = [];
  const inOrder = new InOrder(['a', 'b'], async (item) => {
    taken.push(item);
    throw new Error(`no ${item}`);
  });
  const waiting = [inOrder.ready('a'), inOrder.ready('b')];
  const outcomes = await Promise.allSettled(waiting);
  assert.deepEqual(
    outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message),
    ['no a', 'no a'],
  );
  assert.deepEqual(taken, ['a']);
});
