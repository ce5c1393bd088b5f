import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { verifySummary, verifyView } from '../../src/commands/verify.js';
import { renderers } from '../../src/render/formats.js';
import { findingOf } from '../../src/reports/finding.js';
import type { VerifyReport } from '../../src/reports/verify.js';
import { runGiallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const fixtures = join(import.meta.dirname, '../fixtures');
const golden = join(fixtures, 'golden/films');

test('with warnings only, verify ends with 0, the table on stdout and the total on stderr', async () => {
  const { status, stdout, stderr } = await verify('-d', golden);
  assert.equal(status, 0);
  assert.equal(stdout.split('\n')[0], 'severity\tcode\tfilm\tpath\tcount\tmessage\tadvice');
  assert.equal(stdout.trimEnd().split('\n').length, 5);
  assert.equal(stderr, 'giallo: read 9 films, 81 frames, 7.5 kB: 4 warnings\n');
});

test('verify says that there are no findings, unless --quiet is given', async () => {
  const spoken = await verify('-d', golden, 'Alpha');
  assert.match(spoken.stderr, /^giallo: read 1 film, 17 frames, .*: no findings\n$/);
  const quiet = await verify('-d', golden, 'Alpha', '--quiet');
  assert.deepEqual([quiet.status, quiet.stderr], [0, '']);
});

test('verify ends with 1 after printing the findings if there are errors', async () => {
  const folder = temporaryFolder({ 'broken.npz': 'no archive' });
  const { status, stdout, stderr } = await verify('-d', folder, '--ndjson');
  assert.equal(status, 1);
  assert.equal(JSON.parse(stdout).code, 'not-an-archive');
  assert.equal(stderr, `giallo: ${join(folder, 'broken.npz')}: found 1 error in 1 film\n`);
});

test('with --json, stdout has the report and stderr the error, each as one object', async () => {
  const folder = temporaryFolder({ 'broken.npz': 'no archive', 'worse.npz': '' });
  const { status, stdout, stderr } = await verify('-d', folder, '--json');
  assert.equal(status, 1);
  assert.deepEqual(JSON.parse(stdout).totals, { errors: 2, warnings: 0, brokenFilms: 2 });
  assert.equal(JSON.parse(stderr).error.code, 'films-broken');
});

test('an unknown film ends with status 2', async () => {
  const { status, stdout } = await verify('-d', golden, 'Nowhere');
  assert.deepEqual([status, stdout], [2, '']);
});

test('on a terminal the total is below the table, and stderr is empty', async () => {
  const { status, stdout, stderr } = await run(['-d', golden, 'Alpha'], 80);
  assert.equal(status, 0);
  assert.match(stdout, /^read 1 film, 17 frames, .*: no findings\n$/);
  assert.equal(stderr, '');
});

function verify(...args: readonly string[]) {
  return run(args);
}

function run(args: readonly string[], columns?: number) {
  return runGiallo(['verify', ...args], { columns });
}

const entry = { name: 'Opera', path: 'films/Opera.npz' };
const cut = findingOf(entry, 'error', 'archive-truncated', { message: 'films/Opera.npz: it was cut off' });
const zero = findingOf(entry, 'warning', 'zero-rows', {
  message: 'films/Opera.npz: 2 of 9 rows are all zero: 3, "4"',
  count: 2,
  indices: [3, 4],
});
const report: VerifyReport = {
  v: 1,
  data: 'films',
  verified: { films: 2, frames: 1200, bytes: 34_567 },
  totals: { errors: 1, warnings: 1, brokenFilms: 1 },
  findings: [cut, zero],
};
const clean: VerifyReport = {
  ...report,
  totals: { errors: 0, warnings: 0, brokenFilms: 0 },
  findings: [],
};
const toPipe = { isTerminal: false };

test('CSV has every column except the indices, and messages without the path', () => {
  assert.equal(
    renderers.csv(verifyView(report), toPipe),
    [
      'severity,code,film,path,count,message,advice',
      `error,archive-truncated,Opera,films/Opera.npz,,it was cut off,${cut.advice}`,
      `warning,zero-rows,Opera,films/Opera.npz,2,"2 of 9 rows are all zero: 3, ""4""","${zero.advice}"`,
      '',
    ].join('\n'),
  );
});

test('NDJSON has one finding per line, JSON the whole report', () => {
  const lines = renderers.ndjson(verifyView(report), toPipe).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [cut, zero],
  );
  assert.deepEqual(JSON.parse(renderers.json(verifyView(report), toPipe)), report);
});

test('the advice for each code is printed once, wrapped to the terminal', () => {
  const { footer } = verifyView({ ...report, findings: [cut, zero, zero] }).table;
  assert.equal(footer.filter((line) => line.startsWith('zero-rows: ')).length, 1);
  assert.ok(footer.every((line) => line.length <= 78));
  assert.ok(footer.join(' ').replaceAll(/\s+/g, ' ').includes(`zero-rows: ${zero.advice}`));
  assert.equal(footer.at(-1), 'read 2 films, 1,200 frames, 34.6 kB: 1 error in 1 film, 1 warning');
});

test('on a narrow terminal findings are sentences instead of a table', async () => {
  const folder = temporaryFolder({ 'broken.npz': 'no archive' });
  const { stdout } = await run(['-d', folder, '--no-color'], 40);
  const lines = stdout.trimEnd().split('\n');
  assert.ok(lines.every((line) => line.length <= 40));
  const findings = lines.slice(0, lines.indexOf(''));
  assert.match(
    findings.join(' ').replaceAll(/ +/g, ' '),
    /^error: broken: not a zip archive \(not-an-archive\)$/,
  );
  const advice = lines.slice(lines.indexOf('') + 1, lines.lastIndexOf(''));
  assert.match(advice[0] ?? '', /^not-an-archive: /);
  assert.ok(advice.slice(1).every((line) => line.startsWith('  ')));
  // No line has room for the first word of the next.
  for (const [i, line] of advice.slice(0, -1).entries())
    assert.ok(`${line} ${advice[i + 1]?.trim().split(' ')[0]}`.length > 40, line);
  assert.match((await run(['-d', folder, '--no-color'], 80)).stdout, /^severity {2}code/m);
});

test('the table view says that there are no findings', () => {
  assert.deepEqual(verifyView(clean).table.footer, ['read 2 films, 1,200 frames, 34.6 kB: no findings']);
  assert.equal(verifySummary(clean), 'read 2 films, 1,200 frames, 34.6 kB: no findings');
});
