/** What a test expects of an error: its code, message and hint. */
import assert from 'node:assert/strict';
import { type ErrorCode, GialloError } from '../src/errors.js';

export interface ExpectedError {
  readonly code: ErrorCode;
  readonly message?: RegExp | string;
  /** Undefined if there must be no hint. */
  readonly hint?: RegExp | string | undefined;
}

/** Asserts that `work` fails with the expected GialloError. Only the given properties are compared. */
export async function rejects(work: () => unknown, expected: ExpectedError): Promise<void> {
  await assert.rejects(
    async () => work(),
    (error) => {
      if (!(error instanceof GialloError)) throw error;
      assert.equal(error.code, expected.code, error.message);
      for (const key of ['message', 'hint'] as const) {
        if (!(key in expected)) continue;
        const wanted = expected[key];
        if (wanted instanceof RegExp) assert.match(error[key] ?? '', wanted);
        else assert.equal(error[key], wanted);
      }
      assert.ok(!error.message.includes('\n'), 'one line');
      return true;
    },
  );
}
