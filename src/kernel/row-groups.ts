/**
 * Sketches in the kernel's memory, laid so that batch work multiplies the heads of many pairs of rows at once, and the rest
 * of the few whose heads' product is large enough.
 *
 * Rows lie in groups of sixteen. A group has the heads, int16 [headDim / 2 x 16 rows x 2], so that a vector holds two codes
 * of four rows; the thresholds of heads, int32 [16]; those of whole products, int32 [16]; and what the heads leave of
 * each row, int16 [16 rows x restDim].
 */
import {
  type GroupKernel,
  instantiateKernel,
  type KernelImplementation,
  preferredImplementation,
} from './wasm.js';

export const groupRows = 16;

/** How the rows of one width are laid. */
export interface GroupShape {
  /** Codes of a head, and those that it leaves: multiples of eight. */
  readonly headDim: number;
  readonly restDim: number;
}

/** Bytes of the groups of so many rows. */
export function groupBytes({ headDim, restDim }: GroupShape, rows = groupRows): number {
  return Math.ceil(rows / groupRows) * groupRows * 2 * (headDim + restDim + 4);
}

/** Rows laid at an address. */
export interface RowGroups {
  /** Lays a row of headDim + restDim codes at a place. */
  lay(place: number, codes: Int16Array): void;
  /** Sets the least product that counts of a row's head, and of the whole row. */
  setThresholds(place: number, ofHead: number, ofWhole: number): void;
}

/** The rows at `address`, a multiple of 16, in a memory that is not to grow. */
export function rowGroups(memory: WebAssembly.Memory, address: number, shape: GroupShape): RowGroups {
  const { headDim, restDim } = shape;
  const codesAt = new Int16Array(memory.buffer, address);
  const thresholds = new Int32Array(memory.buffer, address);
  const codesOfGroup = groupBytes(shape) / 2;
  const headsOfGroup = groupRows * headDim;
  return {
    lay(place, codes) {
      const lane = place % groupRows;
      const group = ((place - lane) / groupRows) * codesOfGroup;
      for (let k = 0, at = group + 2 * lane; k < headDim; k += 2, at += 2 * groupRows) {
        codesAt[at] = codes[k];
        codesAt[at + 1] = codes[k + 1];
      }
      const rests = group + headsOfGroup + 4 * groupRows;
      codesAt.set(codes.subarray(headDim), rests + lane * restDim);
    },
    setThresholds(place, ofHead, ofWhole) {
      const lane = place % groupRows;
      const at = (((place - lane) / groupRows) * codesOfGroup + headsOfGroup) / 2 + lane;
      thresholds[at] = ofHead;
      thresholds[at + groupRows] = ofWhole;
    },
  };
}

/** The kernel on `memory`. Throws `file-unreadable` when the compiled kernel is missing. */
export function createGroupKernel(
  memory: WebAssembly.Memory,
  implementation: KernelImplementation = preferredImplementation(),
): GroupKernel {
  return implementation === 'simd' ? instantiateKernel(memory) : scalarGroups(memory);
}

function scalarGroups(memory: WebAssembly.Memory): GroupKernel {
  return {
    survivors(a, aRows, b, bRows, headDim, restDim, _scratch, out) {
      const shape = { headDim, restDim };
      const [rowsA, rowsB] = [readGroups(memory, a, aRows, shape), readGroups(memory, b, bRows, shape)];
      const written = new Int32Array(memory.buffer, out);
      let count = 0;
      for (const [i, one] of rowsA.entries()) {
        for (const [j, other] of rowsB.entries()) {
          const head = product(one.codes, other.codes, 0, headDim);
          if (head < Math.min(one.ofHead, other.ofHead)) continue;
          const whole = (head + product(one.codes, other.codes, headDim, headDim + restDim)) | 0;
          if (whole >= Math.min(one.ofWhole, other.ofWhole)) written.set([i, j, whole], 3 * count++);
        }
      }
      return count;
    },
    raiseTops(a, aRows, topsA, b, bRows, topsB, headDim, restDim) {
      const shape = { headDim, restDim };
      const [rowsA, rowsB] = [readGroups(memory, a, aRows, shape), readGroups(memory, b, bRows, shape)];
      const ofA = new Int32Array(memory.buffer, topsA, aRows);
      const ofB = new Int32Array(memory.buffer, topsB, bRows);
      for (const [i, one] of rowsA.entries()) {
        for (const [j, other] of rowsB.entries()) {
          const higherHalf = product(one.codes, other.codes, 0, headDim) & ~0xffff;
          ofA[i] = Math.max(ofA[i], higherHalf | j);
          ofB[j] = Math.max(ofB[j], higherHalf | i);
        }
      }
    },
    wholeProduct(a, rowA, b, rowB, headDim, restDim) {
      const shape = { headDim, restDim };
      const [one, other] = [readRow(memory, a, rowA, shape), readRow(memory, b, rowB, shape)];
      return product(one.codes, other.codes, 0, headDim + restDim);
    },
  };
}

function product(a: Int16Array, b: Int16Array, start: number, end: number): number {
  let sum = 0;
  for (let k = start; k < end; k++) sum = (sum + a[k] * b[k]) | 0;
  return sum;
}

function readGroups(memory: WebAssembly.Memory, address: number, rows: number, shape: GroupShape) {
  return Array.from({ length: rows }, (_, place) => readRow(memory, address, place, shape));
}

function readRow(memory: WebAssembly.Memory, address: number, place: number, shape: GroupShape) {
  const { headDim, restDim } = shape;
  const lane = place % groupRows;
  const group = address + ((place - lane) / groupRows) * groupBytes(shape);
  const heads = new Int16Array(memory.buffer, group, groupRows * headDim);
  const thresholds = new Int32Array(memory.buffer, group + heads.byteLength, 2 * groupRows);
  const rests = group + heads.byteLength + thresholds.byteLength;
  const codes = new Int16Array(headDim + restDim);
  for (let k = 0; k < headDim; k++) codes[k] = heads[(k >> 1) * 2 * groupRows + 2 * lane + (k & 1)];
  codes.set(new Int16Array(memory.buffer, rests + 2 * lane * restDim, restDim), headDim);
  return { codes, ofHead: thresholds[lane], ofWhole: thresholds[groupRows + lane] };
}
