/** Multiplies blocks of rows by fixed vectors. Both are rounded to int16, in the kernel's memory. */
import {
  createProjectionKernel,
  roundedOff,
  roundedSize,
  roundVectors,
  stripsOf,
} from '../kernel/projection.js';
import { pagesFor } from '../kernel/wasm.js';
import { checkKey } from './film-sketches.js';

/** The most rows of a block, a multiple of four: it stays in the second-level cache beside a strip of the vectors. */
export const projectedRows = 64;

interface Projector {
  /** [projectedRows x columns]: memory for the next block. Rows that are read into it are not copied. */
  readonly loaded: Float32Array;
  /** [projectedRows x vectors]: the products of the rows projected last. */
  readonly projected: Float32Array;
  /** [projectedRows]: the errors of `roundRows` for the rows projected last. */
  readonly errors: Float64Array;
  /**
   * Projects rows [rows x dim]. Each is multiplied by its scale [rows] first, which brings its length between 2^-20 and
   * 2^20.
   */
  project(values: Float32Array, dim: number, scales: Float64Array): void;
  /** Codes the rows projected last by `codeRows`, with a factor for each. The result is valid until the next call. */
  code(factors: Float64Array): CodedRows;
  /** The Frobenius norm of the difference between the vectors and the rounded vectors. */
  roundedOff(): number;
}

interface CodedRows {
  /** [rows x vectors] */
  readonly codes: Int16Array;
  /** [rows x 3]: the `CodeSums` of each row. */
  readonly sums: Float64Array;
  /** [rows]: the products of the codes with `checkKey`. */
  readonly checks: Int32Array;
}

/** A projector on vectors [width x columns], both multiples of eight. */
export function createProjector(vectors: Float32Array, columns: number): Projector {
  const width = vectors.length / columns;
  const { rounded, steps } = roundVectors(vectors, columns);
  let end = 0;
  const reserve = (bytes: number) => {
    const start = end;
    end += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const vectorsAt = reserve(rounded.byteLength);
  const vectorStepsAt = reserve(steps.byteLength);
  const loadedAt = reserve(projectedRows * columns * 4);
  const rowsAt = reserve(roundedSize(projectedRows, columns) * 2);
  const stepsAt = reserve(projectedRows * stripsOf(columns) * 4);
  const errorsAt = reserve(projectedRows * 8);
  const outAt = reserve(projectedRows * width * 4);
  const factorsAt = reserve(projectedRows * 8);
  const keyAt = reserve(width * 2);
  const codesAt = reserve(projectedRows * width * 2);
  const sumsAt = reserve(projectedRows * 3 * 8);
  const checksAt = reserve(projectedRows * 4);
  const memory = new WebAssembly.Memory(pagesFor(end));
  const kernel = createProjectionKernel(memory);
  new Int16Array(memory.buffer, vectorsAt, rounded.length).set(rounded);
  new Float32Array(memory.buffer, vectorStepsAt, steps.length).set(steps);
  new Int16Array(memory.buffer, keyAt, width).set(checkKey(width));
  const loaded = new Float32Array(memory.buffer, loadedAt, projectedRows * columns);
  return {
    loaded,
    projected: new Float32Array(memory.buffer, outAt, projectedRows * width),
    errors: new Float64Array(memory.buffer, errorsAt, projectedRows),
    project(values, dim, scales) {
      const count = scales.length;
      for (let row = 0; row < count; row++) {
        const target = loaded.subarray(row * columns, (row + 1) * columns);
        loadScaled(values.subarray(row * dim, (row + 1) * dim), scales[row], target);
      }
      kernel.roundRows(loadedAt, count, columns, rowsAt, stepsAt, errorsAt);
      kernel.projectRounded(rowsAt, stepsAt, count, vectorsAt, vectorStepsAt, width, columns, outAt);
    },
    code(factors) {
      const count = factors.length;
      new Float64Array(memory.buffer, factorsAt, count).set(factors);
      kernel.codeRows(outAt, count, width, factorsAt, keyAt, codesAt, sumsAt, checksAt);
      return {
        codes: new Int16Array(memory.buffer, codesAt, count * width),
        sums: new Float64Array(memory.buffer, sumsAt, count * 3),
        checks: new Int32Array(memory.buffer, checksAt, count),
      };
    },
    roundedOff: () => roundedOff(vectors, columns, { rounded, steps }),
  };
}

function loadScaled(values: Float32Array, scale: number, target: Float32Array): void {
  if (values.buffer !== target.buffer || values.byteOffset !== target.byteOffset) target.set(values);
  if (scale !== 1) for (let i = 0; i < values.length; i++) target[i] *= scale;
}
