/** Numbers of a film that are no vectors: one for each frame, in all their digits. */
import { GialloError } from '../errors.js';
import { checkExactSize, type StoredArray, shapeText } from '../npz/array-file.js';
import type { NumberLayout } from '../npz/dtypes.js';

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

/** Reads an array of the shape (frames,) or (frames, 1). Errors: `shape-mismatch`, `dtype-unsupported`, its own. */
export async function readNumbers(array: StoredArray, frames: number): Promise<Float64Array> {
  const { place, header, dtype } = array;
  const [rows, columns = 1, ...more] = header.shape;
  if (rows !== frames || columns !== 1 || more.length > 0) {
    const message = `${place}: expected one number for each of ${frames} frames, found ${shapeText(header.shape)}`;
    throw new GialloError('shape-mismatch', message);
  }
  const get = dtype.kind === 'number' ? getters[dtype.layout] : undefined;
  if (dtype.kind !== 'number' || get === undefined)
    throw new GialloError(
      'dtype-unsupported',
      `${place}: expected numbers such as float64, found ${dtype.label}`,
    );
  checkExactSize(array);
  const bytes = new Uint8Array(frames * dtype.itemBytes);
  let filled = 0;
  for await (const piece of array.readData()) {
    bytes.set(piece, filled);
    filled += piece.length;
  }
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: frames }, (_, i) => get(view, i * dtype.itemBytes, !dtype.isBigEndian));
}
