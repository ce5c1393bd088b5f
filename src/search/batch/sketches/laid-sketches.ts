/**
 * The sketches of blocks in the kernel's memory, laid in groups of rows (`kernel/row-groups.ts`). Those used last stay,
 * since a block meets many others.
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
import type { Sketches } from '../film-block.js';

/** The sketches of a block of films. */
export interface BlockSketches extends Sketches {
  readonly block: { readonly frames: number; readonly shotOf: Int32Array };
}

/** The order in which the rows of a block are laid. */
export interface RowOrder {
  /** The row of each place. */
  readonly rows: Int32Array;
  /** So many of them are met first. */
  readonly firsts: number;
}

/** At least what a part of the codes of each row leaves out, by row, and the largest of it; NaN of rows that are not finite. */
export interface RowRemainders {
  readonly rows: Float32Array;
  readonly largest: number;
}

/** Sketches that are laid. */
export interface LaidSketches {
  readonly order: RowOrder;
  readonly shape: GroupShape;
  /** The address of the groups, and of an int32 for each of their places. */
  readonly start: number;
  readonly tops: number;
  readonly setFloor: RowMarks['setFloor'];
  /** At least what half of each head leaves out, and what the heads leave out. */
  readonly ofHalves: RowRemainders;
  readonly ofHeads: RowRemainders;
}

export interface SketchMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernel: GroupKernel;
  /**
   * Two blocks of one width, laid until others are; the same one twice is laid in its own order, of two the first frames
   * of shots come first. Laying overwrites the first `workBytes`, which are else the caller's.
   */
  lay(a: BlockSketches, b: BlockSketches): readonly [LaidSketches, LaidSketches];
}

/** The blocks of a task, and one that takes turns with another. */
const mostLaid = 3;

interface Place extends LaidSketches {
  readonly sketches: BlockSketches;
  readonly isAlone: boolean;
  readonly number: number;
}

/** Memory of its own, which grows with the blocks. */
export function createSketchMemory(workBytes: number): SketchMemory {
  const memory = new WebAssembly.Memory(pagesFor(workBytes));
  const kernel = createGroupKernel(memory);
  let placeBytes = 0;
  /** By their number, which says where their memory is. */
  let places: (Place | undefined)[] = [];
  /** Numbers of places, the one used last at the end. */
  let byUse: number[] = [];

  const makeRoom = (bytes: number) => {
    if (bytes <= placeBytes) return;
    const missing = pagesFor(workBytes + mostLaid * bytes).initial - memory.buffer.byteLength / pageBytes;
    if (missing > 0) memory.grow(missing);
    placeBytes = bytes;
    places = Array.from({ length: mostLaid });
    byUse = [...places.keys()];
  };
  const take = (sketches: BlockSketches, isAlone: boolean): LaidSketches => {
    const known = places.find((place) => place?.sketches === sketches && place.isAlone === isAlone);
    const number = known?.number ?? byUse[0];
    byUse = [...byUse.filter((other) => other !== number), number];
    if (known) return known;
    // Until it is laid, the place holds nothing whole.
    places[number] = undefined;
    const laid = layOne(sketches, isAlone, workBytes + number * placeBytes);
    places[number] = { ...laid, sketches, isAlone, number };
    return places[number];
  };
  const layOne = (sketches: BlockSketches, isAlone: boolean, start: number): LaidSketches => {
    const { block, width } = sketches;
    const shape = groupShape(width, Math.min(headWidth, width));
    const order = isAlone ? inOrder(block.frames) : shotsInTurn(block);
    const { setFloor, setRemainders } = rowMarks(memory, start, shape);
    const squares = layCodes({ memory, kernel, workBytes }, sketches, order, shape, start);
    const { coding, delta, remainders } = sketches;
    const [ofHalves, ofHeads] = [new Float32Array(block.frames), new Float32Array(block.frames)];
    for (let place = 0; place < block.frames; place++) {
      const row = order.rows[place];
      const leftBy = (part: number) =>
        headRemainder(remainders[row], squares[3 * row + part] / squareScale, coding, delta);
      const ofHead = leftBy(1);
      ofHalves[row] = roundUpToFloat32(leftBy(0));
      ofHeads[row] = roundUpToFloat32(ofHead);
      setRemainders(place, inCodes(ofHead), inCodes(leftBy(2)), inCodes(remainders[row]));
    }
    const tops = start + groupBytes(shape, block.frames);
    return {
      order,
      shape,
      start,
      tops,
      setFloor,
      ofHalves: withLargest(ofHalves),
      ofHeads: withLargest(ofHeads),
    };
  };
  return {
    memory,
    kernel,
    lay(a, b) {
      makeRoom(Math.max(bytesOf(a), bytesOf(b)));
      const isAlone = a === b;
      const first = take(a, isAlone);
      return [first, isAlone ? first : take(b, isAlone)];
    },
  };
}

function bytesOf({ block: { frames }, width }: BlockSketches): number {
  const shape = groupShape(width, Math.min(headWidth, width));
  return groupBytes(shape, frames) + 4 * wholeGroups(frames);
}

function withLargest(rows: Float32Array): RowRemainders {
  let largest = 0;
  for (const remainder of rows) if (remainder > largest) largest = remainder;
  return { rows, largest };
}

/** What the product of codes is divided by. */
export const squareScale = codeScale * codeScale;

/** A multiple of sixteen that is no less. */
export function wholeGroups(rows: number): number {
  return Math.ceil(rows / groupRows) * groupRows;
}

/** Rounded up, in the unit of codes. */
function inCodes(remainder: number): number {
  return roundUpToFloat32(remainder * codeScale);
}

/** Lays all rows, so many at a time as the work memory holds; the squares that the kernel writes, by row. */
function layCodes(
  { memory, kernel, workBytes }: { memory: WebAssembly.Memory; kernel: GroupKernel; workBytes: number },
  { block: { frames }, codes, width }: BlockSketches,
  { rows }: RowOrder,
  shape: GroupShape,
  start: number,
): Int32Array {
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
 * A frame of each shot first, then the others: frames of one shot are much alike, so what is found for one tells all of
 * them early what they need.
 */
function shotsInTurn({ frames, shotOf }: BlockSketches['block']): RowOrder {
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
