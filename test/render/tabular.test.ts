import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { counted, fourDigits, grouped, humanBytes, mapLevels, twoDigits } from '../../src/render/tabular.js';

test('bytes have three digits and a unit of 1000', () => {
  const cases: readonly [number, string][] = [
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1049, '1.0 kB'],
    [99_449, '99.4 kB'],
    [99_500, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [17_123_456, '17.1 MB'],
    [2_500_000_000, '2.5 GB'],
    [4_000_000_000_000, '4.0 TB'],
    [1e16, '10000 TB'],
  ];
  for (const [bytes, text] of cases) assert.equal(humanBytes(bytes), text);
});

test('a count and its word agree in number', () => {
  assert.equal(counted(0, 'film'), '0 films');
  assert.equal(counted(1, 'film'), '1 film');
  assert.equal(counted(12_000, 'frame'), '12,000 frames');
  assert.equal(counted(2, 'copy', 'copies'), '2 copies');
});

test('digits are grouped as in English', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      assert.equal(grouped(count), count.toLocaleString('en'));
    }),
  );
});

test('values of maps have two digits', () => {
  assert.equal(twoDigits(0.996), '1.00');
  assert.equal(twoDigits(-0.25), '-0.25');
  assert.equal(twoDigits(-0.001), '0.00');
});

test('levels of maps go from the lowest value to the highest', () => {
  const levelOf = mapLevels([0.5, 0.9, 0.7]);
  assert.deepEqual([0.5, 0.62, 0.7, 0.9].map(levelOf), [0, 3, 5, 10]);
  assert.equal(mapLevels([0.5, 0.5])(0.5), 10);
  assert.equal(mapLevels([])(0.5), 10);
});

test('scores have four digits', () => {
  assert.equal(fourDigits(1), '1.0000');
  assert.equal(fourDigits(0.99994), '0.9999');
  assert.equal(fourDigits(-0.25), '-0.2500');
  assert.equal(fourDigits(-0.00001), '0.0000');
});
