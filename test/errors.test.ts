import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  catchGiallo,
  errorCodes,
  exitStatusOf,
  fileError,
  GialloError,
  machineError,
} from '../src/errors.js';
import { errorLines } from '../src/escape.js';
import { skippedFilm } from '../src/search/answer.js';

test('docs/errors.md lists every code with its exit status, and no other', () => {
  const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z0-9-]+)` \| (\d+) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  const existing = errorCodes.map((code) => [code, exitStatusOf(code)]);
  assert.deepEqual(listed.sort(), existing.sort());
});

test('an error is one line and its hint another, whatever characters they contain', () => {
  const error = new GialloError('engine-failed', 'first\nsecond\r\u2028third', { hint: 'a\nb' });
  assert.equal(errorLines(error, false).match(/[\n\r\u2028]/g)?.length, 2);
  assert.equal(errorLines(error, true).match(/[\n\r\u2028]/g)?.length, 1);
});

test('errors of Node.js about too few files or too little memory are not bugs', async () => {
  for (const [cause, code] of [
    [Object.assign(new Error('EMFILE'), { code: 'EMFILE' }), 'open-files-limit'],
    [Object.assign(new Error('ENFILE'), { code: 'ENFILE' }), 'open-files-limit'],
    [workerError('EMFILE'), 'open-files-limit'],
    [workerError('ENOMEM'), 'memory-exhausted'],
    [workerError('EAGAIN'), 'memory-exhausted'],
    [Object.assign(new Error('ENOMEM'), { code: 'ENOMEM' }), 'memory-exhausted'],
    [new RangeError('Array buffer allocation failed'), 'memory-exhausted'],
    [new RangeError('WebAssembly.Memory(): could not allocate memory'), 'memory-exhausted'],
    [new RangeError('Invalid typed array length: 6144000000'), 'memory-exhausted'],
    [new RangeError('Invalid string length'), 'memory-exhausted'],
    [new RangeError('Map maximum size exceeded'), 'memory-exhausted'],
    [new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory'), 'memory-exhausted'],
  ] as const) {
    assert.equal(machineError(cause)?.code, code);
    const error = fileError('read', 'film.npz', cause);
    assert.equal(error.code, code);
    assert.ok(!error.message.includes('film'), 'no film is at fault');
    // It is thrown on, so that no film is skipped because of it.
    await assert.rejects(
      catchGiallo(() => Promise.reject(error)),
      error,
    );
    assert.throws(() => skippedFilm({ name: 'film', path: 'film.npz' }, error), error);
  }
  for (const bug of [new Error('else'), new RangeError('Invalid typed array length: -1')])
    assert.equal(machineError(bug), undefined);
});

/** The error of Node.js where a thread cannot be started. */
function workerError(cause: string): Error {
  return Object.assign(new Error(`Worker initialization failure: ${cause}`), {
    code: 'ERR_WORKER_INIT_FAILED',
  });
}
