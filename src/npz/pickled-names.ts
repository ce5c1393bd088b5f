/**
 * Names in a pickled array (`dtype=object`), read without running the pickle: a stack machine that knows the opcodes
 * of data (pickletools, protocols 0 to 5), turns every call into a plain record and makes nothing of it. Only four
 * shapes of record are understood: numpy's array, its string scalars, its StringDType, and pathlib's paths.
 */
import { decodeBytes, decodeUcs4 } from './names.js';
import { type Call, type Global, type PickleValue, readPickle } from './pickle-values.js';

/** Names may repeat shared parts; beyond this many characters in all they are not put together. */
const maxCharacters = 1 << 26;

/** The `count` names of a pickled array of strings or paths; undefined if it is anything else. */
export function readPickledNames(pickle: Uint8Array, count: number): string[] | undefined {
  const array = readPickle(pickle, count);
  if (!isCall(array) || !isNamed(array.callee, /^numpy\.(_core|core)\.multiarray$/, '_reconstruct'))
    return undefined;
  if (!isList(array.state)) return undefined;
  const items = array.state[4];
  if (!isList(items) || items.length !== count) return undefined;
  const names: string[] = [];
  let characters = 0;
  for (const item of items) {
    const name = nameOf(item, maxCharacters - characters);
    if (name === undefined) return undefined;
    characters += name.length;
    names.push(name);
  }
  return names;
}

function nameOf(item: PickleValue, limit: number): string | undefined {
  if (typeof item === 'string') return item.length <= limit ? item : undefined;
  if (item instanceof Uint8Array) return item.length <= limit ? decodeBytes(item) : undefined;
  if (!isCall(item)) return undefined;
  if (isNamed(item.callee, /^pathlib(\._local)?$/, /^(Pure)?(Posix|Windows)?Path$/))
    return pathOf(item, limit);
  if (isNamed(item.callee, /^numpy\.(_core|core)\.multiarray$/, 'scalar')) return scalarOf(item, limit);
  return undefined;
}

/** pathlib pickles the parts of a path, the first of which may be a root or a drive with its root. */
function pathOf({ callee, args }: Call, limit: number): string | undefined {
  const parts = args.filter((part) => typeof part === 'string');
  const length = parts.reduce((sum, part) => sum + part.length + 1, 0);
  if (parts.length !== args.length || length > limit) return undefined;
  const separator = callee.name.includes('Windows') ? '\\' : '/';
  const [first = '', ...rest] = parts;
  const isRoot = first.endsWith(separator);
  return isRoot ? first + rest.join(separator) : parts.join(separator) || '.';
}

/** `numpy.str_` or `numpy.bytes_`: a dtype with its byte order in its state, and the bytes. */
function scalarOf({ args }: Call, limit: number): string | undefined {
  const [dtype, bytes] = args;
  if (!isCall(dtype) || !isNamed(dtype.callee, /^numpy$/, 'dtype') || !(bytes instanceof Uint8Array))
    return undefined;
  if (bytes.length > limit * 4) return undefined;
  const [type] = dtype.args;
  const order = isList(dtype.state) ? dtype.state[1] : undefined;
  if (typeof type !== 'string') return undefined;
  if (/^[<>|=]?U\d+$/.test(type)) return decodeUcs4(bytes, order === '>');
  return /^[|]?S\d+$/.test(type) ? decodeBytes(bytes) : undefined;
}

function isList(value: PickleValue): value is readonly PickleValue[] {
  return Array.isArray(value);
}

function isCall(value: PickleValue | undefined): value is Call {
  return typeof value === 'object' && value !== null && 'callee' in value;
}

function isNamed(callee: Global, module: RegExp, name: string | RegExp): boolean {
  return (
    module.test(callee.module) && (typeof name === 'string' ? callee.name === name : name.test(callee.name))
  );
}
