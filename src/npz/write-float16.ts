/**
 * float32 to float16 as numpy does it: round to nearest, ties to even, subnormals kept, NaNs keep the upper bits of
 * their payload. Node 20 has no Float16Array.
 *
 *   float32: s eeeeeeee mmmmmmmmmmmmmmmmmmmmmmm     float16: s eeeee mmmmmmmmmm
 */

/** The smallest float32 that rounds to infinity: halfway from 65504, the largest float16, to the next step. */
const firstInfinite = 0x477f_f000;

export interface Float16Values {
  /** IEEE binary16 bit patterns, one a value; owned by the caller. */
  readonly halves: Uint16Array;
  /** Position of the first finite value that is too large and became infinite, -1 where there is none. */
  readonly firstOverflow: number;
}

/** Rounds each value to the nearest float16. */
export function toFloat16(values: Float32Array): Float16Values {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  let firstOverflow = -1;
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i];
    const magnitude = word & 0x7fff_ffff;
    if (magnitude >= firstInfinite && magnitude < 0x7f80_0000 && firstOverflow < 0) firstOverflow = i;
    halves[i] = ((word >>> 16) & 0x8000) | halfMagnitude(magnitude);
  }
  return { halves, firstOverflow };
}

function halfMagnitude(magnitude: number): number {
  if (magnitude > 0x7f80_0000) {
    // A payload whose upper bits are all 0 would turn a NaN into an infinity.
    const payload = (magnitude >>> 13) & 0x3ff;
    return 0x7c00 | (payload === 0 ? 1 : payload);
  }
  if (magnitude >= firstInfinite) return 0x7c00;
  if (magnitude >= 0x3880_0000) {
    // Normal: rebias the exponent by 112, then round away 13 bits; a carry goes into the exponent as it should.
    const rebiased = magnitude - 0x3800_0000;
    return (rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13;
  }
  if (magnitude < 0x3300_0000) return 0; // under half of the smallest subnormal, 2^-25
  const exponent = magnitude >>> 23;
  const mantissa = (magnitude & 0x7f_ffff) | 0x80_0000;
  const shift = 126 - exponent; // 14 to 24: the unit of subnormals is 2^-24
  const half = 1 << (shift - 1);
  const kept = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}
