import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import type { FilmLine } from '../../src/render/film-lines.js';
import { timeline } from '../../src/render/timeline.js';

const plain = new Chalk({ level: 0 });
const hit = (index: number, strength: number) => ({ rank: 1, index, score: 0.5, strength });

test('there are bars where the hits are, as high as the strongest, and a mark at the query', () => {
  const line: FilmLine = {
    film: 'Opera',
    frames: 20,
    hits: [hit(0, 0), hit(1, 1), hit(10, 0.5), hit(19, 0)],
    asked: [5],
  };
  assert.equal(timeline([line], { width: 38, chalk: plain }), 'Opera  █·◆··▅···▁  4 hits, best 0.5000\n');
});

test('every line is as wide as the terminal, and long names are cut in the middle', () => {
  const films = ['A', 'A.Very.Long.Name.Of.A.Film.Nobody.Remembers.1971.mkv', '映画の名前'];
  const lines = films.map((film) => ({ film, frames: 9, hits: [hit(4, 1)], asked: [] }));
  for (const width of [10, 24, 40, 60, 80, 200]) {
    const rows = timeline(lines, { width, chalk: plain }).trimEnd().split('\n');
    assert.deepEqual(
      rows.map((row) => stringWidth(row)),
      [width, width, width],
    );
  }
});

test('names cannot control the terminal', () => {
  const text = timeline([{ film: 'a\u001b[2J', frames: 1, hits: [hit(0, 1)], asked: [] }], {
    width: 80,
    chalk: plain,
  });
  assert.ok(text.startsWith('a\\x1b[2J'));
});
