import assert from 'node:assert/strict';
import { test } from 'node:test';
import { infiniteWarnings, namesForFrames } from '../../src/collection/film-warning.js';

test('numbers that became infinite are counted in a warning', () => {
  assert.deepEqual(infiniteWarnings('a', 0), []);
  assert.match(infiniteWarnings('a', 1)[0].message, /1 number is too large/);
  assert.match(infiniteWarnings('a', 2)[0].message, /2 numbers are too large/);
});

test('names and frames are counted in the singular and the plural', () => {
  assert.equal(namesForFrames(1, 6), '1 name for 6 frames');
  assert.equal(namesForFrames(2, 1), '2 names for 1 frame');
});
