/**
 * The kernel that multiplies the sketches of rows by those of queries, and finds the rows whose bounds reach a floor.
 */
import {
  instantiateKernel,
  type KernelImplementation,
  preferredImplementation,
  type TileKernel,
} from './wasm.js';

/** The kernel on `memory`. Errors: `file-unreadable` if the compiled kernel is missing. */
export function createTileKernel(
  memory: WebAssembly.Memory,
  implementation: KernelImplementation = preferredImplementation(),
): TileKernel {
  return implementation === 'simd' ? instantiateKernel(memory) : scalarTiles(memory);
}

function scalarTiles(memory: WebAssembly.Memory): TileKernel {
  return {
    tile(a, aRows, b, bRows, dim, out) {
      const ofA = new Int16Array(memory.buffer, a, aRows * dim);
      const ofB = new Int16Array(memory.buffer, b, bRows * dim);
      const products = new Int32Array(memory.buffer, out);
      const stride = Math.ceil(bRows / 4) * 4;
      for (let i = 0; i < aRows; i++) {
        for (let j = 0; j < bRows; j++) {
          let sum = 0;
          for (let k = 0; k < dim; k++) {
            sum = (sum + ofA[i * dim + k] * ofB[j * dim + k]) | 0;
          }
          products[i * stride + j] = sum;
        }
      }
    },
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
    highest(products, remainders, count, scale, slope, base) {
      const ofProducts = new Int32Array(memory.buffer, products, count);
      const ofRemainders = new Float32Array(memory.buffer, remainders, count);
      let most = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < count; i++) {
        const bound = ofProducts[i] * scale + (base + slope * ofRemainders[i]);
        if (bound > most) most = bound;
      }
      return most;
    },
    firstDifference(a, b, count) {
      const others = new Int32Array(memory.buffer, b, count);
      return new Int32Array(memory.buffer, a, count).findIndex((value, i) => value !== others[i]);
    },
  };
}
