import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filmFrames } from '../../../bench/answers.js';

test('the plain Node peer inflates every film of a real collection', () => {
  const [script, folder] = ['bench/peers/inflate.mjs', 'data_embeddings'].map((path) =>
    fileURLToPath(new URL(`../../../${path}`, import.meta.url)),
  );
  const stdout = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' });
  const frames = { 'Big.Buck.Bunny.2008.mp4': 90, 'Krank.Red.Sea': 41, 'Sintel.Trailer.2010.mp4': 131 };
  assert.deepEqual(filmFrames(stdout), Object.entries(frames).flat());
});
