import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isSimdSupported } from '../../src/kernel/wasm.js';

test('SIMD is supported where these tests run', () => {
  assert.equal(isSimdSupported(), true);
});

test('a missing kernel is an error that says how to build it, and does not make giallo slow', async (t) => {
  const checkout = mkdtempSync(join(tmpdir(), 'giallo-kernel-'));
  t.after(() => rmSync(checkout, { recursive: true }));
  writeFileSync(join(checkout, 'package.json'), '{"type":"module"}');
  for (const part of ['kernel', 'files', 'errors.js']) {
    cpSync(fileURLToPath(new URL(`../../dist/${part}`, import.meta.url)), join(checkout, 'built', part), {
      recursive: true,
    });
  }
  const { createBlockScorer } = (await import(
    pathToFileURL(join(checkout, 'built/kernel/block-scorer.js')).href
  )) as typeof import('../../src/kernel/block-scorer.js');
  assert.throws(() => createBlockScorer({ dim: 1, queries: [], maxRows: 1 }), {
    code: 'file-unreadable',
    message: /dist\/kernel\/kernel\.wasm: expected the compiled kernel, found none$/,
    hint: 'build it with `npm run build:kernel`',
  });
});
