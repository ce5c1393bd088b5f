/**
 * The sketches of blocks in the kernel's memory, laid in groups of rows (`kernel/row-groups.ts`). The blocks used last
 * stay there, since a block is multiplied by many others in turn.
 */
import {
  createGroupKernel,
  type GroupShape,
  groupBytes,
  groupRows,
  groupShape,
  type RowMarks,
  rowMarks,
} from '../../../kernel/row-groups.js';
import { type GroupKernel, pageBytes, pagesFor } from '../../../kernel/wasm.js';
import { codeScale, headRemainder, roundUpToFloat32 } from '../../../search-index/bound.js';
import { headWidth } from '../../../search-index/sketch-heads.js';
import type { Sketches, WhatSketchesLeave } from '../batch-films.js';
import type { SketchedBlock } from '../block-rows.js';
import { mostKept } from '../pair-task.js';

/** A block of films whose sketches can be read. */
export type BlockToLay = Pick<SketchedBlock, 'width' | 'readSketches'> & { readonly block: RowsOfShots };

interface RowsOfShots {
  readonly frames: number;
  readonly shotOf: Int32Array;
}

/** The order in which the rows of a block are laid. */
export interface RowOrder {
  /** The row at each place of the groups. */
  readonly rows: Int32Array;
  /** The first so many places have the first frames of shots. */
  readonly firsts: number;
}

/** The remainders of a part of the codes, by row, rounded up; NaN for rows that are not finite. */
interface RowRemainders {
  readonly rows: Float32Array;
  readonly largest: number;
}

/** The sketches of a block, laid in the kernel's memory. */
export interface LaidSketches extends WhatSketchesLeave {
  readonly order: RowOrder;
  readonly shape: GroupShape;
  /** The address of the groups. */
  readonly start: number;
  /** The address of an int32 for each place of the groups. */
  readonly tops: number;
  readonly setFloor: RowMarks['setFloor'];
  /** The remainders of half heads, and of heads. */
  readonly halfRemainders: RowRemainders;
  readonly headRemainders: RowRemainders;
}

interface SketchMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernel: GroupKernel;
  /**
   * Lays two blocks of one width; they stay laid until the next call. If both are the same block, its rows keep their
   * order; of two blocks, the first frames of shots come first. Overwrites the first `workBytes` bytes of the memory,
   * which the caller may use between two calls. Errors: those of `readSketches`.
   */
  lay(a: BlockToLay, b: BlockToLay): readonly [LaidSketches, LaidSketches];
}

/** The most bytes of blocks that stay laid: nearly `mostKept` blocks, if films are of usual length. */
const laidBytes = 24 * 2 ** 20;
/** At least so many stay laid: the two blocks of a task, and one that takes turns with one of them. */
const fewestLaid = 3;

/** A part of the memory, with the block that is laid in it. */
interface Slot extends LaidSketches {
  readonly sketched: BlockToLay;
  /** Whether the rows keep their order, as for a block with itself. */
  readonly isAlone: boolean;
  /** Says where its memory is. */
  readonly number: number;
}

/** Creates the memory, which grows with the blocks. */
export function createSketchMemory(workBytes: number): SketchMemory {
  const memory = new WebAssembly.Memory(pagesFor(workBytes));
  const kernel = createGroupKernel(memory);
  let slotBytes = 0;
  let mostLaid = fewestLaid;
  /** The one used last is at the end. */
  let slots: readonly Slot[] = [];
  /** Codes on their way from the file to the kernel's memory. */
  let codes = new Int16Array(0);

  const makeSlotsFor = (bytes: number) => {
    if (bytes <= slotBytes) return;
    slotBytes = bytes;
    mostLaid = Math.max(fewestLaid, Math.min(mostKept, Math.floor(laidBytes / bytes)));
    slots = [];
  };
  const take = (sketched: BlockToLay, isAlone: boolean): LaidSketches => {
    const known = slots.find((slot) => slot.sketched === sketched && slot.isAlone === isAlone);
    // If there is no room, the slot used longest ago is given up. It stays empty if laying fails.
    slots = known ? slots.filter((slot) => slot !== known) : slots.slice(1 - mostLaid);
    const slot = known ?? layInFreeSlot(sketched, isAlone);
    slots = [...slots, slot];
    return slot;
  };
  const layInFreeSlot = (sketched: BlockToLay, isAlone: boolean): Slot => {
    let number = 0;
    while (slots.some((slot) => slot.number === number)) number++;
    const start = workBytes + number * slotBytes;
    const missing = pagesFor(start + slotBytes).initial - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
    const laid = layBlock({ memory, kernel, workBytes }, read(sketched), sketched.block, isAlone, start);
    return { ...laid, sketched, isAlone, number };
  };
  const read = ({ block: { frames }, width, readSketches }: BlockToLay): Sketches => {
    if (codes.length < frames * width) codes = new Int16Array(frames * width);
    const ofBlock = codes.subarray(0, frames * width);
    return { ...readSketches(ofBlock), codes: ofBlock, width };
  };
  return {
    memory,
    kernel,
    lay(a, b) {
      makeSlotsFor(Math.max(bytesOf(a), bytesOf(b)));
      const isAlone = a === b;
      const first = take(a, isAlone);
      return [first, isAlone ? first : take(b, isAlone)];
    },
  };
}

