import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filmLines } from '../../src/render/film-lines.js';

const result = (rank: number, film: string, index: number, score: number) => ({ rank, film, index, score });

test('there is a line for each film, the one with the best result first', () => {
  const results = [result(1, 'B', 7, 1), result(2, 'A', 3, 0.75), result(3, 'B', 2, 0.5)];
  const asked = [
    { film: 'A', index: 9 },
    { film: 'C', index: 1 },
  ];
  assert.deepEqual(filmLines(results, asked, new Map([['B', 100]])), [
    {
      film: 'B',
      frames: 100,
      hits: [
        { rank: 1, index: 7, score: 1, strength: 1 },
        { rank: 3, index: 2, score: 0.5, strength: 0 },
      ],
      asked: [],
    },
    // Its length is not known, so it ends at the last of these frames.
    { film: 'A', frames: 10, hits: [{ rank: 2, index: 3, score: 0.75, strength: 0.5 }], asked: [9] },
  ]);
});

test('the smallest distance is the strongest', () => {
  const lines = filmLines([result(1, 'A', 0, 2), result(2, 'A', 1, 6)], [], new Map());
  assert.deepEqual(
    lines[0].hits.map(({ strength }) => strength),
    [1, 0],
  );
});

test('if all scores are equal, all are strong; without results there are no lines', () => {
  const [line] = filmLines([result(1, 'A', 0, 1), result(2, 'A', 1, 1)], [], new Map());
  assert.ok(line.hits.every(({ strength }) => strength === 1));
  assert.deepEqual(filmLines([], [], new Map()), []);
});

test('every frame of a large collection may be a result', () => {
  const many = Array.from({ length: 200_000 }, (_, i) => result(i + 1, 'A', i, 1));
  const [line] = filmLines(many, [], new Map());
  assert.deepEqual([line.hits.length, line.frames], [200_000, 200_000]);
});
