import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { splitAtColon } from '../../src/collection/frame-name.js';

describe('a frame with its film', () => {
  const cases: readonly [text: string, film: string, frame: string][] = [
    ['Bunny:12', 'Bunny', '12'],
    ['Bunny:-1', 'Bunny', '-1'],
    ['2001: A Space Odyssey:7', '2001: A Space Odyssey', '7'],
    ['Bunny:name:41', 'Bunny', 'name:41'],
    ['Bunny:name:a:b', 'Bunny', 'name:a:b'],
    ['./films/Bunny.npz:a b.jpg', './films/Bunny.npz', 'a b.jpg'],
    ['Bun\nny:1\n2', 'Bun\nny', '1\n2'],
  ];
  for (const [text, film, frame] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(splitAtColon(text), { film, frame }));
  }
  for (const text of ['', 'Bunny', ':', ':12', 'Bunny:']) {
    test(`is not ${JSON.stringify(text)}`, () => assert.equal(splitAtColon(text), undefined));
  }
});
