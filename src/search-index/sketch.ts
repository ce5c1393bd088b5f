/**
 * A sketch is the projection of a vector along the basis, as int16 codes, with bounds of its errors (`bound.ts`). Rows
 * are rounded to int16 and projected in blocks; queries, which are few, by the canonical kernel.
 */
import { createBlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import { codeNumbers, rowRounding } from '../kernel/projection.js';
import { squaredNorm } from '../kernel/scalar.js';
import { hasDirection } from '../ranking/rows.js';
import type { Basis } from './basis.js';
import {
  codeScale,
  doubleAllowance,
  projectionAllowance,
  roundUpToFloat32,
  type SketchErrors,
  sketchErrors,
} from './bound.js';
import type { FilmRows } from './film-rows.js';
import { checkKey, checkOf, type FilmSketches, sketchesDamaged } from './film-sketches.js';
import { createProjector, projectedRows } from './projector.js';

/** The sketches of a block of rows. The arrays are valid until the next block is sketched. */
interface RowSketches {
  /** [rows x width], row-major. */
  readonly codes: Int16Array;
  /** The remainder of each row, rounded up: 0 for all-zero rows, NaN for rows that are not finite. */
  readonly remainders: Float32Array;
  /** [rows]: the products of the codes with `checkKey`. */
  readonly checks: Int32Array;
  /** The largest coding error of the rows. */
  readonly coding: number;
}

export interface RowSketcher {
  /** Id of the basis. */
  readonly basis: string;
  readonly width: number;
  /** [projectedRows x dim]: rows that are read into it are not copied again, if `dim` is a multiple of eight. */
  readonly memory: Float32Array;
  /**
   * Sketches `values` [rows x dim], row-major, at most `projectedRows` rows. `squaredNorms` has their n2. Overwrites
   * `memory`.
   */
  sketch(values: Float32Array, squaredNorms: Float64Array): RowSketches;
}

/** A sketcher with memory for the basis of this id and one block. */
export function createRowSketcher(id: string, { dim, vectors, delta }: Basis): RowSketcher {
  const width = vectors.rows;
  const projector = createProjector(vectors.values, vectors.columns);
  const basisError = projector.roundedOff();
  const remainders = new Float32Array(projectedRows);

  return {
    basis: id,
    width,
    memory: dim === vectors.columns ? projector.loaded : new Float32Array(projectedRows * dim),
    sketch(values, squaredNorms) {
      const rows = squaredNorms.length;
      const scales = Float64Array.from(squaredNorms, loadingScale);
      const units = scales.map((scale, row) =>
        hasDirection(squaredNorms[row]) ? 1 / (Math.sqrt(squaredNorms[row]) * scale) : 0,
      );
      projector.project(values, dim, scales);
      const { codes, sums, checks } = projector.code(units.map((unit) => unit * codeScale));
      let largest = 0;
      for (const [row, unit] of units.entries()) {
        if (unit === 0) {
          remainders[row] = squaredNorms[row] === 0 ? 0 : Number.NaN;
          continue;
        }
        const [cc, cp, squaredError] = sums.subarray(row * 3, row * 3 + 3);
        const rounded = { row: rowRounding(projector.errors[row] * unit), basis: basisError };
        const allowance = projectionAllowance(dim, width, delta, rounded);
        const { coding, remainder } = sketchErrors({ cc, cp, squaredError }, allowance, delta);
        remainders[row] = roundUpToFloat32(remainder);
        largest = Math.max(largest, coding);
      }
      return { codes, remainders: remainders.subarray(0, rows), checks, coding: largest };
    },
  };
}

/** The sketch of a query vector. */
export interface QuerySketch extends SketchErrors {
  /** [width] */
  readonly codes: Int16Array;
  readonly squaredNorm: number;
}

/** The sketches of finite vectors of `dim` numbers. An all-zero one has a sketch of zeros. */
export function sketchQueries(
  { dim, vectors, delta }: Basis,
  queries: readonly Float32Array[],
): QuerySketch[] {
  const { rows: width, columns, values } = vectors;
  const along = queries.map(() => new Float64Array(width));
  const maxRows = Math.min(width, rowsPerBlock(columns));
  const scorer = createBlockScorer({
    dim: columns,
    queries: queries.map((query) => padded(query, columns)),
    maxRows,
  });
  try {
    for (let first = 0; first < width; first += maxRows) {
      const rows = Math.min(maxRows, width - first);
      scorer.load(values.subarray(first * columns, (first + rows) * columns), rows);
      for (const [q, products] of along.entries()) products.set(scorer.dots(q), first);
    }
  } finally {
    scorer.release();
  }
  return queries.map((query, q) => {
    const norm = squaredNorm(query);
    const codes = new Int16Array(width);
    if (norm === 0) return { codes, squaredNorm: 0, length: 0, coding: 0, remainder: 0 };
    const sums = codeNumbers(along[q], codeScale / Math.sqrt(norm), codes);
    return { codes, squaredNorm: norm, ...sketchErrors(sums, doubleAllowance(dim), delta) };
  });
}

/**
 * The sketch of a query that is row `index` of a film, from the film's sketch file: the basis need not be read.
 * Undefined if the row is not the same vector to the bit. Errors: `index-damaged`, `file-unreadable`.
 */
export function sketchOfRow(
  query: Float32Array,
  index: number,
  sketches: FilmSketches,
  rows: FilmRows,
): QuerySketch | undefined {
  const { dim, width, coding } = sketches.meta;
  const row = new Float32Array(dim);
  rows.readRows(index, row);
  if (Buffer.compare(bytesOf(row), bytesOf(query)) !== 0) return undefined;
  const codes = new Int16Array(width);
  sketches.readCodes(index, bytesOf(codes));
  if (checkOf(codes, 0, checkKey(width)) !== sketches.checks()[index])
    throw sketchesDamaged(sketches.path, index);
  const length = Math.sqrt(codes.reduce((sum, code) => sum + code * code, 0)) / codeScale;
  return {
    codes,
    squaredNorm: squaredNorm(query),
    length,
    coding,
    remainder: sketches.remainders()[index],
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * A power of two that brings rows of extreme length to about 1 before they are projected, so that float32 neither
 * overflows nor loses bits below its smallest normal number.
 */
function loadingScale(squaredNorm: number): number {
  const isUsual = squaredNorm > 2 ** -40 && squaredNorm < 2 ** 40;
  if (isUsual || !hasDirection(squaredNorm)) return 1;
  return 2 ** -Math.round(Math.log2(squaredNorm) / 2);
}

function padded(query: Float32Array, columns: number): Float32Array {
  if (query.length === columns) return query;
  const copy = new Float32Array(columns);
  copy.set(query);
  return copy;
}
