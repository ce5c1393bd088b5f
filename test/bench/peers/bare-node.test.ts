import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { resultScores } from '../../../bench/answers.js';

test('the plain Node peer finds the nearest frames of a real film', () => {
  const [script, film] = ['bench/peers/bare-node.mjs', 'data_embeddings/Krank.Red.Sea.npz'].map((path) =>
    fileURLToPath(new URL(`../../../${path}`, import.meta.url)),
  );
  const stdout = execFileSync(process.execPath, [script, film, '7'], { encoding: 'utf8' });
  // The scores that `python3 bench/peers/similar_in_film.py` prints.
  const expected = [0.966739, 0.9620754, 0.9617074, 0.9602117, 0.9448918];
  const scores = resultScores(stdout);
  assert.equal(scores.length, expected.length);
  for (const [place, score] of scores.entries()) {
    assert.ok(Math.abs(score - expected[place]) <= 1e-6, `${score} at place ${place + 1}`);
  }
});
