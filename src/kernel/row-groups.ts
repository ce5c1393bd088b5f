/**
 * Sketches in the kernel's memory, laid so that batch work multiplies the heads of many pairs of rows at once, and the other
 * codes of the few that can still reach what is wanted.
 *
 * Rows lie in groups of sixteen. A group has the heads, int16 [headDim / 2 x 16 rows x 2], so that a vector holds two codes
 * of four rows; six marks of each row [6 x 16]: the least products of half of its head and of its head that count (int32), its
 * floor and what its head, its head and middle, and all of its codes leave out (float32); and the other codes, int16 [16 rows x (middleDim +
 * restDim)].
 */
import {
  type GroupKernel,
  instantiateKernel,
  type KernelImplementation,
  preferredImplementation,
} from './wasm.js';

export const groupRows = 16;

/** How the rows of one width are laid: how many codes the head has, the middle and the rest; multiples of eight. */
export interface GroupShape {
  readonly headDim: number;
  readonly middleDim: number;
  readonly restDim: number;
}

/** With so many codes beyond its head, a sketch says of five pairs in six that they need not be looked at. */
const mostMiddle = 64;

/** The shape of rows of so many codes, of which some are the head. */
export function groupShape(width: number, headDim: number): GroupShape {
  const middleDim = Math.min(mostMiddle, width - headDim);
  return { headDim, middleDim, restDim: width - headDim - middleDim };
}

const marks = 6;

/** Bytes of the groups of so many rows. */
export function groupBytes({ headDim, middleDim, restDim }: GroupShape, rows = groupRows): number {
  return Math.ceil(rows / groupRows) * groupRows * 2 * (headDim + 2 * marks + middleDim + restDim);
}

/** What is known of rows that are laid at an address. Products and floors are those of codes, remainders their roots. */
export interface RowMarks {
  /**
   * Sets what the head, the head and the middle, and all codes leave out of the row at a place, float32; NaN where the row
   * is of no use.
   */
  setRemainders(place: number, ofHead: number, ofMiddle: number, ofWhole: number): void;
  /**
   * Sets the least products that count of half of the row's head and of its head, int32, and what its pairs must be able to
   * reach, float32.
   */
  setFloor(place: number, ofHalf: number, ofHead: number, floor: number): void;
}

/** Of the rows at `address`, a multiple of 16, in a memory that is not to grow. */
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
    setFloor(place, ofHalf, ofHead, floor) {
      const at = markOf(place);
      integers[at] = ofHalf;
      integers[at + groupRows] = ofHead;
      floats[at + 2 * groupRows] = floor;
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
          // Of half of the heads nothing needs to be known.
          if (product(one.codes, other.codes, 0, headDim) < Math.min(one.ofHead, other.ofHead)) continue;
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
          const higherHalf = product(one.codes, other.codes, 0, headDim) & ~0xffff;
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

/** Where the code of a row lies, in int16 from the address of the groups on. */
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
  return { codes, ofHead: new Int32Array(memory.buffer, at + 4 * groupRows, 1)[0], floor, remainders };
}
