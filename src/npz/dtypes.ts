/**
 * What numpy's type strings mean (`numpy.dtype.str`): byte order, kind, size. Adding a type that becomes numbers is a
 * row here and a conversion in `to-float32.ts`.
 */

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
  /** Bytes of one element; undefined where the array's data have no fixed size. */
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
export interface ObjectType extends Named {
  readonly kind: 'object';
}

/** Everything else, with the line of Python that mends it. */
export interface UnsupportedType extends Named {
  readonly kind: 'unsupported';
  readonly hint: string;
}

export type ElementType = NumberType | StringType | ObjectType | UnsupportedType;

/**
 * Reads a type string such as `<f4`, `|S14` or `=i8`. `assume: 'bfloat16'` takes two bytes of void for bfloat16.
 * Never throws: what cannot be read is of kind `unsupported`.
 */
export function readDtype(descr: string, assume?: 'bfloat16'): ElementType {
  const match = /^([<>=|]?)([a-zA-Z])(\d*)(?:\[.*\])?$/.exec(descr);
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

/** Whether numbers of this layout have a fraction: they, not counts and masks, are taken for vectors. */
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

function unsupported(descr: string, itemBytes: number | undefined): UnsupportedType {
  const isPair = /^[<>=|]?V2$/.test(descr);
  const hint = isPair
    ? 'if these are bfloat16, give --assume bfloat16, or save them with array.astype(numpy.float32)'
    : 'save the vectors as float32: numpy.asarray(array, dtype=numpy.float32)';
  return { kind: 'unsupported', label: descr, itemBytes, hint };
}
