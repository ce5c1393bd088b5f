/**
 * The sums of the canonical scores in plain TypeScript. The SIMD kernel must equal them to the bit, and they are used
 * where WebAssembly SIMD is missing. Eight lanes (lane = position mod 8) of float64 sums are added as
 * ((0+2)+(4+6)) + ((1+3)+(5+7)).
 */
import type { LaneKernel } from './wasm.js';

/** Rows are padded with zeros to a multiple of this. */
const laneCount = 8;

/** The canonical dot product of two vectors of equal length, any length. */
export function dotProduct(a: Float32Array, b: Float32Array): number {
  return laneDot(padded(a), 0, padded(b), 0, paddedDim(a.length));
}

/** The canonical squared norm n2: the dot product of a vector with itself. */
export function squaredNorm(a: Float32Array): number {
  return dotProduct(a, a);
}

/** The canonical squared distance of two vectors of equal length; the same to the bit if they are swapped. */
export function squaredDistance(a: Float32Array, b: Float32Array): number {
  return laneDistance(padded(a), 0, padded(b), 0, paddedDim(a.length));
}

/** The smallest multiple of eight that holds `dim` numbers. */
export function paddedDim(dim: number): number {
  return Math.ceil(dim / laneCount) * laneCount;
}

/** The lane kernel without WebAssembly, on memory that the caller owns. */
export function scalarKernel(buffer: ArrayBufferLike): LaneKernel {
  const floats = new Float32Array(buffer);
  const doubles = new Float64Array(buffer);
  return {
    squares(rows, count, dim, out) {
      this.pairDots(rows, rows, count, dim, out);
    },
    dots(rows, count, dim, query, out) {
      for (let i = 0; i < count; i++) {
        doubles[out / 8 + i] = laneDot(floats, rows / 4 + i * dim, doubles, query / 8, dim);
      }
    },
    squaredDistances(rows, count, dim, query, out) {
      for (let i = 0; i < count; i++) {
        doubles[out / 8 + i] = laneDistance(floats, rows / 4 + i * dim, doubles, query / 8, dim);
      }
    },
    pairDots(a, b, count, dim, out) {
      for (let i = 0; i < count; i++) {
        doubles[out / 8 + i] = laneDot(floats, a / 4 + i * dim, floats, b / 4 + i * dim, dim);
      }
    },
    pairSquaredDistances(a, b, count, dim, out) {
      for (let i = 0; i < count; i++) {
        doubles[out / 8 + i] = laneDistance(floats, a / 4 + i * dim, floats, b / 4 + i * dim, dim);
      }
    },
    addRows(rows, count, dim, factors, sums) {
      for (let i = 0; i < count; i++) {
        const factor = doubles[factors / 8 + i];
        if (factor === 0) continue;
        for (let j = 0; j < dim; j++) doubles[sums / 8 + j] += floats[rows / 4 + i * dim + j] * factor;
      }
    },
    floatDot(a, b, dim) {
      return laneDot(floats, a / 4, floats, b / 4, dim);
    },
    floatDots(rows, count, dim, query, out) {
      for (let i = 0; i < count; i++)
        floats[out / 4 + i] = laneDot(floats, rows / 4 + i * dim, floats, query / 4, dim);
    },
  };
}

type Floats = Float32Array | Float64Array;

function padded(a: Float32Array): Float32Array {
  if (a.length % laneCount === 0) {
    return a;
  }
  const copy = new Float32Array(paddedDim(a.length));
  copy.set(a);
  return copy;
}

// Eight variables: an array of eight takes twice as long.
function laneDot(a: Floats, aStart: number, b: Floats, bStart: number, dim: number): number {
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = aStart, j = bStart; i < aStart + dim; i += laneCount, j += laneCount) {
    s0 += a[i] * b[j];
    s1 += a[i + 1] * b[j + 1];
    s2 += a[i + 2] * b[j + 2];
    s3 += a[i + 3] * b[j + 3];
    s4 += a[i + 4] * b[j + 4];
    s5 += a[i + 5] * b[j + 5];
    s6 += a[i + 6] * b[j + 6];
    s7 += a[i + 7] * b[j + 7];
  }
  return s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
}

function laneDistance(a: Floats, aStart: number, b: Floats, bStart: number, dim: number): number {
  let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = aStart, j = bStart; i < aStart + dim; i += laneCount, j += laneCount) {
    s0 += (a[i] - b[j]) * (a[i] - b[j]);
    s1 += (a[i + 1] - b[j + 1]) * (a[i + 1] - b[j + 1]);
    s2 += (a[i + 2] - b[j + 2]) * (a[i + 2] - b[j + 2]);
    s3 += (a[i + 3] - b[j + 3]) * (a[i + 3] - b[j + 3]);
    s4 += (a[i + 4] - b[j + 4]) * (a[i + 4] - b[j + 4]);
    s5 += (a[i + 5] - b[j + 5]) * (a[i + 5] - b[j + 5]);
    s6 += (a[i + 6] - b[j + 6]) * (a[i + 6] - b[j + 6]);
    s7 += (a[i + 7] - b[j + 7]) * (a[i + 7] - b[j + 7]);
  }
  return s0 + s2 + (s4 + s6) + (s1 + s3 + (s5 + s7));
}
