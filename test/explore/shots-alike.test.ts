import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shotsAlike } from '../../src/explore/shots-alike.js';
import { pack, repeatFlag, scoreCode } from '../../src/explore/site-data.js';

/**
 * The shots are the frames 0–1, 2–3, 4 and 5. Each frame has its neighbours as pairs of frame and score, grouped by
 * shot.
 */
const neighbours: readonly (readonly (readonly [frame: number, score: number, isRepeat?: true])[])[] = [
  [[2, 0.5]],
  [
    [3, 0.99],
    [2, 0.98, true],
    [4, 0.7],
  ],
  [[1, 0.98]],
  [
    [1, 0.99],
    [5, 0.4],
  ],
  [
    [1, 0.7],
    [5, 0.6],
  ],
  [],
].map((row) => row as [number, number, true?][]);

test('each shot is listed with the shot most like it, the most alike pair first', () => {
  const all = neighbours.flat();
  const own = {
    counts: pack(neighbours.map(({ length }) => length)),
    same: pack(neighbours.map(() => 0)),
    films: '',
    indices: pack(all.map(([frame]) => frame)),
    scores: pack(all.map(([, score, isRepeat]) => scoreCode(score) + (isRepeat ? repeatFlag : 0))),
  };
  assert.deepEqual(shotsAlike({ firsts: pack([0, 2, 4, 5]), own }), [
    { shots: [0, 1], frames: [1, 3], score: 0.99 },
    { shots: [0, 2], frames: [1, 4], score: 0.7 },
  ]);
});
