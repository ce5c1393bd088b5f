/**
 * Reads the plain values of a pickle: strings, bytes, numbers and lists. A call in the pickle becomes a record of it;
 * nothing is ever called. At an opcode that is not in the table, the reading ends.
 */
import { isUtf8 } from 'node:buffer';
import { noCharacter } from './names.js';

/** A name that the pickle would import. */
export interface Global {
  readonly module: string;
  readonly name: string;
}

/** A call that the pickle would make: the function, its arguments, and the state that it would give to the result. */
export interface Call {
  readonly callee: Global;
  readonly args: readonly PickleValue[];
  state: PickleValue;
}

export type PickleValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Uint8Array
  | Global
  | Call
  | readonly PickleValue[];

/**
 * How much a pickle of names may hold at once, on the stack, in the memo or in a list. Python empties its stack after a
 * thousand items, and puts a few values into the memo for each name, and the parts of paths. Without this limit, a few
 * bytes that inflate to millions of opcodes would take all memory, or more than the 2^24 keys of a Map.
 */
const mostHeld = (names: number) => Math.min(64 * names + 4096, 2 ** 24 - 1);

/**
 * The value of a pickle that should hold `names` names. Undefined if the pickle is cut off, has an opcode that is not
 * in the table, or holds far more values than so many names need.
 */