/** The memory that blocks are laid in, and the kernel that lays them; the first `workBytes` bytes are for its work. */
interface LayingMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernel: GroupKernel;
  readonly workBytes: number;
}

/** Lays a block at the address `start`. */
function layBlock(
  laying: LayingMemory,
  sketches: Sketches,
  block: RowsOfShots,
  isAlone: boolean,
  start: number,
): LaidSketches {
  const { width, coding, delta, remainders } = sketches;
  const shape = groupShape(width, Math.min(headWidth, width));
  const order = isAlone ? inOrder(block.frames) : firstsFirst(block);
  const { setFloor, setRemainders } = rowMarks(laying.memory, start, shape);
  const squares = layCodes(laying, sketches, order, shape, start);
  const [halfRemainders, headRemainders] = [new Float32Array(block.frames), new Float32Array(block.frames)];
  for (let place = 0; place < block.frames; place++) {
    const row = order.rows[place];
    /** The remainder of half of the head (0), of the head (1), of head and middle (2). */
    const remainderOf = (part: number) =>
      headRemainder(remainders[row], squares[3 * row + part] / squareScale, coding, delta);
    const ofHead = remainderOf(1);
    halfRemainders[row] = roundUpToFloat32(remainderOf(0));
    headRemainders[row] = roundUpToFloat32(ofHead);
    setRemainders(place, inCodes(ofHead), inCodes(remainderOf(2)), inCodes(remainders[row]));
  }
  const tops = start + groupBytes(shape, block.frames);
  return {
    order,
    shape,
    start,
    tops,
    setFloor,
    remainders,
    coding,
    delta,
    halfRemainders: withLargest(halfRemainders),
    headRemainders: withLargest(headRemainders),
  };
}

function bytesOf({ block: { frames }, width }: BlockToLay): number {
  const shape = groupShape(width, Math.min(headWidth, width));
  return groupBytes(shape, frames) + 4 * wholeGroups(frames);
}

function withLargest(rows: Float32Array): RowRemainders {
  let largest = 0;
  for (const remainder of rows) if (remainder > largest) largest = remainder;
  return { rows, largest };
}

/** The product of the codes of two rows divided by this is that of the vectors. */
export const squareScale = codeScale * codeScale;

/** The number of places in the groups that hold `rows` rows. */
export function wholeGroups(rows: number): number {
  return Math.ceil(rows / groupRows) * groupRows;
}

/** A remainder in the unit of codes, rounded up. */
function inCodes(remainder: number): number {
  return roundUpToFloat32(remainder * codeScale);
}

/** Lays all rows, as many at a time as the work memory holds. Returns the `squares` of `layRows`, by row. */
function layCodes(
  { memory, kernel, workBytes }: LayingMemory,
  { codes, width }: Sketches,
  { rows }: RowOrder,
  shape: GroupShape,
  start: number,
): Int32Array {
  const frames = rows.length;
  const places = new Int32Array(frames);
  for (const [place, row] of rows.entries()) places[row] = place;
  const lastGroup = start + groupBytes(shape, frames) - groupBytes(shape);
  if (frames > 0) new Uint8Array(memory.buffer, lastGroup, groupBytes(shape)).fill(0);
  const squares = new Int32Array(3 * frames);
  const most = Math.floor(workBytes / (2 * width + 16));
  for (let first = 0; first < frames; first += most) {
    const count = Math.min(most, frames - first);
    const [atPlaces, atSquares] = [2 * width * count, (2 * width + 4) * count];
    new Int16Array(memory.buffer, 0, width * count).set(
      codes.subarray(first * width, (first + count) * width),
    );
    new Int32Array(memory.buffer, atPlaces, count).set(places.subarray(first, first + count));
    kernel.layRows(0, atPlaces, count, shape.headDim, shape.middleDim, shape.restDim, start, atSquares);
    squares.set(new Int32Array(memory.buffer, atSquares, 3 * count), 3 * first);
  }
  return squares;
}

function inOrder(frames: number): RowOrder {
  return { rows: Int32Array.from({ length: frames }, (_, row) => row), firsts: 0 };
}

/**
 * The first frame of each shot, then all others. Frames of a shot are much alike, so pairs with its first frame soon
 * show how high the floors can be.
 */
function firstsFirst({ frames, shotOf }: RowsOfShots): RowOrder {
  const rows = new Int32Array(frames);
  let firsts = 0;
  for (let row = 0; row < frames; row++) if (isFirst(shotOf, row)) rows[firsts++] = row;
  let at = firsts;
  for (let row = 0; row < frames; row++) if (!isFirst(shotOf, row)) rows[at++] = row;
  return { rows, firsts };
}

function isFirst(shotOf: Int32Array, row: number): boolean {
  return row === 0 || shotOf[row] !== shotOf[row - 1];
}
