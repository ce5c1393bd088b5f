import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fold, withoutVideoEnding, wordsOf } from '../../src/collection/folding.js';

describe('a video ending', () => {
  const endings = ['mkv', 'mp4', 'avi', 'mov', 'm4v', 'webm', 'ogv', 'ts', 'mpg', 'MKV', 'Mp4'];
  for (const ending of endings) {
    test(`.${ending} is no part of the name`, () => {
      assert.equal(withoutVideoEnding(`Opera.1987.${ending}`), 'Opera.1987');
    });
  }
  test('is one of these, at the end, and goes once', () => {
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

test('words are runs of letters and digits, folded', () => {
  assert.deepEqual(wordsOf('A.Bay_of-Blood (1971).mkv'), ['a', 'bay', 'of', 'blood', '1971', 'mkv']);
  assert.deepEqual(wordsOf('Città!Опера 東京'), ['citta', 'опера', '東京']);
  assert.deepEqual(wordsOf('...'), []);
});
