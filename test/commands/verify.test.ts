import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';

const fixtures = join(import.meta.dirname, '../fixtures');
const golden = join(fixtures, 'golden/films');

test('warnings alone end in 0, with the table on stdout and the sum on stderr', async () => {
  const { status, stdout, stderr } = await verify('-d', golden);
  assert.equal(status, 0);
  assert.equal(stdout.split('\n')[0], 'severity\tcode\tfilm\tpath\tcount\tmessage\tadvice');
  assert.equal(stdout.trimEnd().split('\n').length, 5);
  assert.equal(stderr, 'giallo: read 9 films, 81 frames, 7.5 kB: 4 warnings\n');
});

test('no findings is said, and --quiet hides it', async () => {
  const spoken = await verify('-d', golden, 'Alpha');
  assert.match(spoken.stderr, /^giallo: read 1 film, 17 frames, .*: no findings\n$/);
  const quiet = await verify('-d', golden, 'Alpha', '--quiet');
  assert.deepEqual([quiet.status, quiet.stderr], [0, '']);
});

test('an error ends in 1, after the findings', async () => {
  const folder = temporaryFolder({ 'broken.npz': 'no archive' });
  const { status, stdout, stderr } = await verify('-d', folder, '--ndjson');
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout).code, 'not-an-archive');
  assert.equal(stderr, `giallo: ${folder}: found 1 error in 1 film\n`);
});

test('with --json stdout has the report and stderr the error, each one object', async () => {
  const folder = temporaryFolder({ 'broken.npz': 'no archive', 'worse.npz': '' });
  const { status, stdout, stderr } = await verify('-d', folder, '--json');
  assert.equal(status, 1);
  assert.deepEqual(JSON.parse(stdout).totals, { errors: 2, warnings: 0, brokenFilms: 2 });
  assert.equal(JSON.parse(stderr).error.code, 'films-broken');
});

test('an unknown film is the fault of the command line', async () => {
  const { status, stdout } = await verify('-d', golden, 'Nowhere');
  assert.deepEqual([status, stdout], [2, '']);
});

test('on a terminal the sum stands under the table, and stderr is silent', async () => {
  const { status, stdout, stderr } = await run(['-d', golden, 'Alpha'], 80);
  assert.equal(status, 0);
  assert.match(stdout, /^read 1 film, 17 frames, .*: no findings\n$/);
  assert.equal(stderr, '');
});

async function verify(...args: readonly string[]) {
  return run(args);
}

async function run(args: readonly string[], columns?: number) {
  const recording = recordingIo({ columns });
  const status = await main(['verify', ...args], recording.io);
  return { status, stdout: recording.stdout(), stderr: recording.stderr() };
}
