/**
 * Sketches in the kernel's memory, laid out so that batch work multiplies the heads of many pairs of rows at once, and
 * the other codes of only the few pairs that can still reach a floor.
 *
 * The codes of a row are its *head*, *middle* and *rest*; middle and rest together are its *tail*. The *remainder* of a
 * part of the codes is the length of what this part leaves of the vector: the product of two vectors is the product of
 * that part of their codes, give or take the product of its two remainders and a slack that is the same for all pairs
 * (`search-index/bound.ts`). The *floor* of a row is what a product and that of the remainders must reach together. The
 * *thresholds* of a row are the products of heads, and of halves of heads, below which no pair can reach the floor.
 *
 * Rows lie in groups of sixteen:
 *
 *     heads            int16    [headDim / 2 x 16 rows x 2]   a SIMD vector holds two codes of four rows
 *     half thresholds  int32    [16]
 *     head thresholds  int32    [16]
 *     floors           float32  [16]
 *     remainders       float32  [3 x 16]   of the head, of head and middle, of all codes
 *     tails            int16    [16 rows x (middleDim + restDim)]
 *
 * Products, floors and remainders are in the unit of codes: a cosine of 1 is a product of `codeScale` squared.
 */
import {
  type GroupKernel,
  instantiateKernel,
  type KernelImplementation,
  preferredImplementation,
} from './wasm.js';

/** Rows of a group. */
export const groupRows = 16;

/** How many codes the head, the middle and the rest of a row have: multiples of eight. */
export interface GroupShape {
  readonly headDim: number;
  readonly middleDim: number;
  readonly restDim: number;
}

/** With 64 codes after the head, five of six pairs turn out not to reach a floor. */
const mostMiddle = 64;

/** The shape of rows of `width` codes, the first `headDim` of which are the head. */
export function groupShape(width: number, headDim: number): GroupShape {
  const middleDim = Math.min(mostMiddle, width - headDim);
  return { headDim, middleDim, restDim: width - headDim - middleDim };
}

/** Thresholds, floor and remainders of a row: numbers of four bytes. */
const marks = 6;

/** Bytes of the groups that hold `rows` rows; by default of one group. */
export function groupBytes({ headDim, middleDim, restDim }: GroupShape, rows = groupRows): number {
  return Math.ceil(rows / groupRows) * groupRows * 2 * (headDim + 2 * marks + middleDim + restDim);
}

/** Sets the numbers that groups hold beside the codes, each for the row at a place. */
export interface RowMarks {
  /**
   * Sets the remainders of the row's head, of its head and middle, and of all its codes, float32. With NaN, no pair of
   * the row survives.
   */
  setRemainders(place: number, ofHead: number, ofMiddle: number, ofWhole: number): void;
  /** Sets the row's thresholds, int32, and its floor, float32. */
  setFloor(place: number, halfThreshold: number, headThreshold: number, floor: number): void;
}

/** The marks of the groups at `address`, a multiple of 16. They hold as long as the memory does not grow. */
export function rowMarks(memory: WebAssembly.Memory, address: number, shape: GroupShape): RowMarks {
  const integers = new Int32Array(memory.buffer, address);
  const floats = new Float32Array(memory.buffer, address);
  const bytes = groupBytes(shape);
  const heads = 2 * groupRows * shape.headDim;
  const markOf = (place: number) => {
    const lane = place % groupRows;
    return (((place - lane) / groupRows) * bytes + heads) / 4 + lane;
  };
  return {
    setRemainders(place, ofHead, ofMiddle, ofWhole) {
      const at = markOf(place) + 3 * groupRows;
      floats[at] = ofHead;
      floats[at + groupRows] = ofMiddle;
      floats[at + 2 * groupRows] = ofWhole;
    },
    setFloor(place, halfThreshold, headThreshold, floor) {
      const at = markOf(place);
      integers[at] = halfThreshold;
      integers[at + groupRows] = headThreshold;
      floats[at + 2 * groupRows] = floor;
    },
  };
}

/** The kernel on `memory`. Errors: `file-unreadable` if the compiled kernel is missing. */
export function createGroupKernel(
  memory: WebAssembly.Memory,
  implementation: KernelImplementation = preferredImplementation(),
): GroupKernel {
  return implementation === 'simd' ? instantiateKernel(memory) : scalarGroups(memory);
}

