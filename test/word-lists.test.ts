import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eitherOf, firstOf, startOfJson } from '../src/word-lists.js';

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

test('startOfJson shows the beginning of any value that JSON can hold', () => {
  assert.equal(startOfJson({ a: [1, null] }), '{"a":[1,null]}');
  assert.equal(startOfJson('x'.repeat(100)), `"${'x'.repeat(39)}`);
  const deep: unknown = JSON.parse('['.repeat(1e5) + ']'.repeat(1e5));
  assert.equal(startOfJson(deep), 'values nested too deeply');
});
