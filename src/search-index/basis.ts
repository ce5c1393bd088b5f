/**
 * The directions that frames vary along: an orthonormal basis of the leading ones of a sample, by randomised subspace
 * iteration on its uncentred second moment (Halko, Martinsson and Tropp 2011, algorithm 4.4). Answers are exact with any
 * basis; a good one leaves little of a vector out and makes them fast.
 */
import { paddedDim } from '../kernel/scalar.js';
import { doubleAllowance } from './bound.js';
import { dotProduct, type Matrix, multiply, orthonormalRows, transpose } from './matrix.js';

export interface Basis {
  /** Numbers in a row. */
  readonly dim: number;
  /** [width x paddedDim(dim)]; the width is a multiple of eight, and vectors past `dim` of them are all zero. */
  readonly vectors: Matrix;
  /** At least ||BB' - I||, as measured. */
  readonly delta: number;
  /** What the basis leaves out of the sample: the mean of 1 - |Bx|^2 over its rows. */
  readonly leftover: number;
}

/** Widths tried in turn; the last is taken however much it leaves out. */
const widths = [128, 256];
/**
 * A basis that leaves this share of the energy out is wide enough: twice the width would halve the rows left to score,
 * which are few, and double the sketches, which are what a query reads.
 */
const enough = 0.02;
/** After a random start and two rounds, a few per cent more is left out than by the best basis of the same width. */
const rounds = 2;

/** The basis of a sample: [rows x paddedDim(dim)], each row of length 1 or all zero. The same sample, the same basis. */
export function computeBasis(sample: Matrix, dim: number): Basis {
  const rows = withEvenRows(sample);
  const columns = transpose(rows);
  let basis: Basis | undefined;
  for (const width of widths.map((wanted) => Math.min(wanted, paddedDim(dim)))) {
    if (basis && (basis.leftover <= enough || basis.vectors.rows === width)) break;
    basis = iterate(rows, columns, dim, width);
  }
  return basis as Basis;
}

function iterate(sample: Matrix, transposed: Matrix, dim: number, width: number): Basis {
  const rank = Math.min(width, dim);
  let vectors = randomRows(width, sample.columns, dim);
  for (let round = 0; round < rounds; round++) {
    const along = transpose(multiply(sample, vectors));
    vectors = orthonormalRows(transpose(multiply(transposed, along)), rank, dim);
  }
  const along = multiply(sample, vectors).values;
  const kept = dotProduct(along, along);
  const whole = dotProduct(sample.values, sample.values);
  const leftover = whole === 0 ? 0 : Math.max(0, 1 - kept / whole);
  return { dim, vectors, delta: measureDelta(vectors, rank) + doubleAllowance(dim), leftover };
}

/** The Frobenius norm of BB' - I over the vectors that are not zero: at least its spectral norm. */
function measureDelta({ columns, values }: Matrix, rank: number): number {
  let sum = 0;
  for (let i = 0; i < rank; i++) {
    const a = values.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < i; j++) {
      sum += 2 * dotProduct(a, values.subarray(j * columns, (j + 1) * columns)) ** 2;
    }
    sum += (dotProduct(a, a) - 1) ** 2;
  }
  return Math.sqrt(sum);
}

/** Padded with zero rows to a multiple of four, so that it can be transposed. */
function withEvenRows({ rows, columns, values }: Matrix): Matrix {
  const even = Math.ceil(rows / 4) * 4;
  const padded = new Float32Array(even * columns);
  padded.set(values);
  return { rows: even, columns, values: padded };
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
