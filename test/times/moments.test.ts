import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoment, parseMoment, parseMomentName } from '../../src/times/moments.js';

const written: [seconds: number, text: string][] = [
  [0, '0:00:00.0'],
  [0.04, '0:00:00.0'],
  [0.05, '0:00:00.1'],
  [12.5, '0:00:12.5'],
  [59.94, '0:00:59.9'],
  [59.96, '0:01:00.0'],
  [727.2, '0:12:07.2'],
  [3599.99, '1:00:00.0'],
  [36_000, '10:00:00.0'],
  [360_061.5, '100:01:01.5'],
  [-1.5, '-0:00:01.5'],
  [-0.01, '0:00:00.0'],
];
for (const [seconds, text] of written) {
  test(`${seconds} s is written ${text}`, () => assert.equal(formatMoment(seconds), text));
}

const read: [text: string, seconds: number | undefined][] = [
  ['1:12.5', 72.5],
  ['72.5', 72.5],
  ['0:01:12.5', 72.5],
  ['0:12:07.2', 727.2],
  ['12', 12],
  ['.5', 0.5],
  ['5.', 5],
  ['90:00', 5400],
  ['100:00:00', 360_000],
  ['1:60', undefined],
  ['1:60:00', undefined],
  ['1:2:3:4', undefined],
  ['', undefined],
  ['-1', undefined],
  ['1000000001', undefined],
  ['9'.repeat(400), undefined],
  ['1e3', undefined],
  ['1:', undefined],
  ['a', undefined],
  [' 1', undefined],
];
for (const [text, seconds] of read) {
  test(`${JSON.stringify(text)} is read as ${seconds}`, () => assert.equal(parseMoment(text), seconds));
}

test('@ before a moment names a frame', () => {
  assert.equal(parseMomentName('@1:12.5'), 72.5);
  assert.equal(parseMomentName('1:12.5'), undefined);
  assert.equal(parseMomentName('@scene'), undefined);
});
