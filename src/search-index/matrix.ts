/** The linear algebra that a basis needs: float32 matrices, products by the kernel, orthonormal rows. */
import { takeMemory } from '../kernel/kernel-memory.js';
import { preferredImplementation } from '../kernel/wasm.js';
import { createProjector, projectedRows } from './projector.js';

/** Row-major; `columns` is a multiple of eight. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** a b': the product of each row of `a` with each row of `b`, all rounded to int16. `b.rows` is a multiple of eight. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const projector = createProjector(b.values, b.columns);
  const products = new Float32Array(a.rows * b.rows);
  for (let row = 0; row < a.rows; row += projectedRows) {
    const count = Math.min(projectedRows, a.rows - row);
    const values = a.values.subarray(row * a.columns, (row + count) * a.columns);
    projector.project(values, a.columns, new Float64Array(count).fill(1));
    products.set(projector.projected.subarray(0, count * b.rows), row * b.rows);
  }
  return { rows: a.rows, columns: b.rows, values: products };
}

/** The transpose of a matrix whose number of rows is a multiple of eight. */
export function transpose({ rows, columns, values }: Matrix): Matrix {
  const turned = new Float32Array(values.length);
  // In squares that fit the first-level cache, each written in order.
  for (let i = 0; i < rows; i += 16) {
    for (let j = 0; j < columns; j += 16) {
      for (let column = j; column < Math.min(columns, j + 16); column++) {
        for (let row = i; row < Math.min(rows, i + 16); row++) {
          turned[column * rows + row] = values[row * columns + column];
        }
      }
    }
  }
  return { rows: columns, columns: rows, values: turned };
}

/**
 * Orthonormal rows that span what the first `rank` rows span, by Gram-Schmidt in float64; all later rows become zero. A
 * row that depends on those before it is replaced by a unit vector that does not. `columns` is a multiple of eight;
 * columns from `dim` on are zero, and `rank` is at most `dim`.
 */
export function orthonormalRows({ rows, columns, values }: Matrix, rank: number, dim: number): Matrix {
  const result = new Float32Array(rows * columns);
  withProducts(rank, columns, ({ found, vector, dots, subtract }) => {
    let spare = 0;
    for (let row = 0; row < rank; row++) {
      vector.set(values.subarray(row * columns, (row + 1) * columns));
      while (!makeOrthonormal(vector, () => subtract(dots(row)))) {
        vector.fill(0);
        vector[spare++ % dim] = 1;
      }
      found.set(vector, row * columns);
    }
    result.set(found);
  });
  return { rows, columns, values: result };
}

/**
 * At least the spectral norm of D = BB' - I, for the first `rank` rows of B: the fourth root of the Frobenius norm of
 * D^4. If D is only rounding, this is about a quarter of the Frobenius norm of D.
 */
export function distanceFromOrthonormal({ columns, values }: Matrix, rank: number): number {
  const distances = withProducts(rank, columns, ({ found, vector, dots }) => {
    found.set(values.subarray(0, rank * columns));
    return Array.from({ length: rank }, (_, row) => {
      vector.set(found.subarray(row * columns, (row + 1) * columns));
      const products = new Float64Array(Math.ceil(rank / 4) * 4);
      products.set(dots(rank));
      products[row] -= 1;
      return products;
    });
  });
  const fourth = squareOf(squareOf(distances));
  return fourth.reduce((sum, row) => sum + dotProduct(row, row), 0) ** (1 / 8);
}

/** The square of a symmetric matrix. */
function squareOf(rows: readonly Float64Array[]): Float64Array[] {
  const products = rows.map(({ length }) => new Float64Array(length));
  for (const [i, a] of rows.entries()) {
    for (let j = 0; j <= i; j++) products[i][j] = products[j][i] = dotProduct(a, rows[j]);
  }
  return products;
}

interface Products {
  /** [rank x columns]; not cleared. */
  readonly found: Float32Array;
  /** [columns]; not cleared. */
  readonly vector: Float64Array;
  /** The dot products of the vector with the first rows, valid until the next are asked for. */
  dots(rows: number): Float64Array;
  /** Subtracts the first rows, each times its factor, from the vector. */
  subtract(factors: Float64Array): void;
}

/** Does `work` with kernel memory for `rank` rows and a vector. */
function withProducts<T>(rank: number, columns: number, work: (products: Products) => T): T {
  const vectorAt = rank * columns * 4;
  const productsAt = vectorAt + columns * 8;
  const factorsAt = productsAt + rank * 8;
  const { kernel, buffer, release } = takeMemory(factorsAt + rank * 8, preferredImplementation());
  try {
    return work({
      found: new Float32Array(buffer, 0, rank * columns),
      vector: new Float64Array(buffer, vectorAt, columns),
      dots(rows) {
        kernel.dots(0, rows, columns, vectorAt, productsAt);
        return new Float64Array(buffer, productsAt, rows);
      },
      subtract(factors) {
        new Float64Array(buffer, factorsAt, factors.length).set(factors.map((factor) => -factor));
        kernel.addRows(0, factors.length, columns, factorsAt, vectorAt);
      },
    });
  } finally {
    release();
  }
}

/**
 * If the projection along the rows before leaves no more than this share of a vector, it leaves only rounding errors.
 */
const independent = 1e-6;

/**
 * Makes `vector` orthogonal to the rows before it, by `subtractProjection`, and gives it length 1. False if it depends
 * on these rows.
 */
function makeOrthonormal(vector: Float64Array, subtractProjection: () => void): boolean {
  let length = Math.sqrt(dotProduct(vector, vector));
  // Twice is enough (Giraud, Langou and Rozloznik 2005).
  for (let round = 0; round < 2; round++) {
    subtractProjection();
    const left = Math.sqrt(dotProduct(vector, vector));
    if (!(left > independent * length)) return false;
    length = left;
  }
  for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return true;
}

/** The dot product, in four sums that do not wait for each other. The lengths are equal, and multiples of four. */
function dotProduct(a: Float64Array, b: Float64Array): number {
  // Four declarations, since V8 makes an array for `[a, b] = [0, 0]` in a function that it has inlined.
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let i = 0; i < a.length; i += 4) {
    sum0 += a[i] * b[i];
    sum1 += a[i + 1] * b[i + 1];
    sum2 += a[i + 2] * b[i + 2];
    sum3 += a[i + 3] * b[i + 3];
  }
  return sum0 + sum1 + (sum2 + sum3);
}
