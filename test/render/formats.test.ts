import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Format, formats, renderers } from '../../src/render/formats.js';
import type { View } from '../../src/render/view.js';

const film = 'F\u001b';
const filename = 'a\n\u202e.jpg';
const view: View = {
  report: { v: 1, film },
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

  test('is one of these', () => {
    assert.deepEqual(cases.map(([format]) => format).sort(), [...formats].sort());
    assert.deepEqual(Object.keys(renderers).sort(), [...formats].sort());
  });

  for (const [format, pipe, terminal] of cases) {
    test(`${format} gives a pipe names as they are, a terminal harmless ones`, () => {
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

  test('tell their film where there are several', () => {
    assert.equal(renderers.names({ ...view, names }, { isTerminal: false }), 'F/a\nG/b\n');
  });

  test('end with NUL on request', () => {
    assert.equal(renderers.names({ ...view, names }, { isTerminal: false, endsWithNul: true }), 'F/a\0G/b\0');
  });

  test('of nothing are nothing', () => {
    assert.equal(
      renderers.names({ ...view, names: { rows: [], isAcrossFilms: true } }, { isTerminal: false }),
      '',
    );
    assert.equal(renderers.ndjson({ ...view, records: [] }, { isTerminal: false }), '');
  });
});
