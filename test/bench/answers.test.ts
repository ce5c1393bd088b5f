import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filmContents, filmFrames, neighborScores, resultScores } from '../../bench/answers.js';

test('scores are read from results, and from the neighbours of every line', () => {
  assert.deepEqual(resultScores('{"results":[{"score":1},{"score":0.5}]}\n'), [1, 0.5]);
  const lines =
    '{"neighbors":[{"score":1},{"score":0.5}]}\n{"neighbors":[]}\n{"neighbors":[{"score":0.25}]}\n';
  assert.deepEqual([...neighborScores(lines)], [1, 0.5, 0.25]);
});

test('the films of a collection and the contents of a film are read', () => {
  assert.deepEqual(filmFrames('{"films":[{"film":"a","frames":3},{"film":"b","frames":4}]}'), [
    'a',
    3,
    'b',
    4,
  ]);
  assert.deepEqual(filmContents('{"filenames":["1.jpg","2.jpg"],"embeddings":"00ff"}'), [
    '1.jpg',
    '2.jpg',
    '00ff',
  ]);
});

test('output that is cut short is an error', () => {
  assert.throws(() => neighborScores('{"neighbors":[{"score":1}]}\n{"neig\n'), SyntaxError);
});
