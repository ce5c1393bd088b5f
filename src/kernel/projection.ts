/**
 * Products of rows with basis vectors in int16, and bounds of what rounding changes in them and in `floatDot`. These
 * bounds are the reason why the answers of the search index and of batch work are exact (`search-index/bound.ts`).
 *
 * The columns of rows and vectors are taken in *strips* of 128. Each strip of a row or a vector is rounded to multiples
 * of a *step* of its own: it is stored as whole numbers of steps.
 */
import {
  instantiateKernel,
  type KernelImplementation,
  type ProjectionKernel,
  preferredImplementation,
} from './wasm.js';

/** The projection kernel on `memory`. Errors: `file-unreadable` if the compiled kernel is missing. */
export function createProjectionKernel(
  memory: WebAssembly.Memory,
  implementation: KernelImplementation = preferredImplementation(),
): ProjectionKernel {
  return implementation === 'simd' ? instantiateKernel(memory) : scalarProjection(memory);
}

/** Columns of a strip; as in assembly/projection.ts. */
const stripColumns = 128;
/** The length of a row's strip in its steps, before it is rounded; as in assembly/projection.ts. */
const stripLength = 32_000;
/** `roundRows` rounds a strip to zeros if the sum of its squares is not larger; as in assembly/projection.ts. */
const negligibleSquare = 2 ** -80;

/** The largest code; as in assembly/projection.ts. */
export const largestCode = 32_767;

/** How many strips a row of `dim` numbers has. */
export function stripsOf(dim: number): number {
  return Math.ceil(dim / stripColumns);
}

/** Vectors rounded to int16. */
interface RoundedVectors {
  /** int16 [vectors x columns] in the order of the kernel (`placeOfVector`). */
  readonly rounded: Int16Array;
  /** [strips x vectors]: powers of two. */
  readonly steps: Float32Array;
}

/**
 * The place in `rounded` of the first number of a vector's strip, of `length` columns. `vectors` is a multiple of
 * eight. The kernel multiplies strip by strip, eight vectors at a time, two columns of each: so the numbers lie as
 * [strips x vectors / 8 x length / 2 x 8 vectors x 2].
 */
function placeOfVector(vector: number, strip: number, vectors: number, length: number): number {
  return strip * stripColumns * vectors + (vector - (vector % 8)) * length + (vector % 8) * 2;
}

/** How far the number of a column of a strip lies behind the first number of the strip. */
function offsetInStrip(column: number): number {
  return column * 8 - (column & 1) * 7;
}

/** How many int16 the kernel needs for rounded rows: it multiplies four rows at a time, and pads the last strip. */
export function roundedSize(rows: number, dim: number): number {
  return placeOfStrip(stripsOf(dim), 0, rows);
}

/** The place of the first number of a row's strip among rounded rows [strips x rows, up to a multiple of 4 x 128]. */
export function placeOfStrip(strip: number, row: number, rows: number): number {
  return (strip * Math.ceil(rows / 4) * 4 + row) * stripColumns;
}

/**
 * Rounds vectors [vectors x columns], whose number is a multiple of eight. A strip of a vector is at most `longest` of
 * its steps long, and a rounded strip of a row 32,010 of its own: by Cauchy and Schwarz no sum of products overflows
 * int32.
 */
export function roundVectors(values: Float32Array, columns: number, longest = 65_500): RoundedVectors {
  const vectors = values.length / columns;
  const rounded = new Int16Array(values.length);
  const steps = new Float32Array(stripsOf(columns) * vectors);
  forEachStrip(vectors, columns, (vector, strip, start, end) => {
    const ofStrip = values.subarray(start, end);
    const step = stepOf(ofStrip, longest);
    steps[strip * vectors + vector] = step;
    roundStrip(ofStrip, 1 / step, rounded, placeOfVector(vector, strip, vectors, end - start));
  });
  return { rounded, steps };
}

/**
 * These vectors [vectors x columns] after rounding: `roundVectors` leaves the result unchanged. The limit of their
 * length is lower here, since a rounded strip may be a little longer.
 */
export function roundable(values: Float32Array, columns: number): Float32Array {
  return fromRounded(roundVectors(values, columns, 65_000), columns);
}

