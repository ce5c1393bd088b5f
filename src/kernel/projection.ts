/**
 * Products of rows with basis vectors, and of two rows, and how far rounding can take them from the truth: the search index
 * and batch work keep their answers exact by these bounds alone.
 */
import {
  instantiateKernel,
  type KernelImplementation,
  type ProjectionKernel,
  preferredImplementation,
} from './wasm.js';

/** The projection kernel on `memory`. Throws `file-unreadable` when the compiled kernel is missing. */
export function createProjectionKernel(
  memory: WebAssembly.Memory,
  implementation: KernelImplementation = preferredImplementation(),
): ProjectionKernel {
  return implementation === 'simd' ? instantiateKernel(memory) : scalarProjection(memory);
}

/** Columns that are rounded to multiples of one step; as in assembly/projection.ts. */
const roundedColumns = 128;
/** How long a strip of a row is in its steps; as in assembly/projection.ts. */
const roundedLength = 32_000;
/** Strips of rows that are all zero for `roundRows`; as in assembly/projection.ts. */
const nothing = 2 ** -80;

/** The largest code; as in assembly/projection.ts. */
export const largestCode = 32_767;

/** How many strips a row of `dim` numbers has. */
export function stripsOf(dim: number): number {
  return Math.ceil(dim / roundedColumns);
}

/** Vectors in int16. */
export interface RoundedVectors {
  /** [vectors x columns], in the order of the kernel. */
  readonly rounded: Int16Array;
  /** [strips x vectors]: powers of two. */
  readonly steps: Float32Array;
}

/**
 * Where the strip of a vector begins among `vectors` rounded ones, a multiple of eight: strip after strip, in a strip eight
 * vectors after the other eight, and of these two numbers of each in turn (`inStrip`), as the kernel multiplies them.
 */
function placeOfVector(vector: number, strip: number, vectors: number, length: number): number {
  return strip * roundedColumns * vectors + (vector - (vector % 8)) * length + (vector % 8) * 2;
}

/** How far after the first number of a vector's strip another lies. */
function inStrip(number: number): number {
  return number * 8 - (number & 1) * 7;
}

/** How many numbers so many rounded rows take, as the kernel multiplies them: four at a time, all strips of equal length. */
export function roundedSize(rows: number, dim: number): number {
  return placeOfStrip(stripsOf(dim), 0, rows);
}

/** Where a strip of a rounded row begins. */
export function placeOfStrip(strip: number, row: number, rows: number): number {
  return (strip * Math.ceil(rows / 4) * 4 + row) * roundedColumns;
}

/**
 * Rounds vectors [vectors x columns], a multiple of eight of them. A strip of a vector is at most 65,500 of its steps long
 * and one of a row 32,010: by Cauchy and Schwarz no sum of their products overflows int32.
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
 * Vectors of which `roundVectors` rounds nothing off, as close to these [vectors x columns] as there are any: the limit is
 * lower, since what is rounded up is a little longer.
 */
export function roundable(values: Float32Array, columns: number): Float32Array {
  return unrounded(roundVectors(values, columns, 65_000), columns);
}

/** How much `roundVectors` rounded off: the Frobenius norm of the difference. */
export function roundedOff(values: Float32Array, columns: number, of: RoundedVectors): number {
  const rounded = unrounded(of, columns);
  let sum = 0;
  for (let i = 0; i < rounded.length; i++) sum += (values[i] - rounded[i]) ** 2;
  return Math.sqrt(sum);
}

function unrounded({ rounded, steps }: RoundedVectors, columns: number): Float32Array {
  const vectors = rounded.length / columns;
  const result = new Float32Array(rounded.length);
  forEachStrip(vectors, columns, (vector, strip, start, end) => {
    const step = steps[strip * vectors + vector];
    const place = placeOfVector(vector, strip, vectors, end - start);
    for (let i = start; i < end; i++) result[i] = rounded[place + inStrip(i - start)] * step;
  });
  return result;
}

function forEachStrip(
  vectors: number,
  columns: number,
  work: (vector: number, strip: number, start: number, end: number) => void,
): void {
  for (let vector = 0; vector < vectors; vector++) {
    for (let from = 0, strip = 0; from < columns; from += roundedColumns, strip++) {
      const start = vector * columns + from;
      work(vector, strip, start, start + Math.min(roundedColumns, columns - from));
    }
  }
}

/** Rounds a strip, each number times a power of two, to its place in the order of the kernel (`inStrip`). */
function roundStrip(strip: Float32Array, factor: number, rounded: Int16Array, place: number): void {
  for (let i = 0, at = place; i < strip.length; i += 2, at += 16) {
    rounded[at] = Math.floor(strip[i] * factor + 0.5);
    rounded[at + 1] = Math.floor(strip[i + 1] * factor + 0.5);
  }
}

/** The least power of two by which the strip is no longer than `longest` steps, and no number exceeds int16. */
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
 * The most by which a product of `projectRounded` can miss that of the rounded row and vector, as a share of their
 * lengths: k u / (1 - k u) with u = 2^-24 (Higham 2002, section 3.1), k the roundings on the way from a strip's sum, a
 * whole number, to the result: it as float32, its step, their product, one a strip.
 */
export function projectionRounding(dim: number): number {
  const roundings = 3 + stripsOf(dim);
  return (roundings * unitRoundoff) / (1 - roundings * unitRoundoff);
}

/**
 * The most by which `floatDot` can miss the true product, as a share of the rows' lengths: k as above, the roundings on the
 * way from a product to the sum: its own, those of a lane, which has one product in sixteen, four where lanes meet. Products that underflow are off by at most dim 2^-149 beside.
 */
export function floatDotRounding(dim: number): number {
  const roundings = 1 + Math.ceil(dim / 16) + 4;
  return (roundings * unitRoundoff) / (1 - roundings * unitRoundoff);
}

const unitRoundoff = 2 ** -24;

/**
 * The most by which a row of length 1 can miss what `roundRows` made of it, where it measured `error`: the measure is made
 * in float32, from products with a factor and an inverse that are rounded.
 */
export function rowRounding(error: number): number {
  return error * (1 + 2 ** -18) + 2 ** -21;
}

// Sums in float64 round less than the bound allows; nothing is ranked by these numbers, so the bits may differ.
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
        const step = square <= nothing ? 0 : Math.fround(Math.sqrt(square) / roundedLength);
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

/** What the kernel sums up of the codes of a row, in whole codes. */
interface CodeSums {
  readonly cc: number;
  readonly cp: number;
  readonly squaredError: number;
}

/** As `codeRows`, of one row. */
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

/** Of a strip of a rounded row and that of a vector which begins at `start`. */
function stripDot(strip: Int16Array, vectors: Int16Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < strip.length; i++) sum += strip[i] * vectors[start + inStrip(i)];
  return sum;
}
