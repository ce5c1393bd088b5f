import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandList } from '../../../src/commands/command-list.js';
import {
  cosine,
  decimal,
  distance,
  interval,
  nearness,
  type OptionRow,
  perSecond,
  wholeFrom,
} from '../../../src/commands/options/option-row.js';
import { type OptionName, optionTable } from '../../../src/commands/options/option-table.js';
import { takenOption } from '../../../src/commands/options/taken-options.js';
import { formNames } from '../../../src/convert/forms.js';

describe('a whole number', () => {
  test('is made of digits, and not below the minimum', () => {
    assert.equal(wholeFrom(0).parse('0'), 0);
    assert.equal(wholeFrom(1).parse('0012'), 12);
    assert.equal(wholeFrom(1).parse('9007199254740991'), Number.MAX_SAFE_INTEGER);
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
    test(`is not ${JSON.stringify(text)} if the minimum is 1`, () => {
      assert.equal(wholeFrom(1).parse(text), undefined);
    });
  }
});

describe('a number', () => {
  for (const text of ['0', '-0.5', '+.5', '5.', '1e-3', '1E3', '0012']) {
    test(`may be ${text}`, () => assert.equal(decimal.parse(text), Number(text)));
  }
  for (const text of ['', '.', '-', 'e3', '1e', '0x10', ' 1', '1,5', 'Infinity', 'NaN', '1e999', '1_000']) {
    test(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(decimal.parse(text), undefined);
    });
  }
});

test('--interval and --fps are limited so that times stay exact', () => {
  assert.deepEqual(['0.4', '1e9', '0', '1e10', '1e308'].map(interval.parse), [0.4, 1e9, ...Array(3)]);
  assert.deepEqual(['2.5', '24000/1001', '0', '1/0', '1e-308'].map(perSecond.parse), [
    2.5,
    24000 / 1001,
    ...Array(3),
  ]);
});

describe('a distance', () => {
  for (const text of ['0', '-0', '10.5']) {
    test(`may be ${text}`, () => assert.equal(distance.parse(text), Number(text)));
  }
  test('is never below 0', () => {
    assert.equal(distance.parse('-1'), undefined);
  });
});

test('a cosine and a nearness have limits', () => {
  assert.deepEqual(['-1', '1', '1.01', '95'].map(cosine.parse), [-1, 1, undefined, undefined]);
  assert.deepEqual(['0', 'shot', '-1', 'shots'].map(nearness.parse), [0, 'shot', undefined, undefined]);
});

describe('the table of options', () => {
  const names = Object.keys(optionTable) as OptionName[];
  const options = names.map(takenOption);
  for (const option of options) {
    test(`${option.long} has the key that its flags imply`, () => {
      const name = option.long
        .replace(/^--(no-)?/, '')
        .replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
      assert.equal(option.name === 'top' ? 'top' : option.name, name);
    });
  }
  test('has each flag once', () => {
    const flags = options.flatMap(({ short, long }) => [long, ...(short ? [short] : [])]);
    assert.equal(new Set(flags).size, flags.length);
  });
  test('refers only to options that exist', () => {
    for (const { conflicts = [], needs } of options as readonly OptionRow[]) {
      for (const other of [...conflicts, ...(needs ? [needs] : [])]) assert.ok(other in optionTable, other);
    }
  });
  test('lists the formats that convert writes', () => assert.deepEqual(optionTable.to.choices, formNames));
  test('has no option that no command uses', async () => {
    const taken = new Set<string>(['help']);
    for (const { load } of commandList) {
      for (const option of (await load()).options) taken.add(takenOption(option).name);
    }
    assert.deepEqual(
      names.filter((name) => !taken.has(name)),
      [],
    );
  });
});
