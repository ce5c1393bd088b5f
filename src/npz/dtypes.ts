/**
 * What numpy's type strings mean (`numpy.dtype.str`): byte order, kind, size. Adding a type that becomes numbers is a
 * row in `layouts`, its names here, and a conversion in `to-float32.ts`.
 */
import type { NpyHeader } from './header.js';
import type { PythonLiteral } from './python-literal.js';

/** How the bytes of one number are laid out; bfloat16 is what numpy saves as two bytes of void. */
export type NumberLayout =
  | 'float16'
  | 'float32'
  | 'float64'
  | 'bfloat16'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'bool';

interface Named {
  /** For people: `float32`, `float32 (big-endian)`, `<U14`. */
  readonly label: string;
  /** Bytes of one element; undefined if the array's data have no fixed size. */
  readonly itemBytes: number | undefined;
}

/** Numbers that can be read as float32. */
export interface NumberType extends Named {
  readonly kind: 'number';
  readonly layout: NumberLayout;
  readonly itemBytes: number;
  readonly isBigEndian: boolean;
}

/** Fixed-size strings: UCS-4 (`unicode`) or bytes, padded with NUL. */
export interface StringType extends Named {
  readonly kind: 'unicode' | 'bytes';
  readonly itemBytes: number;
  readonly isBigEndian: boolean;
}

/** Python objects, saved as a pickle. */
interface ObjectType extends Named {
  readonly kind: 'object';
}

/** A structured type: named fields side by side. */
export interface RecordType extends Named {
  readonly kind: 'records';
  readonly fields: readonly RecordField[];
}

interface RecordField {
  readonly name: string;
  readonly dtype: ElementType;
  /** Of what one record holds in this field: `[]` for one element. */
  readonly shape: readonly number[];
}

/** Everything else. */
interface UnsupportedType extends Named {
  readonly kind: 'unsupported';
  readonly hint: string;
}

export type ElementType = NumberType | StringType | ObjectType | RecordType | UnsupportedType;

/** The type of an array's elements. `assume: 'bfloat16'` takes two bytes of void for bfloat16. */
export function dtypeOf({ descr, fields }: NpyHeader, assume?: 'bfloat16'): ElementType {
  if (!fields) return readDtype(descr, assume);
  const named = fields.filter((field) => !isPadding(field));
  const read = named.flatMap((field) => readField(field, assume) ?? []);
  if (read.length < named.length) return unsupported(descr, undefined);
  const label = `records of ${read.map(({ name }) => name).join(', ')}`;
  return { kind: 'records', label, itemBytes: undefined, fields: read };
}

/** Void bytes without a name, which numpy writes into the gaps of an aligned type, and skips. */
function isPadding(field: PythonLiteral): boolean {
  if (!Array.isArray(field)) return false;
  const [name, descr] = field as readonly PythonLiteral[];
  return name === '' && typeof descr === 'string' && /^\|?V\d+$/.test(descr);
}

/** `(name, descr)` or `(name, descr, shape)`, where a name may be `(title, name)`. */
function readField(field: PythonLiteral, assume?: 'bfloat16'): RecordField | undefined {
  if (!Array.isArray(field)) return undefined;
  const [named, descr, axes = []] = field as readonly PythonLiteral[];
  const name = Array.isArray(named) ? named[1] : named;
  const shape = typeof axes === 'number' ? [axes] : axes;
  if (typeof name !== 'string' || !Array.isArray(shape)) return undefined;
  const dtype =
    typeof descr === 'string' ? readDtype(descr, assume) : unsupported(JSON.stringify(descr), undefined);
  return { name, dtype, shape };
}

/**
 * Reads a type as numpy writes it (`<f4`, `|S14`, `=i8`) or by one of the names that it also takes (`float32`,
 * `single`, `d`). Never throws: what cannot be read is of kind `unsupported`.
 */
export function readDtype(descr: string, assume?: 'bfloat16'): ElementType {
  if (descr === 'bfloat16' && assume === 'bfloat16') return readDtype('<V2', assume);
  const match = /^([<>=|]?)([a-zA-Z])(\d*)(?:\[.*\])?$/.exec(spelledOut(descr));
  if (match === null) return unsupported(descr, undefined);
  const [, order, code = '', digits = ''] = match;
  const size = Number(digits);
  if (code === 'O') return { kind: 'object', label: 'object', itemBytes: undefined };
  if (digits === '' || !Number.isSafeInteger(size)) return unsupported(descr, undefined);
  const isBigEndian = order === '>';
  if (code === 'U') return { kind: 'unicode', label: descr, itemBytes: size * 4, isBigEndian };
  if (code === 'S' || code === 'a') return { kind: 'bytes', label: descr, itemBytes: size, isBigEndian };
  const layout =
    code === 'V' && size === 2 && assume === 'bfloat16' ? 'bfloat16' : layouts.get(code + digits);
  if (layout === undefined) return unsupported(descr, size);
  const label = isBigEndian && size > 1 ? `${layout} (big-endian)` : layout;
  return { kind: 'number', layout, label, itemBytes: size, isBigEndian: isBigEndian && size > 1 };
}

/** Whether numbers of this layout have a fraction: such numbers are taken for vectors, counts and masks are not. */
export function isFloating(layout: NumberLayout): boolean {
  return layout.includes('float');
}

const layouts: ReadonlyMap<string, NumberLayout> = new Map([
  ['f2', 'float16'],
  ['f4', 'float32'],
  ['f8', 'float64'],
  ['i1', 'int8'],
  ['i2', 'int16'],
  ['i4', 'int32'],
  ['i8', 'int64'],
  ['u1', 'uint8'],
  ['u2', 'uint16'],
  ['u4', 'uint32'],
  ['u8', 'uint64'],
  ['b1', 'bool'],
]);

/** Other names of types, as numpy takes them on a 64-bit system; one letter may have a byte order before it. */
const otherNames: ReadonlyMap<string, string> = new Map(
  Object.entries({
    f2: 'e half float16',
    f4: 'f single float32',
    f8: 'd double float float64',
    b1: '? bool bool_',
    i1: 'b byte int8',
    i2: 'h short int16',
    i4: 'i intc int32',
    i8: 'l q p int int_ long longlong intp int64',
    u1: 'B ubyte uint8',
    u2: 'H ushort uint16',
    u4: 'I uintc uint32',
    u8: 'L Q P uint ulong ulonglong uintp uint64',
    O: 'object object_',
  }).flatMap(([code, names]) => names.split(' ').map((name) => [name, code] as const)),
);

/** A type by another of its names as its letter and size; anything else as it is. */
function spelledOut(descr: string): string {
  const order = /^[<>=|](?=.$)/.exec(descr)?.[0] ?? '';
  const code = otherNames.get(descr.slice(order.length));
  return code === undefined ? descr : order + code;
}

function unsupported(descr: string, itemBytes: number | undefined): UnsupportedType {
  const isPair = /^(bfloat16|[<>=|]?V2)$/.test(descr);
  const hint = isPair
    ? 'if these are bfloat16, add --assume bfloat16'
    : 'save the vectors as float32 where they are made: array.astype(numpy.float32)';
  const [, complexBytes] = /^[<>=|]?c(\d+)$/.exec(descr) ?? [];
  const label = complexBytes === undefined ? descr : `complex${Number(complexBytes) * 8}`;
  return { kind: 'unsupported', label, itemBytes, hint };
}
