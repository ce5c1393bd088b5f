/** Arrays of one number a frame, such as the seconds of the frames. */
import { GialloError } from '../errors.js';
import { checkExactSize, type StoredArray, shapeText } from '../npz/array-file.js';
import { isFloating, type NumberLayout, type NumberType } from '../npz/dtypes.js';

/** Reads an array of the shape (frames,) or (frames, 1). Errors: `shape-mismatch`, `dtype-unsupported`, its own. */
export async function readNumbers(array: StoredArray, frames: number): Promise<Float64Array> {
  const { place, header, dtype } = array;
  const [rows, columns = 1, ...more] = header.shape;
  if (rows !== frames || columns !== 1 || more.length > 0) {
    const message = `${place}: expected one number for each of ${frames} frames, found ${shapeText(header.shape)}`;
    throw new GialloError('shape-mismatch', message);
  }
  const get = dtype.kind === 'number' ? getters[dtype.layout] : undefined;
  if (dtype.kind !== 'number' || (get === undefined && !isFloating(dtype.layout)))
    throw new GialloError(
      'dtype-unsupported',
      `${place}: expected numbers such as float64, found ${dtype.label}`,
      { hint: `save them in seconds where they are made: ${toSeconds(dtype.label)}` },
    );
  checkExactSize(array);
  if (get === undefined) return readShortFloats(array, dtype, frames);
  const bytes = new Uint8Array(frames * dtype.itemBytes);
  let filled = 0;
  for await (const piece of array.readData()) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: frames }, (_, i) => get(view, i * dtype.itemBytes, !dtype.isBigEndian));
}

type Getter = (view: DataView, byteOffset: number, isLittleEndian: boolean) => number;

const getters: Partial<Readonly<Record<NumberLayout, Getter>>> = {
  float64: (view, at, little) => view.getFloat64(at, little),
  float32: (view, at, little) => view.getFloat32(at, little),
  int64: (view, at, little) => Number(view.getBigInt64(at, little)),
  uint64: (view, at, little) => Number(view.getBigUint64(at, little)),
  int32: (view, at, little) => view.getInt32(at, little),
  uint32: (view, at, little) => view.getUint32(at, little),
  int16: (view, at, little) => view.getInt16(at, little),
  uint16: (view, at, little) => view.getUint16(at, little),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
};

/** Python that makes times of a dtype into seconds; those of numpy may count in any unit. */
function toSeconds(label: string): string {
  if (!/^[<>]m8/i.test(label)) return 'array.astype(numpy.float64)';
  return `${label[1] === 'm' ? 'array' : '(array - array[0])'} / numpy.timedelta64(1, "s")`;
}

/** float16 and bfloat16, which float32 holds exactly. */
async function readShortFloats(array: StoredArray, dtype: NumberType, frames: number): Promise<Float64Array> {
  const { readRows } = await import('../npz/rows.js');
  const layout = { rows: frames, columns: 1, dtype, fortranOrder: false };
  const numbers = new Float64Array(frames);
  for await (const { firstRow, values } of readRows(array.place, layout, array.readData()))
    numbers.set(values, firstRow);
  return numbers;
}
