/**
 * Rows times basis vectors in float32, and how far rounding can take the result from the truth: the search index keeps
 * its answers exact by that bound alone.
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

/**
 * The most by which one product of `project` can miss the true one, as a share of |row| |vector|: k u / (1 - k u) with
 * u = 2^-24 (Higham 2002, section 3.1), k the roundings on the longest way from a product to the sum: its own, those of
 * a lane within a strip, two where lanes meet, one a strip.
 */
export function projectionRounding(dim: number): number {
  const roundings = 1 + stripColumns / laneCount + 2 + Math.ceil(dim / stripColumns);
  return (roundings * unitRoundoff) / (1 - roundings * unitRoundoff);
}

const unitRoundoff = 2 ** -24;
const laneCount = 4;
/** As in assembly/projection.ts. */
const stripColumns = 512;

// Sums in float64 round less than the bound allows; nothing is ranked by these numbers, so the bits may differ.
function scalarProjection(memory: WebAssembly.Memory): ProjectionKernel {
  return {
    project(rows, count, basis, vectors, dim, out) {
      const a = new Float32Array(memory.buffer, rows, count * dim);
      const b = new Float32Array(memory.buffer, basis, vectors * dim);
      const products = new Float32Array(memory.buffer, out, count * vectors);
      for (let i = 0; i < count; i++) {
        for (let j = 0; j < vectors; j++) {
          let sum = 0;
          for (let k = 0; k < dim; k++) sum += a[i * dim + k] * b[j * dim + k];
          products[i * vectors + j] = sum;
        }
      }
    },
  };
}
