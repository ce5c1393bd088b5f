/** Multiplies rows, a block at a time, with vectors that stay: both are rounded to int16, in the memory of the kernel. */
import { createProjectionKernel, roundedOff, roundVectors, stripsOf } from '../kernel/projection.js';
import { pagesFor } from '../kernel/wasm.js';

/** Rows that a projector takes at once at most, an even number: a block stays in the second-level cache beside a strip of the vectors. */
export const projectedRows = 64;

export interface Projector {
  /** [projectedRows x vectors]: the products of the rows projected last. */
  readonly projected: Float32Array;
  /** [projectedRows]: what `roundRows` measured of them. */
  readonly errors: Float64Array;
  /** Multiplies rows [rows x dim], each times its scale, which brings its length between 2^-20 and 2^20. */
  project(values: Float32Array, dim: number, scales: Float64Array): void;
  /** How far the rounded vectors are from the vectors: the Frobenius norm of the difference. */
  roundedOff(): number;
}

/** A projector on vectors [vectors x columns]: a multiple of four of them, and of eight columns. */
export function createProjector(vectors: Float32Array, columns: number): Projector {
  const width = vectors.length / columns;
  const { rounded, steps } = roundVectors(vectors, columns);
  let end = 0;
  const place = (bytes: number) => {
    end += Math.ceil(bytes / 64) * 64;
    return end - Math.ceil(bytes / 64) * 64;
  };
  const vectorsAt = place(rounded.byteLength);
  const vectorStepsAt = place(steps.byteLength);
  const loadedAt = place(projectedRows * columns * 4);
  const rowsAt = place(projectedRows * columns * 2);
  const stepsAt = place(projectedRows * stripsOf(columns) * 4);
  const errorsAt = place(projectedRows * 8);
  const outAt = place(projectedRows * width * 4);
  const memory = new WebAssembly.Memory(pagesFor(end));
  const kernel = createProjectionKernel(memory);
  new Int16Array(memory.buffer, vectorsAt, rounded.length).set(rounded);
  new Float32Array(memory.buffer, vectorStepsAt, steps.length).set(steps);
  const loaded = new Float32Array(memory.buffer, loadedAt, projectedRows * columns);
  return {
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
    roundedOff: () => roundedOff(vectors, columns, { rounded, steps }),
  };
}

function loadScaled(values: Float32Array, scale: number, target: Float32Array): void {
  target.set(values);
  if (scale !== 1) for (let i = 0; i < values.length; i++) target[i] *= scale;
}
