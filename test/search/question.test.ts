import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FilmEntry } from '../../src/collection/film.js';
import { commonDim, filmsInScope, inNameOrder } from '../../src/search/question.js';

test('the dim is that of most frames, not of most films', () => {
  assert.equal(commonDim([film(3, 1), film(3, 2), film(4, 9)]), 4);
});

test('if equally many frames have each dim, the first film decides', () => {
  assert.equal(commonDim([film(3, 2), film(4, 2)]), 3);
  assert.equal(commonDim([film(4, 1), film(3, 2), film(4, 1)]), 4);
});

test('films without frames do not count for the dim', () => {
  assert.equal(commonDim([film(7, 0), film(3, 1)]), 3);
  assert.equal(commonDim([film(7, 0)]), undefined);
  assert.equal(commonDim([]), undefined);
});

function film(dim: number, frames: number) {
  return { dim, frames };
}

const [a, b, c, foreign] = ['a', 'b', 'c', 'foreign'].map((name) => ({ name, path: `${name}.npz` })) as [
  FilmEntry,
  FilmEntry,
  FilmEntry,
  FilmEntry,
];
const collection = { folder: '.', films: [a, b, c], shadowed: [] };

describe('where to look', () => {
  const cases: readonly [string, Parameters<typeof filmsInScope>[0], FilmEntry[], FilmEntry[]][] = [
    ['the film asked about', 'own', [b], [b]],
    ['the films asked about, each once', 'own', [b, a, b], [b, a]],
    ['a film from elsewhere alone', 'own', [foreign], [foreign]],
    ['every film', 'all', [b], [a, b, c]],
    ['every film, and the one from elsewhere', 'all', [foreign, foreign], [a, b, c, foreign]],
    ['every other film', 'others', [b], [a, c]],
    ['every other film than several', 'others', [b, a], [c]],
    ['every film of the collection, for one from elsewhere', 'others', [foreign], [a, b, c]],
    ['films named, the one asked about or not, each once', { in: [c, a, c] }, [b], [c, a]],
  ];
  for (const [what, scope, home, expected] of cases) {
    test(what, () => assert.deepEqual(filmsInScope(scope, collection, home), expected));
  }
});

test('films are searched in code point order, each once', () => {
  const named = (name: string): FilmEntry => ({ name, path: name });
  const films = ['\u{1f600}', 'b', '\uff5e', 'B', ''].map(named);
  const order = inNameOrder([...films, films[0] as FilmEntry]);
  assert.deepEqual(
    order.map(({ name }) => name),
    ['', 'B', 'b', '\uff5e', '\u{1f600}'],
  );
});
