import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { errorCodes, exitStatusOf } from '../src/errors.js';

test('docs/errors.md lists every code with its exit status, and no other', () => {
  const text = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^\| `([a-z0-9-]+)` \| (\d+) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  const existing = errorCodes.map((code) => [code, exitStatusOf(code)]);
  assert.deepEqual(listed.sort(), existing.sort());
});
