import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  compareCodePoints,
  fold,
  isPictureFile,
  withoutVideoEnding,
  wordsOf,
} from '../../src/collection/names.js';
import { anyText, cases } from '../cases.js';

test('names are sorted as Python sorts them', () => {
  const file = new URL('../fixtures/golden/sorted-names.json', import.meta.url);
  const sorted = JSON.parse(readFileSync(file, 'utf8')) as string[];
  assert.deepEqual([...sorted].reverse().sort(compareCodePoints), sorted);
  assert.notDeepEqual([...sorted].sort(), sorted, 'names that UTF-16 order gets wrong are among them');
});

test('names are compared by their code points', () => {
  const text = anyText(6);
  const prefixed = fc.tuple(text, text, text).map(([start, a, b]) => [start + a, start + b] as const);
  fc.assert(
    fc.property(prefixed, ([a, b]) => {
      assert.equal(Math.sign(compareCodePoints(a, b)), byPoints(pointsOf(a), pointsOf(b)));
    }),
    { numRuns: cases(500) },
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

describe('a video ending', () => {
  const endings = ['mkv', 'mp4', 'avi', 'mov', 'm4v', 'webm', 'ogv', 'ts', 'mpg', 'MKV', 'Mp4'];
  for (const ending of endings) {
    test(`.${ending} is not part of the name`, () => {
      assert.equal(withoutVideoEnding(`Opera.1987.${ending}`), 'Opera.1987');
    });
  }
  test('is only removed at the end, and only once', () => {
    for (const name of ['Opera.1987', 'Opera.mkv.1987', 'Opera.doc', 'mkv', 'Operamkv', 'Opera.mkvx']) {
      assert.equal(withoutVideoEnding(name), name);
    }
    assert.equal(withoutVideoEnding('Opera.mkv.mkv'), 'Opera.mkv');
  });
});

describe('folding', () => {
  const cases: readonly [string, string][] = [
    ['Opera', 'opera'],
    ['Città', 'citta'],
    ['Citta\u0300', 'citta'],
    ['ÉÖÅÇÑ', 'eoacn'],
    ['ﬁlm', 'film'],
    ['Ｏｐｅｒａ', 'opera'],
    ['Опера', 'опера'],
    ['', ''],
  ];
  for (const [text, folded] of cases) {
    test(`${JSON.stringify(text)} to ${folded}`, () => assert.equal(fold(text), folded));
  }
});

test('words are runs of letters and digits, in folded form', () => {
  assert.deepEqual(wordsOf('A.Bay_of-Blood (1971).mkv'), ['a', 'bay', 'of', 'blood', '1971', 'mkv']);
  assert.deepEqual(wordsOf('Città!Опера 東京'), ['citta', 'опера', '東京']);
  assert.deepEqual(wordsOf('...'), []);
});

test('pictures are recognized by their ending', () => {
  assert.deepEqual(['a.jpg', 'a.JPEG', 'a.png', 'a.npz', 'Opera.1987.mkv', 'jpg'].filter(isPictureFile), [
    'a.jpg',
    'a.JPEG',
    'a.png',
  ]);
});