export function readPickle(pickle: Uint8Array, names: number): PickleValue {
  const most = mostHeld(names);
  const machine: Machine = { bytes: pickle, most, at: 0, stack: [], marks: [], memo: new Map() };
  try {
    for (;;) {
      const opcode = String.fromCharCode(take(machine, 1)[0] ?? 0);
      if (opcode === '.') return pop(machine);
      const step = steps.get(opcode);
      if (step === undefined) return undefined;
      step(machine);
    }
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

class Unreadable extends Error {}

interface Machine {
  readonly bytes: Uint8Array;
  /** The most values on the stack, marks, values in the memo, and items of a list. */
  readonly most: number;
  at: number;
  readonly stack: PickleValue[];
  /** For each mark, the height of the stack when it was set. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
}

type Step = (machine: Machine) => void;

/** A row for each opcode, grouped as in Python's `pickletools.py`. */
const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
  // framing
  ['\x80', (m) => void take(m, 1)],
  ['\x95', (m) => void take(m, 8)],
  // numbers and constants
  ['K', (m) => push(m, uint(m, 1))],
  ['M', (m) => push(m, uint(m, 2))],
  ['J', (m) => push(m, uint(m, 4) | 0)],
  ['G', (m) => push(m, float64(take(m, 8)))],
  ['\x8a', (m) => push(m, littleEndian(take(m, uint(m, 1))))],
  ['I', (m) => push(m, textInteger(line(m)))],
  ['L', (m) => push(m, textInteger(line(m)))],
  ['F', (m) => push(m, Number(line(m)))],
  ['N', (m) => push(m, null)],
  ['\x88', (m) => push(m, true)],
  ['\x89', (m) => push(m, false)],
  // strings and bytes
  ['\x8c', (m) => push(m, utf8(take(m, uint(m, 1))))],
  ['X', (m) => push(m, utf8(take(m, uint(m, 4))))],
  ['\x8d', (m) => push(m, utf8(take(m, uint(m, 8))))],
  ['V', (m) => push(m, unescaped(line(m), rawEscape))],
  ['C', (m) => push(m, take(m, uint(m, 1)))],
  ['B', (m) => push(m, take(m, uint(m, 4)))],
  ['\x8e', (m) => push(m, take(m, uint(m, 8)))],
  ['U', (m) => push(m, take(m, uint(m, 1)))],
  ['T', (m) => push(m, take(m, uint(m, 4)))],
  ['S', (m) => push(m, quotedBytes(line(m)))],
  // tuples, lists, dicts
  ['(', mark],
  [')', (m) => push(m, [])],
  ['t', (m) => push(m, popToMark(m))],
  ['\x85', (m) => push(m, popMany(m, 1))],
  ['\x86', (m) => push(m, popMany(m, 2))],
  ['\x87', (m) => push(m, popMany(m, 3))],
  [']', (m) => push(m, [])],
  ['l', (m) => push(m, popToMark(m))],
  ['a', (m) => append(m, popMany(m, 1))],
  ['e', (m) => append(m, popToMark(m))],
  // the memo
  ['\x94', (m) => remember(m, m.memo.size)],
  ['q', (m) => remember(m, uint(m, 1))],
  ['r', (m) => remember(m, uint(m, 4))],
  ['p', (m) => remember(m, Number(line(m)))],
  ['h', (m) => push(m, recall(m, uint(m, 1)))],
  ['j', (m) => push(m, recall(m, uint(m, 4)))],
  ['g', (m) => push(m, recall(m, Number(line(m))))],
  // what would be imported and called
  ['c', (m) => push(m, { module: line(m), name: line(m) })],
  ['\x93', (m) => push(m, stackGlobal(popMany(m, 2)))],
  ['R', (m) => push(m, call(popMany(m, 2)))],
  ['\x81', (m) => push(m, call(popMany(m, 2)))],
  ['b', (m) => build(m, pop(m))],
]);

function take(machine: Machine, byteLength: number): Uint8Array {
  const end = machine.at + byteLength;
  if (end > machine.bytes.length) throw new Unreadable();
  const taken = machine.bytes.subarray(machine.at, end);
  machine.at = end;
  return taken;
}

function uint(machine: Machine, byteLength: number): number {
  return take(machine, byteLength).reduceRight((value, byte) => value * 256 + byte, 0);
}

/** Takes the text up to the next line feed, and the line feed. */
function line(machine: Machine): string {
  const end = machine.bytes.indexOf(10, machine.at);
  if (end < 0) throw new Unreadable();
  const text = Buffer.from(take(machine, end - machine.at)).toString('latin1');
  take(machine, 1);
  return text;
}

function requireRoom({ most }: Machine, held: number): void {
  if (held >= most) throw new Unreadable();
}

function push(machine: Machine, value: PickleValue): void {
  requireRoom(machine, machine.stack.length);
  machine.stack.push(value);
}

function mark(machine: Machine): void {
  requireRoom(machine, machine.marks.length);
  machine.marks.push(machine.stack.length);
}

function pop(machine: Machine): PickleValue {
  return popMany(machine, 1)[0];
}

function popMany(machine: Machine, count: number): PickleValue[] {
  const floor = machine.marks.at(-1) ?? 0;
  if (machine.stack.length - count < floor) throw new Unreadable();
  return machine.stack.splice(machine.stack.length - count);
}

function popToMark(machine: Machine): PickleValue[] {
  const height = machine.marks.pop();
  if (height === undefined) throw new Unreadable();
  return machine.stack.splice(height);
}

function append(machine: Machine, values: readonly PickleValue[]): void {
  const list = machine.stack.at(-1);
  if (!Array.isArray(list)) throw new Unreadable();
  requireRoom(machine, list.length + values.length - 1);
  for (const value of values) list.push(value);
}

function remember(machine: Machine, key: number): void {
  if (machine.stack.length === 0) throw new Unreadable();
  requireRoom(machine, machine.memo.size);
  machine.memo.set(key, machine.stack.at(-1));
}

function recall(machine: Machine, key: number): PickleValue {
  if (!machine.memo.has(key)) throw new Unreadable();
  return machine.memo.get(key);
}

function stackGlobal([module, name]: readonly PickleValue[]): Global {
  if (typeof module !== 'string' || typeof name !== 'string') throw new Unreadable();
  return { module, name };
}

function call([callee, args]: readonly PickleValue[]): Call | Uint8Array {
  const isGlobal = typeof callee === 'object' && callee !== null && 'module' in callee;
  if (!isGlobal || !Array.isArray(args)) throw new Unreadable();
  // Up to protocol 2 there is no opcode for bytes: Python 3 writes them as text to be encoded, or as bytes().
  if (/^(__builtin__|builtins)$/.test(callee.module) && callee.name === 'bytes' && args.length === 0) {
    return new Uint8Array(0);
  }
  const [text, encoding] = args;
  if (
    callee.module === '_codecs' &&
    callee.name === 'encode' &&
    encoding === 'latin1' &&
    typeof text === 'string'
  ) {
    return Buffer.from(text, 'latin1');
  }
  return { callee, args, state: null };
}

function build(machine: Machine, state: PickleValue): void {
  const target = machine.stack.at(-1);
  if (typeof target !== 'object' || target === null || !('state' in target)) throw new Unreadable();
  target.state = state;
}

/** Decodes UTF-8 in which Python may have encoded surrogates too, each in three bytes. They become `noCharacter`. */
function utf8(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
  const parts = Buffer.from(bytes)
    .toString('latin1')
    .split(/\xed[\xa0-\xbf][\x80-\xbf]/);
  const texts = parts.map((part) => Buffer.from(part, 'latin1'));
  if (!texts.every(isUtf8)) throw new Unreadable();
  return texts.map((text) => text.toString('utf8')).join(noCharacter);
}

function float64(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
}

/**
 * An unsigned number. Pickles of arrays have only sizes and flags in this form, so the sign and the full precision are
 * not needed.
 */
function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}

function textInteger(text: string): number | boolean {
  if (text === '01') return true;
  return text === '00' ? false : Number.parseInt(text, 10);
}

const rawEscape = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g;
const reprEscape = /\\(?:x([0-9a-fA-F]{2})|(.))/g;

function unescaped(text: string, pattern: RegExp): string {
  return text.replace(pattern, (_, four: string | undefined, eight: string | undefined) => {
    const point = Number.parseInt(four ?? eight ?? '0', 16);
    return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  });
}

/** The bytes of a `str` of Python 2, which protocol 0 writes as `repr` does. */
function quotedBytes(text: string): Uint8Array {
  if (!/^(['"]).*\1$/.test(text)) throw new Unreadable();
  const plain = new Map([
    ['n', '\n'],
    ['r', '\r'],
    ['t', '\t'],
  ]);
  const bytes = text
    .slice(1, -1)
    .replace(reprEscape, (_, hex: string | undefined, other = '') =>
      hex === undefined ? (plain.get(other) ?? other) : String.fromCharCode(Number.parseInt(hex, 16)),
    );
  return Buffer.from(bytes, 'latin1');
}
