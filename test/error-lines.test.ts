import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GialloError } from '../src/errors.js';
import { errorLines } from '../src/escape.js';

const plain = new GialloError('film-unknown', 'Sintle: no such film');
const hinted = new GialloError('film-unknown', 'Sintle: no such film', { hint: 'did you mean Sintel?' });
const hostile = new GialloError('film-unknown', 'a\u001b[31m\n\u202e: no', { hint: 'b\n\u009b' });

test('an error is a line, and its hint another', () => {
  assert.equal(errorLines(plain, false), 'giallo: Sintle: no such film\n');
  assert.equal(errorLines(hinted, false), 'giallo: Sintle: no such film\nhint: did you mean Sintel?\n');
});

test('with --json it is one object, without a hint where there is none', () => {
  assert.equal(
    errorLines(plain, true),
    '{"v":1,"error":{"code":"film-unknown","message":"Sintle: no such film"}}\n',
  );
  assert.deepEqual(JSON.parse(errorLines(hinted, true)), {
    v: 1,
    error: { code: 'film-unknown', message: 'Sintle: no such film', hint: 'did you mean Sintel?' },
  });
});

test('names in it are harmless, and stay themselves in JSON', () => {
  assert.equal(errorLines(hostile, false), 'giallo: a\\x1b[31m\\x0a\\u202e: no\nhint: b\\x0a\\x9b\n');
  const json = errorLines(hostile, true);
  assert.match(json, /^[ -~]+\n$/);
  assert.equal(JSON.parse(json).error.message, hostile.message);
});
