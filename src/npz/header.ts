/**
 * The header of an `.npy` array (numpy.lib.format, versions 1 to 3):
 *
 *     \x93NUMPY | major | minor | header length (u16, from version 2 on u32) | Python dict literal, padded
 *
 * The dict has exactly the keys descr, fortran_order and shape, in any order and spacing.
 */
import { GialloError } from '../errors.js';
import { otherFormat } from './other-formats.js';
import { type PythonLiteral, parsePythonLiteral } from './python-literal.js';

export interface NpyHeader {
  /** Element type as written, e.g. `<f4`; for records all of it as JSON. */
  readonly descr: string;
  /** Of records (a structured type) what the descr says of each field, else undefined. */
  readonly fields?: readonly PythonLiteral[];
  readonly fortranOrder: boolean;
  /** Every axis is a safe integer of at least 0, and so is their product. */
  readonly shape: readonly number[];
  /** Where the data begin. */
  readonly byteLength: number;
}

/** The longest header that is read; numpy refuses longer ones, too. */
export const maxHeaderLength = 10_240;

const prefixLength = 12;

/** Whether the bytes have a complete header, or enough to know that there is no header. */
export function holdsHeader(head: Uint8Array): boolean {
  return head.length >= prefixLength && head.length >= headerSpan(head).end;
}

/** Whether the bytes begin with the mark of an array. */
export function beginsAsArray(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 6)).toString('latin1') === '\x93NUMPY';
}

/** Parses the header at the start of an array. Errors: `header-invalid`, which names `place`. */
export function parseHeader(place: string, head: Uint8Array): NpyHeader {
  if (!beginsAsArray(head)) throw noArray(place, head);
  if (head.length < prefixLength) throw invalid(place, `it is cut off after ${head.length} bytes`);
  const version = head[6] ?? 0;
  if (version < 1 || version > 3) throw invalid(place, `its version is ${version}; giallo reads 1 to 3`);
  const { start, end } = headerSpan(head);
  if (end > maxHeaderLength) throw invalid(place, `it claims to be ${end} bytes long`);
  if (end > head.length) throw invalid(place, `it is ${end} bytes long, the array only ${head.length}`);
  const text = Buffer.from(head.subarray(start, end)).toString(version === 3 ? 'utf8' : 'latin1');
  return { ...readFields(place, text), byteLength: end };
}

function noArray(place: string, head: Uint8Array): GialloError {
  if (head.length === 0) return invalid(place, 'it is empty');
  const format = otherFormat(head);
  if (format === undefined) return invalid(place, 'it does not begin with \\x93NUMPY');
  return new GialloError('header-invalid', `${place}: not an .npy array, but ${format.what}`, {
    hint: format.hint,
  });
}

function headerSpan(head: Uint8Array): { start: number; end: number } {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head[6] === 1) return { start: 10, end: 10 + view.getUint16(8, true) };
  return { start: 12, end: 12 + view.getUint32(8, true) };
}

function readFields(place: string, text: string): Omit<NpyHeader, 'byteLength'> {
  let dict: PythonLiteral;
  try {
    dict = parsePythonLiteral(text);
  } catch (error) {
    throw invalid(place, (error as Error).message, error);
  }
  if (!(dict instanceof Map)) throw invalid(place, 'it is not a dict');
  const keys = [...dict.keys()].sort();
  if (keys.join() !== 'descr,fortran_order,shape') {
    throw invalid(place, `its keys must be descr, fortran_order and shape, found ${keys.join(', ')}`);
  }
  const descr = dict.get('descr');
  const fortranOrder = dict.get('fortran_order');
  const shape = dict.get('shape');
  if (typeof fortranOrder !== 'boolean') throw invalid(place, 'fortran_order is neither True nor False');
  if (!isShape(shape)) throw invalid(place, 'its shape is not a tuple of sizes');
  if (typeof descr === 'string') return { descr, fortranOrder, shape };
  if (!Array.isArray(descr)) throw invalid(place, 'its descr is not a type');
  return { descr: JSON.stringify(descr), fields: descr, fortranOrder, shape };
}

function isShape(value: unknown): value is readonly number[] {
  const isSizes = Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
  return isSizes && Number.isSafeInteger(elementCount(value));
}

/** How many elements an array of this shape has; 1 for the shape (). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** What the total length of a header is a multiple of, so that data behind it are aligned for any type. */
const alignment = 64;

/**
 * The header of an array as giallo writes it: version 1.0, C order. For two axes it is 128 bytes long whatever the
 * shape, so that it can be written again when the number of rows is known.
 */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`;
  const magic = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  const unpadded = magic.length + dict.length + 1;
  const padding = ' '.repeat((alignment - (unpadded % alignment)) % alignment);
  const text = `${dict}${padding}\n`;
  magic.writeUInt16LE(text.length, magic.length - 2);
  return Buffer.concat([magic, Buffer.from(text, 'latin1')]);
}

function invalid(place: string, what: string, cause?: unknown): GialloError {
  return new GialloError('header-invalid', `${place}: not a valid .npy header: ${what}`, { cause });
}
