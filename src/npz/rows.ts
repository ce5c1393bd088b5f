/**
 * A 2-D array as blocks of float32 rows. The bytes are gathered in one aligned `.npy` of a block's size; npyjs makes a
 * typed array of it once. Unless they are kept, all blocks go through the same memory, so memory is flat however many
 * rows there are.
 */
import { crc32 } from 'node:zlib';
import { parse } from 'npyjs';
import { GialloError } from '../errors.js';
import type { NumberType } from './dtypes.js';
import { npyHeader } from './header.js';
import { giveSpare, takeSpare } from './spare-memory.js';
import { conversionOf, npyjsCode, type StoredNumbers } from './to-float32.js';

/** Consecutive rows of an array. */
export interface RowBlock {
  readonly firstRow: number;
  readonly rows: number;
  /** [rows x columns] row-major; valid until the next block is asked for, unless blocks are kept. */
  readonly values: Float32Array<ArrayBuffer>;
  /** Finite numbers of this block that are too large for float32 and became infinite. */
  readonly becameInfinite: number;
}

interface RowLayout {
  readonly rows: number;
  readonly columns: number;
  readonly dtype: NumberType;
  readonly fortranOrder: boolean;
  /** Whether blocks stay valid: then each has memory of its own. */
  readonly areKept?: boolean | undefined;
}

/** Bytes of a block as stored, unless a single row is longer. */
const blockLength = 1 << 20;

/**
 * The rows of an array in order. `data` is the array without its header: exactly rows x columns elements. An array in
 * Fortran order is read whole before its first block. Errors are those of `data`; `size-absurd` if a row, or an array
 * in Fortran order, is too large for memory.
 */
export async function* readRows(
  place: string,
  layout: RowLayout,
  data: AsyncIterable<Uint8Array>,
): AsyncGenerator<RowBlock> {
  const { rows, columns, fortranOrder } = layout;
  if (rows === 0 || columns === 0) {
    for await (const _ of data);
    return;
  }
  // With one row or one column both orders are the same bytes.
  if (fortranOrder && rows > 1 && columns > 1) yield* transposedBlocks(place, layout, data);
  else yield* blocks(place, layout, data);
}

/** The CRC-32s of a block's rows as float32, to their places in `checks`, one a row of the array. */
export function checkRows({ firstRow, rows, values }: RowBlock, checks: Uint32Array): void {
  const rowLength = values.byteLength / rows;
  for (let row = 0; row < rows; row++) {
    const start = values.byteOffset + row * rowLength;
    checks[firstRow + row] = crc32(new Uint8Array(values.buffer, start, rowLength));
  }
}

/** Rows that a block holds. */
function rowsPerBlock({ rows, columns, dtype }: RowLayout): number {
  const fitting = Math.floor(blockLength / Math.max(1, columns * dtype.itemBytes));
  return Math.max(1, Math.min(rows, fitting));
}

async function* blocks(
  place: string,
  layout: RowLayout,
  data: AsyncIterable<Uint8Array>,
): AsyncGenerator<RowBlock> {
  const { columns } = layout;
  const rowLength = columns * layout.dtype.itemBytes;
  const perBlock = rowsPerBlock(layout);
  const allocate = () => allocateBlock(place, layout.dtype, perBlock * columns);
  let block = allocate();
  let firstRow = 0;
  let filled = 0;
  for await (const piece of data) {
    for (let used = 0; used < piece.length; ) {
      const taken = Math.min(piece.length - used, block.bytes.length - filled);
      block.bytes.set(piece.subarray(used, used + taken), filled);
      used += taken;
      filled += taken;
      if (filled < block.bytes.length) continue;
      filled = 0;
      yield { firstRow, rows: perBlock, ...block.convert(perBlock * columns) };
      firstRow += perBlock;
      if (layout.areKept) block = allocate();
    }
  }
  const left = filled / rowLength;
  if (left > 0) yield { firstRow, rows: left, ...block.convert(left * columns) };
  if (!layout.areKept) giveSpare(block.memory);
}

async function* transposedBlocks(
  place: string,
  layout: RowLayout,
  data: AsyncIterable<Uint8Array>,
): AsyncGenerator<RowBlock> {
  const { rows, columns } = layout;
  const whole = allocateBlock(place, layout.dtype, rows * columns);
  let filled = 0;
  for await (const piece of data) {
    whole.bytes.set(piece, filled);
    filled += piece.length;
  }
  const { values: byColumn, becameInfinite } = whole.convert(rows * columns);
  const perBlock = rowsPerBlock(layout);
  let values = new Float32Array(perBlock * columns);
  for (let firstRow = 0; firstRow < rows; firstRow += perBlock) {
    const count = Math.min(perBlock, rows - firstRow);
    for (let column = 0; column < columns; column++) {
      const from = column * rows + firstRow;
      for (let row = 0; row < count; row++) values[row * columns + column] = byColumn[from + row];
    }
    const counted = firstRow === 0 ? becameInfinite : 0;
    yield { firstRow, rows: count, values: values.subarray(0, count * columns), becameInfinite: counted };
    if (layout.areKept) values = new Float32Array(perBlock * columns);
  }
}

interface Block {
  /** All that it holds. */
  readonly memory: Uint8Array<ArrayBuffer>;
  /** Where the stored bytes go. */
  readonly bytes: Uint8Array;
  /** The first `count` elements as float32, in memory that the next call uses again. */
  convert(count: number): { values: Float32Array<ArrayBuffer>; becameInfinite: number };
}

function allocateBlock(place: string, dtype: NumberType, elements: number): Block {
  const header = npyHeader(npyjsCode(dtype.layout), [elements]);
  const npyLength = header.length + elements * dtype.itemBytes;
  const npy = takeSpare(npyLength) ?? allocate(place, npyLength);
  npy.set(header);
  const bytes = npy.subarray(header.length);
  const stored = parse(npy.buffer, { convertFloat16: false }).data as StoredNumbers;
  const conversion = conversionOf(dtype.layout);
  const own =
    stored instanceof Float32Array && conversion === undefined
      ? (stored as Float32Array<ArrayBuffer>)
      : undefined;
  const values = own ?? new Float32Array(allocate(place, elements * 4).buffer);
  return {
    memory: npy,
    bytes,
    convert(count) {
      if (dtype.isBigEndian) swapBytes(bytes.subarray(0, count * dtype.itemBytes), dtype.itemBytes);
      const becameInfinite = conversion?.(stored, values, count) ?? 0;
      return { values: values.subarray(0, count), becameInfinite };
    },
  };
}

function allocate(place: string, byteLength: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(byteLength);
  } catch (cause) {
    const message = `${place}: needs ${byteLength} bytes of memory at once, more than there can be`;
    const hint = 'save it in C order: numpy.ascontiguousarray(array)';
    throw new GialloError('size-absurd', message, { hint, cause });
  }
}

function swapBytes(bytes: Uint8Array, itemBytes: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (itemBytes === 2) buffer.swap16();
  else if (itemBytes === 4) buffer.swap32();
  else if (itemBytes === 8) buffer.swap64();
}
