import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { closestName } from '../../src/collection/spelling.js';

const names = ['A.Bay.of.Blood.1971.mkv', 'Città.violenta.mp4', 'Opera.1987.mkv', 'Sintel.Trailer.2010.mp4'];

describe('the closest name', () => {
  const cases: readonly [typed: string, meant: string | undefined][] = [
    ['Sintle', 'Sintel.Trailer.2010.mp4'],
    ['sintel trialer', 'Sintel.Trailer.2010.mp4'],
    ['bay of blod', 'A.Bay.of.Blood.1971.mkv'],
    ['cita violenta', 'Città.violenta.mp4'],
    ['Opera.1978.mkv', 'Opera.1987.mkv'],
    ['Operra.mkv.npz', 'Opera.1987.mkv'],
    ['Oper', 'Opera.1987.mkv'],
    ['Suspiria', undefined],
    ['', undefined],
    ['...', undefined],
  ];
  for (const [typed, meant] of cases) {
    test(`to ${JSON.stringify(typed)} is ${meant}`, () => assert.equal(closestName(typed, names), meant));
  }

  test('has at most a third of the typed letters wrong', () => {
    assert.equal(closestName('abcxyf', ['abcdef']), 'abcdef');
    assert.equal(closestName('abcxyz', ['abcdef']), undefined);
    assert.equal(closestName('abx', ['abc']), 'abc');
    assert.equal(closestName('ax', ['ab']), undefined);
  });

  test('is the first of equally close ones, and none among no names', () => {
    assert.equal(closestName('Operx', ['Opera.II', 'Opera.I']), 'Opera.II');
    assert.equal(closestName('Opera', []), undefined);
  });

  test('survives any one wrong letter in a long word', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
    fc.assert(
      fc.property(fc.nat(5), letter, (at, wrong) => {
        const typed = 'sintel'.slice(0, at) + wrong + 'sintel'.slice(at + 1);
        assert.equal(closestName(typed, names), 'Sintel.Trailer.2010.mp4');
      }),
    );
  });
});
