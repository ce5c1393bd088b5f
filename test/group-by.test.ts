import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupBy } from '../src/group-by.js';

test('items are grouped by key, with groups and items in their first order', () => {
  const groups = groupBy(['b1', 'a1', 'b2', 'c1', 'a2'], ([letter]) => letter);
  assert.deepEqual(
    [...groups],
    [
      ['b', ['b1', 'b2']],
      ['a', ['a1', 'a2']],
      ['c', ['c1']],
    ],
  );
});
