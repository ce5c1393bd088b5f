import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** The form that `npm test` compiles, which starts faster than with tsx. */
const program = 'build/bench/main.js';

function runBench(...args: readonly string[]) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, GIALLO_BENCH_PYTHON: '/nowhere/python' },
  });
}

test('wrong options end with one line and status 2', () => {
  for (const args of [['--fast'], ['--only', 'P99'], ['--films', 'x']]) {
    const { status, stdout, stderr } = runBench(...args);
    assert.deepEqual({ status, stdout }, { status: 2, stdout: '' });
    assert.match(stderr, /^bench: [^\n]+\n$/);
  }
});

test('a missing Python is reported in one line', () => {
  const { status, stderr } = runBench('--only', 'P1');
  assert.equal(status, 2);
  assert.match(stderr, /^bench: \/nowhere\/python [^\n]+\n$/);
});

test('--help names every option', () => {
  const { status, stdout } = runBench('--help');
  assert.equal(status, 0);
  for (const option of ['--only', '--films', '--frames', '--rounds', '--peers', '--quick', '--growth']) {
    assert.ok(stdout.includes(option), option);
  }
});
