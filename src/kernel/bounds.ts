/** The bound kernel: selects the rows whose bounds reach a floor. */
import {
  type BoundKernel,
  instantiateKernel,
  type KernelImplementation,
  preferredImplementation,
} from './wasm.js';

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
