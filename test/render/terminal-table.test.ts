import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Chalk } from 'chalk';
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { Tabular } from '../../src/render/tabular.js';
import { cutMiddle, cutStart, terminalTable } from '../../src/render/terminal-table.js';
import { cases } from '../cases.js';

const plain = new Chalk({ level: 0 });

/** Names of any length, with what terminals obey and with wide characters. */
const name = fc.string({
  unit: fc.constantFrom(
    'a',
    'B',
    '7',
    '.',
    '_',
    ' ',
    '-',
    'é',
    'e\u0301',
    '東',
    '😀',
    '\u001b[31m',
    '\n',
    '\t',
    '\u202e',
    '\u009b',
    '\r',
  ),
  maxLength: 60,
});

function tableOf(
  rows: readonly (readonly [string, string, number])[],
  captions: readonly string[] = [],
): Tabular {
  return {
    caption: captions,
    columns: [
      { key: 'film', cuttable: true },
      { key: 'filename', cuttable: 'start' },
      { key: 'score', align: 'right', show: (value) => value.toFixed(4) },
    ],
    rows,
    footer: [
      '5 nearest by cosine among 16 frames of 2 films; 3 all-zero rows; 3 rows with NaN or Inf left out',
    ],
  };
}

/** 8 columns for each name, 7 for the score, 2 between: narrower terminals get this width. */
const least = 8 + 2 + 8 + 2 + 7;

describe('a terminal that is too narrow for a table', () => {
  const table: Tabular = {
    caption: [],
    columns: [
      { key: 'rank', align: 'right', isDispensable: true },
      { key: 'film', cuttable: true },
      { key: 'other_index', align: 'right' },
      { key: 'time', isDispensable: 'at-last' },
    ],
    rows: [[1, 'A.Bay.of.Blood.1971.mkv', 28, '0:01:05.2']],
    footer: [],
  };
  for (const [width, heading] of [
    [60, 'rank  film                     other_index  time'],
    [45, 'rank  film             other_index  time'],
    [32, 'film      other_index  time'],
    [31, 'film                other_index'],
    [21, 'film      other_index'],
    [20, 'film      other…ndex'],
    [9, 'film      ot…ex'],
  ] as const) {
    test(`${width} columns`, () => {
      const [head] = terminalTable(table, { width, chalk: plain }).split('\n');
      assert.equal(head.replace(/ +$/, ''), heading);
    });
  }
});

describe('a table on a terminal', () => {
  test('has no line wider than the terminal, and no control characters', () => {
    const row = fc.tuple(name, name, fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 5 }),
        fc.array(name),
        fc.integer({ min: least, max: 140 }),
        (rows, captions, width) => {
          const text = terminalTable(tableOf(rows, captions), { width, chalk: plain });
          assert.ok(text.endsWith('\n'));
          for (const line of text.slice(0, -1).split('\n')) {
            assert.ok(stringWidth(line) <= width, `${stringWidth(line)} columns of ${width}: ${line}`);
            // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
            assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202e]/);
          }
        },
      ),
      { numRuns: cases(300) },
    );
  });

  test('has a line for each row, with columns below one another', () => {
    const row = fc.tuple(name, name, fc.double({ min: -1, max: 1, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: least, max: 140 }),
        (rows, width) => {
          const table = { ...tableOf(rows), footer: [] };
          const lines = terminalTable(table, { width, chalk: plain }).trimEnd().split('\n');
          assert.equal(lines.length, rows.length + 1);
          // The scores end every line, at the same column.
          assert.equal(new Set(lines.map((line) => stringWidth(line))).size, 1, lines.join('\n'));
        },
      ),
    );
  });

  test('cuts no name if there is room', () => {
    const rows = [['Sintel.Trailer.2010.mp4', 'Sintel.Trailer.2010.mp4_000041.jpg', 1]] as const;
    const width = 23 + 2 + 34 + 2 + 6;
    assert.doesNotMatch(terminalTable(tableOf(rows), { width, chalk: plain }), /…/);
    assert.match(terminalTable(tableOf(rows), { width: width - 1, chalk: plain }), /…/);
  });

  test('cuts the widest names first: films in the middle, filenames at the start', () => {
    const rows = [['Sintel.Trailer.2010.mp4', 'Sintel.Trailer.2010.mp4_000041.jpg', 1]] as const;
    const lineOf = (width: number) => terminalTable(tableOf(rows), { width, chalk: plain }).split('\n')[1];
    assert.equal(lineOf(56), 'Sintel.Trailer.2010.mp4  …er.2010.mp4_000041.jpg  1.0000');
    assert.equal(lineOf(40), 'Sintel.…010.mp4  …mp4_000041.jpg  1.0000');
    assert.equal(lineOf(26), 'Sint…mp4  …041.jpg  1.0000');
    assert.equal(lineOf(1), lineOf(26), 'a cut name keeps 8 columns');
  });

  test('shows titles, leaves out hidden columns, and prints - for missing values', () => {
    const table: Tabular = {
      caption: ['asked'],
      columns: [
        { key: 'rank', title: '#', align: 'right' },
        { key: 'path', isHidden: true },
        { key: 'ratio', align: 'right' },
      ],
      rows: [
        [1, '/somewhere', 0.5],
        [10, '/somewhere', null],
      ],
      footer: ['all'],
    };
    assert.equal(
      terminalTable(table, { width: 80, chalk: plain }),
      'asked\n #  ratio\n 1    0.5\n10      -\nall\n',
    );
  });

  test('does not cut columns that must be complete', () => {
    const columns = [{ key: 'dtype' }, { key: 'name', cuttable: true }];
    const rows = [['float32 (big-endian)', 'embeddings']];
    const table: Tabular = { caption: [], columns, rows, footer: [] };
    const text = terminalTable(table, { width: 10, chalk: plain });
    assert.equal(text.split('\n')[1], 'float32 (big-endian)  embe…ngs');
  });

  test('without rows has no heading', () => {
    assert.equal(
      terminalTable({ ...tableOf([], ['asked']), footer: ['nothing found'] }, { width: 80, chalk: plain }),
      'asked\nnothing found\n',
    );
  });

  test('wraps captions and footers between words, with their indent', () => {
    const caption = ['Sintel.Trailer.2010.mp4  frame 40  Sintel.Trailer.2010.mp4_000041.jpg'];
    const table = { ...tableOf([], caption), footer: ['  one two three four', '  unbreakable'] };
    assert.equal(
      terminalTable(table, { width: 35, chalk: plain }),
      'Sintel.Trailer.2010.mp4  frame 40\nSintel.Trailer.2010.mp4_000041.jpg\n  one two three four\n  unbreakable\n',
    );
    assert.equal(
      terminalTable(table, { width: 12, chalk: plain }),
      'Sintel…0.mp4\nframe 40\nSintel…1.jpg\n  one two\n  three four\n  unbre…able\n',
    );
  });

  test('is coloured only by the given chalk', () => {
    const text = terminalTable(tableOf([['a', 'b', 1]], ['c']), {
      width: 80,
      chalk: new Chalk({ level: 1 }),
    });
    const [caption, heading, row] = text.split('\n');
    assert.equal(caption, '\u001b[1mc\u001b[22m');
    assert.ok(heading?.startsWith('\u001b[2mfilm\u001b[22m  \u001b[2mfilename\u001b[22m'));
    assert.equal(row, 'a     b         1.0000');
  });
});

