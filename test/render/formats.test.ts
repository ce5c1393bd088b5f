import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { csv, type Format, formats, renderers, tabSeparated } from '../../src/render/formats.js';
import { type Cell, scoreColumn, type Tabular } from '../../src/render/tabular.js';
import type { View } from '../../src/render/view.js';

const film = 'F\u001b';
const filename = 'a\n\u202e.jpg';
const report = { v: 1, film };
const view: View = {
  report,
  records: [{ film }, { filename }],
  names: { rows: [{ film, filename }], isAcrossFilms: false },
  table: {
    caption: ['caption'],
    columns: [{ key: 'film' }, { key: 'filename' }],
    rows: [[film, filename]],
    footer: ['footer'],
  },
};

describe('a format', () => {
  const cases: readonly [format: Format, pipe: string, terminal: string | undefined][] = [
    ['json', '{"v":1,"film":"F\\u001b"}\n', '{\n  "v": 1,\n  "film": "F\\u001b"\n}\n'],
    [
      'ndjson',
      '{"film":"F\\u001b"}\n{"filename":"a\\n\u202e.jpg"}\n',
      '{"film":"F\\u001b"}\n{"filename":"a\\n\\u202e.jpg"}\n',
    ],
    ['csv', 'film,filename\nF\u001b,"a\n\u202e.jpg"\n', 'film,filename\nF\\x1b,a\\x0a\\u202e.jpg\n'],
    ['names', 'a\n\u202e.jpg\n', 'a\\x0a\\u202e.jpg\n'],
    ['table', 'film\tfilename\nF\u001b\ta\\n\u202e.jpg\n', undefined],
  ];

  test('is one of the named formats', () => {
    assert.deepEqual(cases.map(([format]) => format).sort(), [...formats].sort());
    assert.deepEqual(Object.keys(renderers).sort(), [...formats].sort());
  });

  for (const [format, pipe, terminal] of cases) {
    test(`${format} has unchanged names in a pipe, and escaped names on a terminal`, () => {
      assert.equal(renderers[format](view, { isTerminal: false }), pipe);
      if (terminal !== undefined) assert.equal(renderers[format](view, { isTerminal: true }), terminal);
    });
  }
});

describe('names', () => {
  const names = {
    rows: [
      { film: 'F', filename: 'a' },
      { film: 'G', filename: 'b' },
    ],
    isAcrossFilms: true,
  };

  test('have their film before them if there are several films', () => {
    assert.equal(renderers.names({ ...view, names }, { isTerminal: false }), 'F/a\nG/b\n');
  });

  test('end with NUL if asked', () => {
    assert.equal(renderers.names({ ...view, names }, { isTerminal: false, endsWithNul: true }), 'F/a\0G/b\0');
  });

  test('of no results are empty', () => {
    assert.equal(
      renderers.names({ ...view, names: { rows: [], isAcrossFilms: true } }, { isTerminal: false }),
      '',
    );
    assert.equal(renderers.ndjson({ ...view, records: [] }, { isTerminal: false }), '');
  });
});

const characters = ['a', ',', '"', '\n', '\r', '\t', ' ', 'é', '😀'];
const rowsOf = (...units: readonly string[]) => {
  const text = fc.string({ unit: fc.constantFrom(...units) });
  const cell = fc.oneof(text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null));
  return fc.array(fc.tuple(cell, cell, cell), { maxLength: 6 });
};
const rows = rowsOf(...characters, '\\');
const rowsWithoutBackslashes = rowsOf(...characters);

function tableOf(body: readonly (readonly Cell[])[]): Tabular {
  return {
    caption: ['c'],
    columns: [{ key: 'a' }, { key: 'b,b', isHidden: true }, { key: 'c' }],
    rows: body,
    footer: ['f'],
  };
}

const asText = (cells: readonly Cell[]) => cells.map((each) => (each === null ? '' : String(each)));

describe('CSV', () => {
  test('is read back cell by cell, with hidden columns and all digits', () => {
    fc.assert(
      fc.property(rows, (body) => {
        assert.deepEqual(parseCsv(csv(tableOf(body))), [['a', 'b,b', 'c'], ...body.map(asText)]);
      }),
    );
  });

  test('quotes only cells that need it, and ends lines with LF', () => {
    const table = tableOf([
      ['plain', 'a "b"', 0.1 + 0.2],
      [' x ', 'y\nz', null],
    ]);
    assert.equal(csv(table), 'a,"b,b",c\nplain,"a ""b""",0.30000000000000004\n x ,"y\nz",\n');
  });

  test('of no results is only a header', () => assert.equal(csv(tableOf([])), 'a,"b,b",c\n'));
});

describe('a tab-separated table', () => {
  test('is read back cell by cell', () => {
    fc.assert(
      fc.property(rowsWithoutBackslashes, (body) => {
        const lines = tabSeparated(tableOf(body)).split('\n');
        assert.equal(lines.pop(), '');
        assert.deepEqual(
          lines.map((line) => line.split('\t').map(unescapeTabs)),
          [['a', 'b,b', 'c'], ...body.map(asText)],
        );
      }),
    );
  });

  test('has all digits of numbers, and the same headings as the terminal', () => {
    const table: Tabular = {
      caption: [],
      columns: [{ key: 'x', show: () => 'no' }, scoreColumn('euclidean'), scoreColumn('dot')],
      rows: [[0.25, 1 / 3, 2]],
      footer: [],
    };
    assert.equal(tabSeparated(table), 'x\tdistance\tscore\n0.25\t0.3333333333333333\t2\n');
    assert.equal(csv(table), 'x,score,score\n0.25,0.3333333333333333,2\n');
  });
});

/** RFC 4180 with LF. */
function parseCsv(document: string): string[][] {
  const records: string[][] = [[]];
  for (const [, quoted, bare, end] of document.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n\r]*))(,|\n)/g)) {
    records.at(-1)?.push(quoted?.replaceAll('""', '"') ?? (bare as string));
    if (end === '\n') records.push([]);
  }
  assert.deepEqual(records.pop(), [], 'the last line ends');
  return records;
}

function unescapeTabs(escaped: string): string {
  const meaning: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return escaped.replace(/\\(.)/gs, (_, letter: string) => meaning[letter] as string);
}
