import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closestWord, editsBetween } from '../src/spelling.js';

test('editsBetween counts letters, and the first two swapped letters as one edit', () => {
  assert.equal(editsBetween('pairs', 'pairs'), 0);
  assert.equal(editsBetween('paris', 'pairs'), 1);
  assert.equal(editsBetween('parsi', 'pairs'), 2);
  assert.equal(editsBetween('pair', 'pairs'), 1);
  assert.equal(editsBetween('', 'pairs'), 5);
});

test('closestWord returns the first of the closest words that are near', () => {
  const words = ['films', 'fils', 'film', 'times'];
  assert.equal(
    closestWord('flims', words, () => true),
    'films',
  );
  assert.equal(
    closestWord('fil', words, (edits) => edits < 3),
    'fils',
  );
  assert.equal(
    closestWord('shots', words, (edits) => edits < 2),
    undefined,
  );
});
