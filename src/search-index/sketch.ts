/**
 * Sketches: what a vector is along the basis, as int16 codes, and how far that is from the truth (`bound.ts`). Rows are
 * projected in blocks, rounded to int16; queries, which are few, by the canonical kernel.
 */
import { createBlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import { rowRounding } from '../kernel/projection.js';
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
import { createProjector, projectedRows } from './projector.js';

/** The sketches of a block of rows; views that are valid until the next block is sketched. */
export interface RowSketches {
  /** [rows x width], row-major. */
  readonly codes: Int16Array;
  /** The remainder of each row, rounded up: 0 for all-zero rows, NaN for rows that are not finite. */
  readonly remainders: Float32Array;
  /** The largest coding error of the rows. */
  readonly coding: number;
}

export interface RowSketcher {
  /** Id of the basis. */
  readonly basis: string;
  readonly width: number;
  /** `values` is [rows x dim], row-major, of `projectedRows` at most; `squaredNorms` the rows' n2. */
  sketch(values: Float32Array, squaredNorms: Float64Array): RowSketches;
}

/** A sketcher with memory for the basis of this id and one block. */
export function createRowSketcher(id: string, { dim, vectors, delta }: Basis): RowSketcher {
  const width = vectors.rows;
  const projector = createProjector(vectors.values, vectors.columns);
  const basisError = projector.roundedOff();
  const codes = new Int16Array(projectedRows * width);
  const remainders = new Float32Array(projectedRows);

  /** Codes a row that is projected, and returns its coding error. */
  const codeRow = (row: number, norm: number, scale: number): number => {
    const target = codes.subarray(row * width, (row + 1) * width);
    if (!hasDirection(norm)) {
      target.fill(0);
      remainders[row] = norm === 0 ? 0 : Number.NaN;
      return 0;
    }
    const along = projector.projected.subarray(row * width, (row + 1) * width);
    const unit = 1 / (Math.sqrt(norm) * scale);
    const missed = { row: rowRounding(projector.errors[row] * unit), basis: basisError };
    const allowance = projectionAllowance(dim, width, delta, missed);
    const { coding, remainder } = code(along, unit, target, allowance, delta);
    remainders[row] = roundUpToFloat32(remainder);
    return coding;
  };

  return {
    basis: id,
    width,
    sketch(values, squaredNorms) {
      const rows = squaredNorms.length;
      const scales = Float64Array.from(squaredNorms, loadingScale);
      projector.project(values, dim, scales);
      let largest = 0;
      for (const [row, norm] of squaredNorms.entries()) {
        largest = Math.max(largest, codeRow(row, norm, scales[row]));
      }
      return {
        codes: codes.subarray(0, rows * width),
        remainders: remainders.subarray(0, rows),
        coding: largest,
      };
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
    const errors = code(along[q], 1 / Math.sqrt(norm), codes, doubleAllowance(dim), delta);
    return { codes, squaredNorm: norm, ...errors };
  });
}

/** Codes of projections times `unit`, into `codes`, and their errors. */
function code(
  along: Float32Array | Float64Array,
  unit: number,
  codes: Int16Array,
  allowance: number,
  delta: number,
): SketchErrors {
  let cc = 0;
  let cp = 0;
  let squaredError = 0;
  for (let i = 0; i < codes.length; i++) {
    const p = along[i] * unit * codeScale;
    const c = Math.max(-codeScale, Math.min(codeScale, Math.round(p)));
    codes[i] = c;
    cc += c * c;
    cp += c * p;
    squaredError += (p - c) * (p - c);
  }
  const square = codeScale * codeScale;
  return sketchErrors(
    { cc: cc / square, cp: cp / square, squaredError: squaredError / square },
    allowance,
    delta,
  );
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