/** The error of `roundVectors`: the Frobenius norm of the difference between the vectors and the rounded vectors. */
export function roundedOff(values: Float32Array, columns: number, of: RoundedVectors): number {
  const rounded = fromRounded(of, columns);
  let sum = 0;
  for (let i = 0; i < rounded.length; i++) sum += (values[i] - rounded[i]) ** 2;
  return Math.sqrt(sum);
}

function fromRounded({ rounded, steps }: RoundedVectors, columns: number): Float32Array {
  const vectors = rounded.length / columns;
  const result = new Float32Array(rounded.length);
  forEachStrip(vectors, columns, (vector, strip, start, end) => {
    const step = steps[strip * vectors + vector];
    const place = placeOfVector(vector, strip, vectors, end - start);
    for (let i = start; i < end; i++) result[i] = rounded[place + offsetInStrip(i - start)] * step;
  });
  return result;
}

function forEachStrip(
  vectors: number,
  columns: number,
  work: (vector: number, strip: number, start: number, end: number) => void,
): void {
  for (let vector = 0; vector < vectors; vector++) {
    for (let from = 0, strip = 0; from < columns; from += stripColumns, strip++) {
      const start = vector * columns + from;
      work(vector, strip, start, start + Math.min(stripColumns, columns - from));
    }
  }
}

/** Multiplies a vector's strip by a power of two, rounds it, and writes it from `place` on (`offsetInStrip`). */
function roundStrip(strip: Float32Array, factor: number, rounded: Int16Array, place: number): void {
  for (let i = 0, at = place; i < strip.length; i += 2, at += 16) {
    rounded[at] = Math.floor(strip[i] * factor + 0.5);
    rounded[at + 1] = Math.floor(strip[i + 1] * factor + 0.5);
  }
}

/** The least power of two as step with which the strip is at most `longest` steps long and its numbers fit int16. */
function stepOf(strip: Float32Array, longest: number): number {
  let square = 0;
  let most = 0;
  for (let i = 0; i < strip.length; i++) {
    const value = strip[i];
    square += value * value;
    if (value > most) most = value;
    else if (-value > most) most = -value;
  }
  return most === 0 ? 1 : 2 ** Math.ceil(Math.log2(Math.max(Math.sqrt(square) / longest, most / 32_767)));
}

/**
 * The largest error of a product of `projectRounded`, as a share of the product of the two lengths, against the exact
 * product of the rounded row and the rounded vector: k u / (1 - k u) with u = 2^-24 (Higham 2002, section 3.1). Of each
 * strip, the kernel has an exact whole sum. k counts the roundings after that: the sum as float32, the product of the
 * two steps, the product of both, and one addition for each strip.
 */
export function projectionRounding(dim: number): number {
  const roundings = 3 + stripsOf(dim);
  return (roundings * unitRoundoff) / (1 - roundings * unitRoundoff);
}

/**
 * The largest error of `floatDot`, as a share of the product of the rows' lengths: k u / (1 - k u) as above. k counts
 * the roundings of one product and of the sums that it goes through: one for the product, one for each of the dim / 16
 * products of its lane, and four where lanes are added. Products that underflow add at most dim 2^-149 to the error.
 */
export function floatDotRounding(dim: number): number {
  const roundings = 1 + Math.ceil(dim / 16) + 4;
  return (roundings * unitRoundoff) / (1 - roundings * unitRoundoff);
}

/** The largest error of `floatDots`, as that of `floatDot`: but a lane adds dim / 4 products, and two sums follow. */
export function floatDotsRounding(dim: number): number {
  const roundings = 1 + Math.ceil(dim / 4) + 4;
  return (roundings * unitRoundoff) / (1 - roundings * unitRoundoff);
}

const unitRoundoff = 2 ** -24;

/**
 * At least the length of the difference between a row of length 1 and the row that `roundRows` made of it, for which it
 * measured `error`. It measures in float32, with a rounded step and a rounded inverse of it: hence the allowance.
 */
export function rowRounding(error: number): number {
  return error * (1 + 2 ** -18) + 2 ** -21;
}

