import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RetryOptions, withRetries } from '../../src/engine/push-film.js';
import { type ErrorCode, GialloError } from '../../src/errors.js';

/** Runs work that fails with these codes, one per attempt, and then returns the number of attempts. */
async function outcome(...codes: readonly ErrorCode[]) {
  const waitsMs: number[] = [];
  const reasons: string[] = [];
  let attempts = 0;
  const work = async () => {
    const code = codes[attempts++];
    if (code !== undefined) throw new GialloError(code, code);
    return attempts;
  };
  const options: RetryOptions = {
    onRetry: ({ message }) => void reasons.push(message),
    wait: async (ms) => void waitsMs.push(ms),
  };
  const result = await withRetries(work, options).catch((error: GialloError) => error.code);
  return { result, waitsMs, reasons };
}

describe('withRetries', () => {
  test('work that succeeds is done once', async () => {
    assert.deepEqual(await outcome(), { result: 1, waitsMs: [], reasons: [] });
  });

  test('broken connections, missing shards and busy servers are tried again, after longer and longer waits', async () => {
    const codes: ErrorCode[] = ['engine-unreachable', 'engine-shard-down', 'engine-busy'];
    assert.deepEqual(await outcome(...codes), { result: 4, waitsMs: [250, 500, 1000], reasons: codes });
  });

  for (const code of [
    'engine-denied',
    'engine-database-missing',
    'engine-schema',
    'engine-timeout',
    'engine-tls',
    'engine-failed',
    'engine-mismatch',
    'archive-corrupt',
  ] as const) {
    test(`an error of the code ${code} is not tried again`, async () => {
      assert.deepEqual(await outcome(code), { result: code, waitsMs: [], reasons: [] });
    });
  }

  test('after seven attempts the last error is thrown', async () => {
    const { result, waitsMs } = await outcome(...Array<ErrorCode>(9).fill('engine-busy'));
    assert.deepEqual([result, waitsMs], ['engine-busy', [250, 500, 1000, 2000, 4000, 8000]]);
  });

  test('a wait ends when the signal is aborted', async () => {
    const controller = new AbortController();
    const work = async () => {
      setImmediate(() => controller.abort(new Error('enough')));
      throw new GialloError('engine-busy', 'busy');
    };
    await assert.rejects(withRetries(work, { signal: controller.signal }), /enough/);
  });
});
