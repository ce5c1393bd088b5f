import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eitherOf, firstOf } from '../src/word-lists.js';

test('eitherOf joins words with commas and or', () => {
  assert.equal(eitherOf([]), '');
  assert.equal(eitherOf(['npz']), 'npz');
  assert.equal(eitherOf(['npz', 'npy']), 'npz or npy');
  assert.equal(eitherOf(['npz', 'npy', 'json']), 'npz, npy or json');
});

test('firstOf counts the words that it leaves out', () => {
  assert.equal(firstOf([], 3), '');
  assert.equal(firstOf(new Set(['a', 'b', 'c']), 3), 'a, b, c');
  assert.equal(firstOf([4, 5, 6, 7], 3), '4, 5, 6 and 1 more');
});
