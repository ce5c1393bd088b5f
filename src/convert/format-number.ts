/**
 * float32 numbers as text, straight into bytes: the shortest decimal that reads back to the same bits, and of those the
 * closest to it: 1e-1, where a float64 of the same value needs 10000000149011612e-17. This is the question of Steele
 * and White (1990) and of Ryu (Adams 2018), for a format so small that float64 answers it.
 *
 * What lies between the midpoints to a float32's neighbours reads back to it. Value and midpoints are exact in float64;
 * they are scaled so that the value is between 10^8 and 10^10, where the interval is 6 to 1200 wide (more for
 * subnormals), and the roundest integer inside is taken. Scaling errs by less than 1e-5: where a decision is closer
 * than 1e-4, exact conversion decides instead.
 */

/** The longest text, nine digits: `-1.30121625e-14`. */
export const maxNumberLength = 15;

// Bytes, declared before the functions: behind them each use would cost a check.
const zero = 0x30;
const minus = 0x2d;
const point = 0x2e;
const letterE = 0x65;

/** Kept, since making one for each number would cost more than the rest. */
const decimal: Decimal = { digits: 0, exponent: 0 };

/** `digits` x 10^`exponent`; digits is an integer of at most nine digits without zeros at its end. */
interface Decimal {
  digits: number;
  exponent: number;
}

const doubt = 1e-4;
const log10Of2 = Math.log10(2);

/** 10^-31 to 10^53: what takes any float32 to that size. */
const lowestPower = -31;
const powersOfTen = Float64Array.from({ length: 85 }, (_, i) => Number(`1e${i + lowestPower}`));

// A float32 and its bits; kept, since making new ones each time would cost more than the rest.
const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

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

/** Puts the shortest decimal of a positive finite float32 into `result`. */
function shortestDecimal(value: number, result: Decimal): void {
  float[0] = value;
  const bits = word[0];
  word[0] = bits - 1;
  const below = float[0];
  word[0] = bits + 1;
  const above = Math.min(float[0], 2 ** 128);

  const binaryExponent = bits < 0x80_0000 ? -118 - Math.clz32(bits) : (bits >>> 23) - 127;
  const exponent = Math.floor(binaryExponent * log10Of2) - 8;
  const scale = powersOfTen[-exponent - lowestPower];
  const scaled = value * scale;
  const low = (value + below) * 0.5 * scale;
  const high = (value + above) * 0.5 * scale;

  // A multiple of `unit` is inside for certain. Perhaps a multiple of ten times `unit` is too; it has fewer digits.
  let unit = 1;
  let unitExponent = exponent;
  while (unit * 10 <= high - low) {
    unit *= 10;
    unitExponent++;
  }
  const rounder = unit * 10;
  const round = Math.ceil(low / rounder);
  const fromLow = round * rounder - low;
  const toHigh = high - round * rounder;
  if (fromLow < doubt || rounder - fromLow < doubt || Math.abs(toHigh) < doubt) {
    shortestByExactDecimals(value, result);
  } else if (toHigh > 0) {
    trim(round, unitExponent + 1, result);
  } else {
    closest(value, scaled, low, unit, unitExponent, result);
  }
}

/** The multiple of `unit` closest to the value; at powers of two, where less is inside below than above, the next. */
function closest(
  value: number,
  scaled: number,
  low: number,
  unit: number,
  unitExponent: number,
  result: Decimal,
): void {
  const inUnits = scaled / unit;
  let digits = Math.round(inUnits);
  if (digits - inUnits === 0.5 && digits % 2 === 1) digits--; // ties to even, as numpy prints them
  const fromLow = digits * unit - low;
  if (Math.abs(fromLow) < doubt) {
    shortestByExactDecimals(value, result);
    return;
  }
  result.digits = fromLow > 0 ? digits : digits + 1;
  result.exponent = unitExponent;
}

/** The same by exact decimal conversion, one digit more at a time. */
function shortestByExactDecimals(value: number, result: Decimal): void {
  for (let decimals = 0; ; decimals++) {
    const [mantissa = '', power = ''] = value.toExponential(decimals).split('e');
    const nearest = Number(mantissa.replace('.', ''));
    const exponent = Number(power) - decimals;
    for (const digits of [nearest, nearest + 1]) {
      if (Math.fround(Number(`${digits}e${exponent}`)) !== value) continue;
      trim(digits, exponent, result);
      return;
    }
  }
}

function trim(digits: number, exponent: number, result: Decimal): void {
  let trimmed = digits;
  let zeros = 0;
  while (trimmed % 10 === 0) {
    trimmed /= 10;
    zeros++;
  }
  result.digits = trimmed;
  result.exponent = exponent + zeros;
}
