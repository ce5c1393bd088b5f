import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { filmsAtOnce, forEachConcurrently, jobsOf } from '../../src/threads/concurrency.js';

describe('work on several items at a time', () => {
  for (const jobs of [1, 2, 3, 100, 0]) {
    test(`is begun once for each item, in order, ${jobs} at a time`, async () => {
      const items = [...Array(20).keys()];
      const begun: number[] = [];
      const ended: number[] = [];
      let most = 0;
      await forEachConcurrently(items, jobs, async (item) => {
        begun.push(item);
        most = Math.max(most, begun.length - ended.length);
        for (let turn = 0; turn < 1 + (item % 3); turn++) await setImmediate();
        ended.push(item);
      });
      assert.deepEqual(begun, items);
      assert.deepEqual(
        [...ended].sort((a, b) => a - b),
        items,
      );
      assert.equal(most, Math.min(Math.max(jobs, 1), 20));
    });
  }

  test('begins no new item after a failure, and ends when the running ones have ended', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = async (item: number) => {
      begun.push(item);
      if (item === 2) throw new Error(`item ${item}`);
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      if (item === 1) throw new Error('a later failure');
      ended.push(item);
    };
    await assert.rejects(forEachConcurrently([0, 1, 2, 3, 4, 5], 3, work), /item 2/);
    assert.deepEqual(begun, [0, 1, 2]);
    assert.deepEqual(ended, [0]);
  });

  test('throws what was thrown, even undefined', async () => {
    const work = () => Promise.reject(undefined);
    await assert.rejects(forEachConcurrently([1], 1, work), (reason) => reason === undefined);
  });

  test('lets signals in between items that wait for nothing', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let begun = 0;
    const work = async () => {
      abort.signal.throwIfAborted();
      begun++;
      for (const start = process.hrtime.bigint(); process.hrtime.bigint() - start < 1_000_000n; );
    };
    const working = forEachConcurrently(Array(500), 2, work);
    // What a signal does in the launcher.
    setTimeout(() => abort.abort(reason), 1);
    await assert.rejects(working, (error) => error === reason);
    assert.ok(begun < 500);
  });

  test('ends if there are no items', async () => {
    await forEachConcurrently([], 3, () => assert.fail('there is nothing'));
  });
});

test('jobs are all cores, or the requested number within limits', () => {
  assert.equal(jobsOf({}), availableParallelism());
  assert.equal(jobsOf({ jobs: 3 }), 3);
  assert.equal(jobsOf({ jobs: Number.MAX_SAFE_INTEGER }), 256);
});

test('more films than cores are read at once, up to eight, or the requested number', () => {
  assert.equal(filmsAtOnce({}), Math.min(2 * availableParallelism(), 8));
  for (const jobs of [1, 3, 20]) assert.equal(filmsAtOnce({ jobs }), jobs);
  assert.equal(filmsAtOnce({ jobs: Number.MAX_SAFE_INTEGER }), 256);
});
