/**
 * From numbers as they are stored to float32, each rounded once to the nearest (ties to even), bit for bit what
 * numpy's `astype(float32)` gives. npyjs makes the typed array, this makes the float32 of it.
 */
import type { NumberLayout } from './dtypes.js';

/** The typed arrays that npyjs gives for `npyjsCode`'s types. */
export type StoredNumbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Fills `values` from the first `count` stored numbers; answers how many finite ones became infinite. */
type Conversion = (stored: StoredNumbers, values: Float32Array, count: number) => number;

/** The type that npyjs is told for a layout: it has none for bfloat16, and makes an Array of booleans. */
export function npyjsCode(layout: NumberLayout): string {
  return npyjsCodes[layout];
}

/** The conversion for a layout; undefined if the stored numbers are the float32 values themselves. */
export function conversionOf(layout: NumberLayout): Conversion | undefined {
  switch (layout) {
    case 'float32':
      return undefined;
    case 'float64':
      return narrowFloat64;
    case 'float16':
      return expandFloat16();
    case 'bfloat16':
      return expandBfloat16;
    case 'bool':
      return (stored, values, count) => copyEach(stored, values, count, (n) => (n === 0 ? 0 : 1));
    case 'int64':
    case 'uint64':
      return narrowInt64;
    default:
      return (stored, values, count) => copyEach(stored, values, count, (n) => n);
  }
}

const npyjsCodes: Readonly<Record<NumberLayout, string>> = {
  float16: '<f2',
  float32: '<f4',
  float64: '<f8',
  bfloat16: '<u2',
  int8: '|i1',
  int16: '<i2',
  int32: '<i4',
  int64: '<i8',
  uint8: '|u1',
  uint16: '<u2',
  uint32: '<u4',
  uint64: '<u8',
  bool: '|u1',
};

function copyEach(
  stored: StoredNumbers,
  values: Float32Array,
  count: number,
  convert: (n: number) => number,
): number {
  for (let i = 0; i < count; i++) values[i] = convert(stored[i] as number);
  return 0;
}

function narrowFloat64(stored: StoredNumbers, values: Float32Array, count: number): number {
  let becameInfinite = 0;
  for (let i = 0; i < count; i++) {
    const wide = stored[i] as number;
    const narrow = Math.fround(wide);
    values[i] = narrow;
    if (!Number.isFinite(narrow) && Number.isFinite(wide)) becameInfinite++;
  }
  return becameInfinite;
}

/**
 * A 64-bit integer does not fit in a double, and rounding twice is not rounding once. From 2^53 on its low eleven bits
 * are folded into one sticky bit, far below the half of a float32's last place: then the double is exact.
 */
function narrowInt64(stored: StoredNumbers, values: Float32Array, count: number): number {
  const words = new Uint32Array(stored.buffer, stored.byteOffset, count * 2);
  const isSigned = stored instanceof BigInt64Array;
  for (let i = 0; i < count; i++) {
    const word = words[2 * i + 1];
    const high = isSigned ? word | 0 : word;
    let low = words[2 * i];
    const isWide = high >= 0x200000 || high < -0x200000;
    if (isWide && (low & 0x7ff) !== 0) low = ((low & ~0x7ff) | 0x800) >>> 0;
    values[i] = high * 4294967296 + low;
  }
  return 0;
}

function expandBfloat16(stored: StoredNumbers, values: Float32Array, count: number): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, count);
  for (let i = 0; i < count; i++) bits[i] = (stored[i] as number) << 16;
  return 0;
}

function expandFloat16(): Conversion {
  const bitsByHalf = halfTable();
  return (stored, values, count) => {
    const bits = new Uint32Array(values.buffer, values.byteOffset, count);
    for (let i = 0; i < count; i++) bits[i] = bitsByHalf[stored[i] as number];
    return 0;
  };
}

/** The float32 bits of each of the 65,536 float16: 20 times faster than computing them. */
function halfTable(): Uint32Array {
  const bits = new Uint32Array(65536);
  const scratch = new Float32Array(1);
  const scratchBits = new Uint32Array(scratch.buffer);
  for (let half = 0; half < 65536; half++) {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) bits[half] = sign | 0x7f800000 | (fraction << 13);
    else if (exponent > 0) bits[half] = sign | ((exponent + 112) << 23) | (fraction << 13);
    else {
      // Below 2^-14 the halves are multiples of 2^-24: subnormal there, normal in float32.
      scratch[0] = fraction * 2 ** -24;
      bits[half] = sign | scratchBits[0];
    }
  }
  return bits;
}
