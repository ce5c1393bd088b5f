import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { compareView } from '../../src/commands/compare.js';
import { tabSeparated } from '../../src/render/formats.js';
import { terminalTable } from '../../src/render/terminal-table.js';
import type { CompareReport } from '../../src/reports/compare.js';

describe('the matrix of compare', () => {
  test('has a row and a column for each film, and no legend if names are not cut', () => {
    assert.equal(
      shown(reportOf(['Alpha', 'Beta', 'Empty']), 60),
      `How much of the row’s film is found in the column’s film
(columns have the numbers of the rows): the mean over its
shots of the best cosine.
   film      1     2  3
1  Alpha     —  0.01  -
2  Beta   0.10     —  -
3  Empty     -     -  —
`,
    );
  });

  test('leaves the cell of two films empty that were not compared', () => {
    const report = reportOf(['Alpha', 'Beta', 'Gamma']);
    const ofAlpha = report.comparisons.filter(({ film, other }) => film === 'Alpha' || other === 'Alpha');
    assert.match(
      shown({ ...report, comparisons: ofAlpha }, 60),
      /\n2 {2}Beta +0\.10 {5}—\s*\n3 {2}Gamma +0\.20 +—\n/,
    );
  });

  test('cuts long names, and has a legend with the full names', () => {
    const film = 'A.Long.Name.Of.A.Film.Of.1968.mkv';
    const text = shown(reportOf([film, 'Beta']), 40);
    assert.match(text, /\n1 {2}A\.Lon[^ ]*…[^ ]*mkv +— {2}0\.01\n/u);
    assert.ok(text.endsWith(`\n\nThe films:\n   film\n1  ${film}\n2  Beta\n`));
    assert.ok(!shown(reportOf([film, 'Beta']), 50).includes('The films:'));
  });

  test('is split into parts if it is wider than the terminal', () => {
    const films = Array.from({ length: 25 }, (_, i) => `A.Film.Of.A.Certain.Length.${i}.mkv`);
    for (const width of [40, 80, 120]) {
      const text = shown(reportOf(films), width);
      for (const line of text.split('\n')) assert.ok(stringWidth(line) <= width, line);
      const headings = text.split('\n').filter((line) => /^ +film +\d/.test(line));
      const numbers = headings.flatMap((line) => (line.match(/\d+/g) ?? []).map(Number));
      assert.deepEqual(
        numbers,
        films.map((_, i) => i + 1),
      );
      assert.equal(headings.length, { 40: 9, 80: 3, 120: 2 }[width]);
    }
  });
});

test('a value that rounds to zero has no sign in the matrix, and all its digits in a pipe', () => {
  const comparison = { film: 'A', other: 'B', value: -0.00001, witnesses: [] };
  const report = { ...reportOf(['A', 'B']), comparisons: [comparison] };
  assert.match(shown(report, 60), /^1 {2}A +— {2}0\.00$/m);
  assert.match(tabSeparated(compareView(report).table), /^A\tB\t-0\.00001\t/m);
});

function shown(report: CompareReport, width: number): string {
  const style = { width, chalk: new Chalk({ level: 0 }) };
  const tables = compareView(report).terminalTables?.(width) ?? [];
  return tables.map((table) => terminalTable(table, style)).join('\n');
}

/** The value of film i in film j is i.j tenths. Films called Empty have no values. */
function reportOf(films: readonly string[]): CompareReport {
  const comparisons = films.flatMap((film, i) =>
    films.flatMap((other, j) => {
      const value = film === 'Empty' || other === 'Empty' ? null : i / 10 + j / 100;
      return film === other ? [] : [{ film, other, value, witnesses: [] }];
    }),
  );
  const searched = { films: films.length, frames: 0, zero: 0, nonFinite: 0 };
  return { v: 1, films, searched, skipped: [], comparisons };
}
