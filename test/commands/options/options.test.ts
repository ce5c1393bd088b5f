import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Command, InvalidArgumentError } from 'commander';
import { parseFrameName } from '../../../src/commands/options/frame-name.js';
import {
  addExamples,
  decimalNumber,
  distanceNumber,
  formatOf,
  repeated,
  wholeNumber,
} from '../../../src/commands/options/options.js';

describe('a whole number', () => {
  test('is digits, from the least on', () => {
    assert.equal(wholeNumber(0)('0'), 0);
    assert.equal(wholeNumber(1)('0012'), 12);
    assert.equal(wholeNumber(1)('9007199254740991'), Number.MAX_SAFE_INTEGER);
  });

  for (const text of [
    '',
    ' 1',
    '1 ',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    '0',
    '9007199254740992',
    'NaN',
    'all',
  ]) {
    test(`is not ${JSON.stringify(text)}, where the least is 1`, () => {
      assert.throws(() => wholeNumber(1)(text), new InvalidArgumentError('Expected a whole number from 1.'));
    });
  }
});

describe('a number', () => {
  for (const text of ['0', '-0.5', '+.5', '5.', '1e-3', '1E3', '0012']) {
    test(`may be ${text}`, () => assert.equal(decimalNumber(text), Number(text)));
  }
  for (const text of ['', '.', '-', 'e3', '1e', '0x10', ' 1', '1,5', 'Infinity', 'NaN', '1e999', '1_000']) {
    test(`is not ${JSON.stringify(text)}`, () => {
      assert.throws(() => decimalNumber(text), new InvalidArgumentError('Expected a number.'));
    });
  }
});

describe('a distance', () => {
  for (const text of ['0', '-0', '10.5']) {
    test(`may be ${text}`, () => assert.equal(distanceNumber(text), Number(text)));
  }
  test('is not below 0', () => {
    const expected = new InvalidArgumentError('Expected a distance, from 0.');
    assert.throws(() => distanceNumber('-1'), expected);
  });
});

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
    test(JSON.stringify(text), () => assert.deepEqual(parseFrameName(text), { film, frame }));
  }
  for (const text of ['', 'Bunny', ':', ':12', 'Bunny:']) {
    test(`is not ${JSON.stringify(text)}`, () =>
      assert.throws(() => parseFrameName(text), InvalidArgumentError));
  }
});

test('the values of a repeated option are kept in order', () => {
  assert.deepEqual(repeated('b', repeated('a')), ['a', 'b']);
});

test('the format is the one that was chosen, else a table', () => {
  assert.equal(formatOf({ color: true }), 'table');
  for (const format of ['json', 'ndjson', 'csv', 'names'] as const) {
    assert.equal(formatOf({ color: true, [format]: true }), format);
  }
});

describe('examples', () => {
  const helpWith = (examples: [string, string][]) => {
    let text = '';
    addExamples(new Command().configureOutput({ writeOut: (part) => (text += part) }), examples).outputHelp();
    return text.slice(text.indexOf('Examples:'));
  };

  test('stand beside what they do where that fits into 80 columns', () => {
    const does = 'd'.repeat(80 - 2 - 10 - 2);
    assert.equal(
      helpWith([
        ['giallo abc', does],
        ['giallo', 'x'],
      ]),
      `Examples:\n  giallo abc  ${does}\n  giallo      x\n`,
    );
  });

  test('stand above it where one does not fit', () => {
    const does = 'd'.repeat(80 - 2 - 10 - 1);
    assert.equal(
      helpWith([
        ['giallo abc', does],
        ['giallo', 'x'],
      ]),
      `Examples:\n  giallo abc\n      ${does}\n  giallo\n      x\n`,
    );
  });
});
