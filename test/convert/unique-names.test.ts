import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { uniqueNames } from '../../src/convert/unique-names.js';

test('refuse knows what it has seen', () => {
  const keyOf = uniqueNames('refuse');
  assert.deepEqual(['a', 'b', 'a', '__proto__', '__proto__'].map(keyOf), [
    'a',
    'b',
    undefined,
    '__proto__',
    undefined,
  ]);
});

test('suffix counts, around names that look like its own', () => {
  assert.deepEqual(['a', 'a', 'a', 'a#3', 'a'].map(uniqueNames('suffix')), [
    'a',
    'a#2',
    'a#3',
    'a#3#2',
    'a#4',
  ]);
});

test('with suffixes every key is given once, and new names are their own', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'a#2', 'a#2#2', '')), (names) => {
      const keyOf = uniqueNames('suffix');
      const taken = new Set<string>();
      for (const name of names) {
        const key = keyOf(name);
        assert.ok(key !== undefined && !taken.has(key));
        assert.equal(key === name, !taken.has(name));
        taken.add(key);
      }
    }),
  );
});
