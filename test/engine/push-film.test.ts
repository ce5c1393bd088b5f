import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RetryOptions, withRetries } from '../../src/engine/push-film.js';
import { type ErrorCode, GialloError } from '../../src/errors.js';

/** How work ends that fails with these codes, one an attempt, and then gives its number of attempts. */
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
  test('what works is done once', async () => {
    assert.deepEqual(await outcome(), { result: 1, waitsMs: [], reasons: [] });
  });

  test('broken connections, shards that are down and busy servers are waited for, longer each time', async () => {
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
    test(`a refusal is not tried again: ${code}`, async () => {
      assert.deepEqual(await outcome(code), { result: code, waitsMs: [], reasons: [] });
    });
  }

  test('what stays broken ends with its error after seven attempts', async () => {
    const { result, waitsMs } = await outcome(...Array<ErrorCode>(9).fill('engine-busy'));
    assert.deepEqual([result, waitsMs], ['engine-busy', [250, 500, 1000, 2000, 4000, 8000]]);
  });

  test('a wait ends with the signal', async () => {
    const controller = new AbortController();
    const work = async () => {
      setImmediate(() => controller.abort(new Error('enough')));
      throw new GialloError('engine-busy', 'busy');
    };
    await assert.rejects(withRetries(work, { signal: controller.signal }), /enough/);
  });
});
