import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { formatNumber, maxNumberLength } from '../../src/convert/format-number.js';
import { cases } from '../cases.js';

const bytes = Buffer.alloc(maxNumberLength + 2);

function format(value: number): string {
  return bytes.toString('latin1', 0, formatNumber(value, bytes, 0));
}

function float(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0] as number;
}

/** The digits without point and surrounding zeros, and the power of ten of the first digit. */
function decimalOf(text: string): { digits: string; power: number } {
  const [mantissa = '', exponent = '0'] = text.split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  const all = `${whole}${decimals}`;
  const digits = all.replace(/^0+/, '');
  const power = whole.length - (all.length - digits.length) - 1 + Number(exponent);
  return { digits: digits.replace(/0+$/, ''), power };
}

const anyFloat = fc
  .integer({ min: 0, max: 0xffff_ffff })
  .map(float)
  .filter((value) => Number.isFinite(value));

test('any float32 is read back as the same bits, and fits the longest length', () => {
  fc.assert(
    fc.property(anyFloat, (value) => {
      const text = format(value);
      assert.ok(Object.is(Math.fround(JSON.parse(text)), value), `${text} is not ${value}`);
      assert.ok(text.length <= maxNumberLength);
    }),
    { numRuns: cases(20_000) },
  );
});

test('no shorter decimal is read back as the same float32', () => {
  fc.assert(
    fc.property(
      anyFloat.filter((value) => value !== 0),
      (value) => {
        const count = decimalOf(format(Math.abs(value))).digits.length;
        if (count === 1) return;
        const [mantissa = '', power = ''] = Math.abs(value)
          .toExponential(count - 2)
          .split('e');
        const nearest = BigInt(mantissa.replace('.', ''));
        for (const digits of [nearest - 1n, nearest, nearest + 1n]) {
          const shorter = Number(`${digits}e${Number(power) - (count - 2)}`);
          assert.notEqual(Math.fround(shorter), Math.abs(value), `${shorter} for ${format(value)}`);
        }
      },
    ),
    { numRuns: cases(20_000) },
  );
});

test('the digits are those that numpy prints', () => {
  const lines = readFileSync(join(import.meta.dirname, '../fixtures/float32-repr.txt'), 'latin1')
    .trimEnd()
    .split('\n');
  assert.ok(lines.length > 3500);
  for (const line of lines) {
    const [bits = '', printed = ''] = line.split(' ');
    const value = float(Number.parseInt(bits, 16));
    assert.deepEqual(decimalOf(format(value)), decimalOf(printed), line);
  }
});

test('plain notation, unless scientific is shorter', () => {
  const table: readonly [number, string][] = [
    [0, '0'],
    [-0, '-0'],
    [0.1, '0.1'],
    [-2.25, '-2.25'],
    [100, '100'],
    [1000, '1e3'],
    [123456, '123456'],
    [16777216, '16777216'],
    [0.01, '0.01'],
    [0.001, '1e-3'],
    [0.0123, '0.0123'],
    [123.456, '123.456'],
    [0.00012345678, '1.2345678e-4'],
    [3.4028234663852886e38, '3.4028235e38'],
    [1.401298464324817e-45, '1e-45'],
    [2 ** -44, '5.684342e-14'],
  ];
  for (const [value, text] of table) assert.equal(format(Math.fround(value)), text);
});

test('a number is written at the given offset', () => {
  bytes.fill('.');
  assert.equal(formatNumber(1.5, bytes, 2), 5);
  assert.equal(bytes.toString('latin1', 0, 6), '..1.5.');
});
