/**
 * The basis of sketches: orthonormal directions along which the rows of a sample vary most, by randomised subspace
 * iteration on the sample's uncentred second moment (Halko, Martinsson and Tropp 2011, algorithm 4.4). Answers are
 * exact with any basis; with a good one remainders are small, and searches fast.
 */
import { roundable } from '../kernel/projection.js';
import { paddedDim, squaredNorm } from '../kernel/scalar.js';
import { hasDirection } from '../ranking/rows.js';
import { doubleAllowance } from './bound.js';
import { openFilmRows } from './film-rows.js';
import { distanceFromOrthonormal, type Matrix, multiply, orthonormalRows, transpose } from './matrix.js';

export interface Basis {
  /** Numbers in a row. */
  readonly dim: number;
  /**
   * [width x paddedDim(dim)]. The width is a multiple of eight; of more than `dim` vectors, the others are all zero.
   */
  readonly vectors: Matrix;
  /** At least ||BB' - I||, as measured. */
  readonly delta: number;
  /** The mean of 1 - |Bx|^2 over the rows x of the sample: the share of them that the basis does not describe. */
  readonly leftover: number;
}

/**
 * The width of most bases. With 256 instead of 128, batch work reads a third of the rows, and costs little more: it
 * multiplies the heads of all sketches, but the other codes of only a few. A search for one frame reads twice the bytes
 * of the few films that it opens.
 */
const usualWidth = 256;
/** After two rounds from a random start, `leftover` is a few per cent larger than that of the best basis. */
const rounds = 2;

/** A basis takes at most this share of the vectors' bytes, or this many bytes if there are few vectors. */
const largestShare = 0.1;
const smallBasisBytes = (rows: number) => (rows < 200 ? 2 ** 16 : 1.6e6);
/**
 * And never more bytes than this: the time to make its rows orthonormal grows with their length and the square of their
 * number.
 */
const largestBasisBytes = 2 ** 23;

/**
 * The width of a basis for so many rows, a multiple of eight. It is 0 if the basis would be too large for what it
 * saves: for very long rows, or for few.
 */
export function basisWidth(rows: number, dim: number): number {
  const bytes = Math.min(largestBasisBytes, Math.max(smallBasisBytes(rows), largestShare * rows * dim * 4));
  const most = Math.floor(bytes / (paddedDim(dim) * 4) / 8) * 8;
  return Math.min(most, usualWidth, paddedDim(dim));
}

/**
 * The basis of a sample [rows x paddedDim(dim)], whose rows have length 1 or are all zero. `width` is a multiple of
 * eight. The same sample gives the same basis.
 */
export function computeBasis(
  sample: Matrix,
  dim: number,
  width: number = Math.max(8, basisWidth(Number.POSITIVE_INFINITY, dim)),
): Basis {
  const rows = withPaddedRows(sample);
  const columns = transpose(rows);
  const rank = Math.min(width, dim);
  let vectors = randomRows(width, rows.columns, dim);
  for (let round = 0; round < rounds; round++) {
    const along = transpose(multiply(rows, vectors));
    vectors = orthonormalRows(transpose(multiply(columns, along)), rank, dim);
  }
  vectors = { ...vectors, values: roundable(vectors.values, vectors.columns) };
  const along = multiply(rows, vectors).values;
  const kept = squaredNorm(along);
  const whole = squaredNorm(rows.values);
  const leftover = whole === 0 ? 0 : Math.max(0, 1 - kept / whole);
  return { dim, vectors, delta: distanceFromOrthonormal(vectors, rank) + doubleAllowance(dim), leftover };
}

/** The matrix with zero rows added, up to a multiple of eight and at least eight, so that it can be transposed. */
function withPaddedRows(sample: Matrix): Matrix {
  const { rows, columns, values } = sample;
  const padded = Math.max(8, Math.ceil(rows / 8) * 8);
  if (rows === padded) return sample;
  const paddedValues = new Float32Array(padded * columns);
  paddedValues.set(values);
  return { rows: padded, columns, values: paddedValues };
}

/** Numbers between -1 and 1 in the first `dim` columns, the same every time: mulberry32. */
function randomRows(rows: number, columns: number, dim: number): Matrix {
  let state = 1963;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < dim; column++) values[row * columns + column] = next();
  }
  return { rows, columns, values };
}

/**
 * One row in 32 is sampled, within these bounds. With twice as many, `leftover` is a tenth smaller, which makes no
 * search faster; and the sample takes twice the time, which is much of the build of a small collection.
 */
const fewestSampled = 1024;
const mostSampled = 2048;
const share = 1 / 32;
/** Bytes of a sample at most: fewer rows are taken of very long ones. */
const sampleBytes = 64 * 2 ** 20;

/** How many of `rows` rows are sampled, at most. */
function sampleSize(rows: number, dim: number): number {
  const size = Math.min(mostSampled, Math.max(fewestSampled, Math.floor(rows * share)));
  return Math.max(
    1,
    Math.min(size, Math.floor(sampleBytes / (paddedDim(dim) * Float32Array.BYTES_PER_ELEMENT))),
  );
}

/** The indices of the rows that are sampled of each film, evenly spaced over the rows of all films. */
export function sampledRows(rowsOfFilms: readonly number[], dim: number): number[][] {
  const total = rowsOfFilms.reduce((sum, rows) => sum + rows, 0);
  const wanted = sampleSize(total, dim);
  const step = Math.max(1, total / wanted);
  let before = 0;
  let taken = 0;
  return rowsOfFilms.map((rows) => {
    const indices: number[] = [];
    for (; Math.floor(taken * step) < before + rows && taken < wanted; taken++)
      indices.push(Math.floor(taken * step) - before);
    before += rows;
    return indices;
  });
}

/**
 * The sample of the films at `rowsPaths`: rows [rows x paddedDim(dim)], each divided by its length; those without a
 * direction are left out. Errors: `index-damaged`, `file-unreadable`.
 */
export function readSample(rowsPaths: readonly string[], dim: number): Matrix {
  const columns = paddedDim(dim);
  const films = rowsPaths.flatMap((path) => openFilmRows(path) ?? []);
  try {
    const sampled = sampledRows(
      films.map(({ meta }) => meta.frames),
      dim,
    );
    const values = new Float32Array(sampled.reduce((sum, { length }) => sum + length, 0) * columns);
    const row = new Float32Array(dim);
    let rows = 0;
    for (const [place, film] of films.entries()) {
      const norms = film.squaredNorms();
      for (const index of sampled[place].filter((index) => hasDirection(norms[index]))) {
        film.readRows(index, row);
        layUnit(row, norms[index], values, rows * columns);
        rows++;
      }
    }
    return { rows, columns, values: values.subarray(0, rows * columns) };
  } finally {
    for (const film of films) film.close();
  }
}

/** Writes a row, divided by its length, into a sample, from `start` on. */
export function layUnit(row: Float32Array, squaredNorm: number, sample: Float32Array, start: number): void {
  const length = Math.sqrt(squaredNorm);
  for (let i = 0; i < row.length; i++) sample[start + i] = row[i] / length;
}
