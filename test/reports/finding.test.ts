import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findingCodes } from '../../src/reports/finding.js';

test('every error of reading a film has advice', () => {
  const source = join(import.meta.dirname, '../../src');
  const files = ['npz', 'collection'].flatMap((folder) =>
    readdirSync(join(source, folder))
      .filter((file) => !file.startsWith('write-'))
      .map((file) => join(source, folder, file)),
  );
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const thrown = new Set([...text.matchAll(/new GialloError\(\s*'([a-z-]+)'/g)].map(([, code]) => code));
  const ofOthers =
    /^(usage|collection-missing|film-.*|frame-.*|output-exists|output-too-large|value-unrepresentable|file-unwritable)$/;
  const known = new Set<string>(findingCodes);
  const without = [...thrown].filter((code) => code && !known.has(code) && !ofOthers.test(code));
  assert.ok(thrown.size >= 10, 'the pattern still finds what is thrown');
  assert.deepEqual(without, []);
});
