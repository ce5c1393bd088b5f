import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderers } from '../../src/render/formats.js';
import { verifySummary, verifyView } from '../../src/render/verify.js';
import { findingOf } from '../../src/reports/finding.js';
import type { VerifyReport } from '../../src/reports/verify.js';

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

test('CSV has every column but the indices, the message without the path that the row has', () => {
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

test('NDJSON has one finding a line, JSON the report', () => {
  const lines = renderers.ndjson(verifyView(report), toPipe).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [cut, zero],
  );
  assert.deepEqual(JSON.parse(renderers.json(verifyView(report), toPipe)), report);
});

test('says once for each code what to do, in lines of a terminal, and what was read', () => {
  const { footer } = verifyView({ ...report, findings: [cut, zero, zero] }).table;
  assert.equal(footer.filter((line) => line.startsWith('zero-rows: ')).length, 1);
  assert.ok(footer.every((line) => line.length <= 78));
  assert.ok(footer.join(' ').replaceAll(/\s+/g, ' ').includes(`zero-rows: ${zero.advice}`));
  assert.equal(footer.at(-1), 'read 2 films, 1,200 frames, 34.6 kB: 1 error in 1 film, 1 warning');
});

test('says that there are no findings', () => {
  assert.deepEqual(verifyView(clean).table.footer, ['read 2 films, 1,200 frames, 34.6 kB: no findings']);
  assert.equal(verifySummary(clean), 'read 2 films, 1,200 frames, 34.6 kB: no findings');
});