describe('optional columns', () => {
  const tabular: Tabular = {
    caption: [],
    columns: [
      { key: 'film', cuttable: true },
      { key: 'dtype', isDispensable: true },
      { key: 'size', align: 'right' },
      { key: 'ratio', align: 'right', isDispensable: true },
    ],
    rows: [['A film with a long name.mp4', 'float32', '9 kB', '50 %']],
    footer: [],
  };
  const headingAt = (width: number) => terminalTable(tabular, { width, chalk: plain }).split('\n')[0];

  test('are left out one by one, the last first, before names become unreadable', () => {
    const [all, fewer, fewest] = [
      12 + 2 + 'float32'.length + 2 + 4 + 2 + 'ratio'.length,
      12 + 2 + 'float32'.length + 2 + 4,
      12 + 2 + 4,
    ];
    assert.match(headingAt(all), /^film +dtype +size +ratio$/);
    assert.match(headingAt(all - 1), /^film +dtype +size$/);
    assert.match(headingAt(fewer), /^film +dtype +size$/);
    assert.match(headingAt(fewer - 1), /^film +size$/);
    assert.match(headingAt(fewest - 5), /^film +size$/);
  });
});

describe('names of all kinds', () => {
  test('are as wide as they are measured', () => {
    const names = ['🫠 melts', 'ⓒ © Crème', '東京', 'e\u0301 \u{f0001}\u{f0001}', '👩🏽‍🚀', 'plain', '❤'];
    const lines = terminalTable(
      {
        caption: [],
        columns: [{ key: 'film' }, { key: 'frame', align: 'right' }],
        rows: names.map((name) => [name, 7]),
        footer: [],
      },
      { width: 80, chalk: new Chalk({ level: 0 }) },
    )
      .trimEnd()
      .split('\n');
    assert.deepEqual(
      lines.slice(1).map((line) => line.replace(/ +7$/, '')),
      names,
    );
    for (const line of lines) assert.equal(stringWidth(line), stringWidth(lines[0] as string), line);
  });
});

describe('a cut text', () => {
  test('is at most as wide as asked, and unchanged if it fits', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '東', '😀', 'e\u0301', '.'), maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (text, width) => {
          for (const cut of [cutMiddle(text, width), cutStart(text, width)]) {
            assert.ok(stringWidth(cut) <= width);
            assert.equal(cut === text, stringWidth(text) <= width);
            assert.equal(cut.includes('…'), cut !== text);
          }
        },
      ),
    );
  });

  test('keeps both ends, or the end', () => {
    assert.equal(cutMiddle('0123456789', 7), '012…789');
    assert.equal(cutMiddle('0123456789', 6), '012…89');
    assert.equal(cutStart('0123456789', 7), '…456789');
    assert.equal(cutMiddle('0123456789', 1), '…');
    assert.equal(cutStart('0123456789', 1), '…');
  });

  test('is not cut within a character', () => {
    assert.equal(cutMiddle('東京東京', 6), '東…京');
    assert.equal(cutStart('東京東京', 6), '…東京');
    assert.equal(cutStart('abe\u0301', 2), '…e\u0301');
  });
});
