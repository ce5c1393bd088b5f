/**
 * Picks the rows whose bounds matter, as calls on addresses. A search makes them once a process, over hundred thousands
 * of rows: JavaScript would be done before it is compiled.
 */
import { type KernelImplementation, preferredImplementation } from './kernel-memory.js';
import { instantiateKernel } from './wasm.js';

export interface BoundKernel {
  /**
   * Writes the numbers of the rows with product * scale + (base + slope * remainder) >= floor to `out`, int32, and
   * returns how many. `products` are int32, `remainders` float32, `count` of each. NaN reaches nothing.
   */
  reaching(
    products: number,
    remainders: number,
    count: number,
    scale: number,
    slope: number,
    base: number,
    floor: number,
    out: number,
  ): number;
  /** The first place where two lists of `count` int32 differ, or -1. */
  firstDifference(a: number, b: number, count: number): number;
}

/** The kernel on `memory`. Throws `file-unreadable` when the compiled kernel is missing. */
export function createBoundKernel(
  memory: WebAssembly.Memory,
  implementation: KernelImplementation = preferredImplementation(),
): BoundKernel {
  return implementation === 'simd' ? instantiateKernel(memory) : scalarBounds(memory);
}

function scalarBounds(memory: WebAssembly.Memory): BoundKernel {
  return {
    reaching(products, remainders, count, scale, slope, base, floor, out) {
      const ofProducts = new Int32Array(memory.buffer, products, count);
      const ofRemainders = new Float32Array(memory.buffer, remainders, count);
      const written = new Int32Array(memory.buffer, out, count);
      let found = 0;
      for (let i = 0; i < count; i++) {
        if (ofProducts[i] * scale + (base + slope * ofRemainders[i]) >= floor) written[found++] = i;
      }
      return found;
    },
    firstDifference(a, b, count) {
      const others = new Int32Array(memory.buffer, b, count);
      return new Int32Array(memory.buffer, a, count).findIndex((value, i) => value !== others[i]);
    },
  };
}
