/**
 * float32 numbers as text, straight into bytes: as short as they can be and still read back to the same bits.
 */
import { type Decimal, shortestDecimal } from './shortest-decimal.js';

/** The longest text, nine digits: `-1.30121625e-14`. */
export const maxNumberLength = 15;

// Bytes, declared before the functions: behind them each use would cost a check.
const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;
const letterE = 0x65;

/** Kept, since making one for each number would cost more than the rest. */
const decimal: Decimal = { digits: 0, exponent: 0 };

/**
 * Writes a finite float32 into `bytes` as a JSON number and returns the position behind it. Plain notation, unless
 * scientific notation is shorter. Read as float64 and rounded to float32 the text gives the same bits, -0 among them.
 */
export function formatNumber(value: number, bytes: Uint8Array, start: number): number {
  let at = start;
  if (value < 0 || Object.is(value, -0)) bytes[at++] = minus;
  if (value === 0) {
    bytes[at] = zero;
    return at + 1;
  }
  shortestDecimal(Math.abs(value), decimal);
  const { digits, exponent } = decimal;
  const count = countDigits(digits);
  const scientific = exponent + count - 1;
  if (plainLength(count, exponent) <= scientificLength(count, scientific)) {
    return writePlain(digits, count, exponent, bytes, at);
  }
  at = writeDigits(digits, count, 1, bytes, at);
  bytes[at++] = letterE;
  if (scientific < 0) bytes[at++] = minus;
  const power = Math.abs(scientific);
  const powerCount = power < 10 ? 1 : 2;
  return writeDigits(power, powerCount, powerCount, bytes, at);
}

function plainLength(count: number, exponent: number): number {
  if (exponent >= 0) return count + exponent;
  return exponent > -count ? count + 1 : 2 - exponent;
}

function scientificLength(count: number, scientific: number): number {
  const power = Math.abs(scientific) < 10 ? 1 : 2;
  return count + (count > 1 ? 1 : 0) + 1 + (scientific < 0 ? 1 : 0) + power;
}

function writePlain(
  digits: number,
  count: number,
  exponent: number,
  bytes: Uint8Array,
  start: number,
): number {
  if (exponent >= 0) return writeZeros(exponent, bytes, writeDigits(digits, count, count, bytes, start));
  const before = count + exponent;
  if (before > 0) return writeDigits(digits, count, before, bytes, start);
  bytes[start] = zero;
  bytes[start + 1] = point;
  return writeDigits(digits, count, count, bytes, writeZeros(-before, bytes, start + 2));
}

/** Writes `count` digits, with a point behind the first `before` of them if there are more. */
function writeDigits(
  digits: number,
  count: number,
  before: number,
  bytes: Uint8Array,
  start: number,
): number {
  const end = start + count + (before < count ? 1 : 0);
  let left = digits | 0;
  let at = end - 1;
  for (let written = 0; written < count; written++) {
    if (written === count - before && written > 0) bytes[at--] = point;
    const tenth = (left / 10) | 0;
    bytes[at--] = zero + left - tenth * 10;
    left = tenth;
  }
  return end;
}

function writeZeros(count: number, bytes: Uint8Array, start: number): number {
  for (let i = 0; i < count; i++) bytes[start + i] = zero;
  return start + count;
}

/** How many digits an integer of one to nine digits has; most have eight or nine. */
function countDigits(digits: number): number {
  let count = 9;
  for (let limit = 1e8; digits < limit; limit /= 10) count--;
  return count;
}