// Its bits may differ from those of the SIMD kernel, since they decide no rank: float64 rounds less than the bounds
// allow.
function scalarProjection(memory: WebAssembly.Memory): ProjectionKernel {
  const { buffer } = memory;
  return {
    roundRows(rows, count, dim, rounded, steps, errors) {
      const values = new Float32Array(buffer, rows, count * dim);
      const whole = new Int16Array(buffer, rounded, roundedSize(count, dim));
      const ofStrips = new Float32Array(buffer, steps, count * stripsOf(dim));
      const squaredErrors = new Float64Array(buffer, errors, count).fill(0);
      forEachStrip(count, dim, (row, strip, start, end) => {
        const square = values.subarray(start, end).reduce((sum, value) => sum + value * value, 0);
        const step = square <= negligibleSquare ? 0 : Math.fround(Math.sqrt(square) / stripLength);
        ofStrips[row * stripsOf(dim) + strip] = step;
        for (let i = start; i < end; i++) {
          const nearest = step === 0 ? 0 : Math.round(values[i] / step);
          whole[placeOfStrip(strip, row, count) + i - start] = nearest;
          squaredErrors[row] += (values[i] - nearest * step) ** 2;
        }
      });
      for (let row = 0; row < count; row++) squaredErrors[row] = Math.sqrt(squaredErrors[row]);
    },
    projectRounded(rows, steps, count, basis, basisSteps, vectors, dim, out) {
      const a = new Int16Array(buffer, rows, roundedSize(count, dim));
      const b = new Int16Array(buffer, basis, vectors * dim);
      const rowSteps = new Float32Array(buffer, steps, count * stripsOf(dim));
      const vectorSteps = new Float32Array(buffer, basisSteps, stripsOf(dim) * vectors);
      const products = new Float32Array(buffer, out, count * vectors).fill(0);
      forEachStrip(count, dim, (row, strip, start, end) => {
        const place = placeOfStrip(strip, row, count);
        const ofRow = a.subarray(place, place + end - start);
        const rowStep = rowSteps[row * stripsOf(dim) + strip];
        for (let j = 0; j < vectors; j++) {
          const sum = stripDot(ofRow, b, placeOfVector(j, strip, vectors, end - start));
          products[row * vectors + j] += sum * rowStep * vectorSteps[strip * vectors + j];
        }
      });
    },
    codeRows(projected, count, width, factors, key, codes, sums, checks) {
      const keys = new Int16Array(buffer, key, width);
      const ofRows = new Float64Array(buffer, factors, count);
      for (let row = 0; row < count; row++) {
        const along = new Float32Array(buffer, projected + row * width * 4, width);
        const coded = new Int16Array(buffer, codes + row * width * 2, width);
        const { cc, cp, squaredError } = codeNumbers(along, ofRows[row], coded);
        new Float64Array(buffer, sums + row * 24, 3).set([cc, cp, squaredError]);
        const check = coded.reduce((sum, code, i) => (sum + code * keys[i]) | 0, 0);
        new Int32Array(buffer, checks, count)[row] = check;
      }
    },
  };
}

/** Sums over the codes c of a row and its projection p, in the unit of codes. */
interface CodeSums {
  /** c.c */
  readonly cc: number;
  /** c.p */
  readonly cp: number;
  /**
   * |p - c|^2
   */
  readonly squaredError: number;
}

/** As `codeRows`, for one row: p is `along` times `factor`; writes the codes. */
export function codeNumbers(along: Float32Array | Float64Array, factor: number, codes: Int16Array): CodeSums {
  let cc = 0;
  let cp = 0;
  let squaredError = 0;
  for (let i = 0; i < codes.length; i++) {
    const p = along[i] * factor;
    const c = Math.max(-largestCode, Math.min(largestCode, Math.round(p)));
    codes[i] = c;
    cc += c * c;
    cp += c * p;
    squaredError += (p - c) * (p - c);
  }
  return { cc, cp, squaredError };
}

/** The dot product of a strip of a rounded row and the strip of a rounded vector that begins at `start`. */
function stripDot(strip: Int16Array, vectors: Int16Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < strip.length; i++) sum += strip[i] * vectors[start + offsetInStrip(i)];
  return sum;
}