function scalarGroups(memory: WebAssembly.Memory): GroupKernel {
  return {
    layRows(codes, places, count, headDim, middleDim, restDim, groups, squares) {
      const shape = { headDim, middleDim, restDim };
      const dim = headDim + middleDim + restDim;
      const [laid, placed] = [new Int16Array(memory.buffer, groups), new Int32Array(memory.buffer, places)];
      const written = new Int32Array(memory.buffer, squares);
      for (let at = 0; at < count; at++) {
        const row = new Int16Array(memory.buffer, codes + 2 * at * dim, dim);
        for (const [k, code] of row.entries()) laid[indexOf(shape, placed[at], k)] = code;
        for (const [part, start] of [headDim / 2, headDim, headDim + middleDim].entries())
          written[3 * at + part] = product(row, row, start, dim);
      }
    },
    survivors(a, aRows, b, bRows, headDim, middleDim, restDim, _scratch, out) {
      const shape = { headDim, middleDim, restDim };
      const [rowsA, rowsB] = [readGroups(memory, a, aRows, shape), readGroups(memory, b, bRows, shape)];
      const written = new Int32Array(memory.buffer, out);
      const ends = [headDim, headDim + middleDim, headDim + middleDim + restDim];
      let count = 0;
      for (const [i, one] of rowsA.entries()) {
        for (const [j, other] of rowsB.entries()) {
          // Half thresholds only save work: a kernel may ignore them.
          const headThreshold = Math.min(one.headThreshold, other.headThreshold);
          if (product(one.codes, other.codes, 0, headDim) < headThreshold) continue;
          const floor = Math.min(one.floor, other.floor);
          const canReach = (end: number, part: number) =>
            product(one.codes, other.codes, 0, end) + one.remainders[part] * other.remainders[part] >= floor;
          if (ends.every(canReach))
            written.set([i, j, product(one.codes, other.codes, 0, ends[2])], 3 * count++);
        }
      }
      return count;
    },
    raiseTops(a, aRows, topsA, b, bRows, topsB, headDim, tailDim) {
      const shape = { headDim, middleDim: 0, restDim: tailDim };
      const [rowsA, rowsB] = [readGroups(memory, a, aRows, shape), readGroups(memory, b, bRows, shape)];
      const ofA = new Int32Array(memory.buffer, topsA, aRows);
      const ofB = new Int32Array(memory.buffer, topsB, bRows);
      for (const [i, one] of rowsA.entries()) {
        for (const [j, other] of rowsB.entries()) {
          const higherHalf = product(one.codes, other.codes, 0, headDim / 2) & ~0xffff;
          ofA[i] = Math.max(ofA[i], higherHalf | j);
          ofB[j] = Math.max(ofB[j], higherHalf | i);
        }
      }
    },
    wholeProduct(a, rowA, b, rowB, headDim, tailDim) {
      const shape = { headDim, middleDim: 0, restDim: tailDim };
      const [one, other] = [readRow(memory, a, rowA, shape), readRow(memory, b, rowB, shape)];
      return product(one.codes, other.codes, 0, headDim + tailDim);
    },
  };
}

function product(a: Int16Array, b: Int16Array, start: number, end: number): number {
  let sum = 0;
  for (let k = start; k < end; k++) sum = (sum + a[k] * b[k]) | 0;
  return sum;
}

/** The index of code `k` of the row at a place, in int16 from the address of the groups on. */
function indexOf(shape: GroupShape, place: number, k: number): number {
  const { headDim, middleDim, restDim } = shape;
  const lane = place % groupRows;
  const group = ((place - lane) / groupRows) * (groupBytes(shape) / 2);
  if (k < headDim) return group + (k >> 1) * 2 * groupRows + 2 * lane + (k & 1);
  return group + groupRows * (headDim + 2 * marks) + lane * (middleDim + restDim) + k - headDim;
}

function readGroups(memory: WebAssembly.Memory, address: number, rows: number, shape: GroupShape) {
  return Array.from({ length: rows }, (_, place) => readRow(memory, address, place, shape));
}

function readRow(memory: WebAssembly.Memory, address: number, place: number, shape: GroupShape) {
  const { headDim, middleDim, restDim } = shape;
  const laid = new Int16Array(memory.buffer, address);
  const codes = Int16Array.from(
    { length: headDim + middleDim + restDim },
    (_, k) => laid[indexOf(shape, place, k)],
  );
  const lane = place % groupRows;
  const at = address + ((place - lane) / groupRows) * groupBytes(shape) + 2 * groupRows * headDim + 4 * lane;
  const [floor, ...remainders] = [2, 3, 4, 5].map(
    (mark) => new Float32Array(memory.buffer, at + 4 * groupRows * mark, 1)[0],
  );
  const [headThreshold] = new Int32Array(memory.buffer, at + 4 * groupRows, 1);
  return { codes, headThreshold, floor, remainders };
}
