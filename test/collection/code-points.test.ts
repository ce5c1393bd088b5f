import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareCodePoints } from '../../src/collection/code-points.js';

test('sorts as Python does', () => {
  const file = new URL('../fixtures/golden/sorted-names.json', import.meta.url);
  const sorted = JSON.parse(readFileSync(file, 'utf8')) as string[];
  assert.deepEqual([...sorted].reverse().sort(compareCodePoints), sorted);
  assert.notDeepEqual([...sorted].sort(), sorted, 'names that UTF-16 order gets wrong are among them');
});

test('compares as the lists of code points do', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  const prefixed = fc.tuple(text, text, text).map(([start, a, b]) => [start + a, start + b] as const);
  fc.assert(
    fc.property(prefixed, ([a, b]) => {
      assert.equal(Math.sign(compareCodePoints(a, b)), byPoints(pointsOf(a), pointsOf(b)));
    }),
    { numRuns: 500 },
  );
});

function pointsOf(text: string): number[] {
  return [...text].map((character) => character.codePointAt(0) as number);
}

function byPoints(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((point, i) => point !== b[i]);
  if (at < 0) return a.length < b.length ? -1 : 0;
  return at >= b.length || (a[at] as number) > (b[at] as number) ? 1 : -1;
}
