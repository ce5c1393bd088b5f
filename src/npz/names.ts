/**
 * Arrays of strings as numpy saves them: UCS-4 (`<U14`) or bytes (`|S14`), each padded with NUL to the same size.
 * Python's strings may hold any code point, so astral characters are one unit here and two in JavaScript.
 */
import { isUtf8 } from 'node:buffer';
import { GialloError } from '../errors.js';
import type { StringType } from './dtypes.js';

/** The `count` strings at the start of `data`, without the NULs at their ends. */
export function decodeStrings(dtype: StringType, data: Uint8Array, count: number): string[] {
  const { kind, itemBytes, isBigEndian } = dtype;
  const narrow = kind === 'unicode' ? narrowed(data.subarray(0, count * itemBytes), isBigEndian) : undefined;
  if (narrow !== undefined) return latin1Strings(narrow, itemBytes / 4, count);
  const decode = kind === 'unicode' ? decodeUcs4 : decodeBytes;
  return Array.from({ length: count }, (_, n) =>
    decode(data.subarray(n * itemBytes, (n + 1) * itemBytes), isBigEndian),
  );
}

/**
 * UCS-4 as latin1, one byte a code point, if all of them are below 256; else undefined. A search waits for its names,
 * and nearly all are of that kind: this way none of their code points passes through JavaScript.
 */
function narrowed(ucs4: Uint8Array, isBigEndian: boolean): Buffer | undefined {
  const bytes = Buffer.copyBytesFrom(ucs4);
  if (isBigEndian) bytes.swap32();
  const points = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const low = new Uint8Array(points);
  const isLatin1 = Buffer.from(new Uint32Array(low).buffer).equals(bytes);
  return isLatin1 ? Buffer.from(low.buffer) : undefined;
}

function latin1Strings(bytes: Buffer, width: number, count: number): string[] {
  const strings: string[] = [];
  for (let start = 0; strings.length < count; start += width) {
    strings.push(bytes.toString('latin1', start, trimmedEnd(bytes, start, start + width)));
  }
  return strings;
}

/** Where the NULs at the end of an item begin. */
function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let trimmed = end;
  while (trimmed > start && bytes[trimmed - 1] === 0) trimmed--;
  return trimmed;
}

/** Longer names, as stored, are refused: with their padding they could take any amount of memory. */
export const maxNameBytes = 1 << 20;

/** Longer names in all would take most of the memory that Node.js gives a program, and a few bytes can hold them. */
const maxCharacters = 1 << 29;

/**
 * The strings of an array whose content comes in pieces, and whether any was read as Latin-1. Memory is the strings and
 * 1 MiB, whatever their padding. Errors: `size-absurd`, naming `place`, for more than `mostCharacters` in all.
 */
export async function readStrings(
  dtype: StringType,
  count: number,
  data: AsyncIterable<Uint8Array>,
  place: string,
  mostCharacters = maxCharacters,
): Promise<{ readonly strings: string[]; readonly isLatin1: boolean }> {
  const { itemBytes } = dtype;
  const perBlock = Math.max(1, Math.min(count, Math.floor(maxNameBytes / Math.max(1, itemBytes))));
  const block = new Uint8Array(perBlock * itemBytes);
  const strings: string[] = [];
  let characters = 0;
  let isLatin1 = false;
  let filled = 0;
  const decode = () => {
    for (const text of decodeStrings(dtype, block, filled / itemBytes)) {
      characters += text.length;
      strings.push(text);
    }
    if (characters > mostCharacters) {
      const message = `${place}: the names have more than ${mostCharacters} characters in all`;
      throw new GialloError('size-absurd', message, { hint: 'shorten the names' });
    }
    for (let at = 0; at < filled && dtype.kind === 'bytes'; at += itemBytes) {
      isLatin1 ||= !isUtf8(block.subarray(at, at + itemBytes));
    }
    filled = 0;
  };
  for await (const piece of data) {
    for (let used = 0; used < piece.length; ) {
      const taken = Math.min(piece.length - used, block.length - filled);
      block.set(piece.subarray(used, used + taken), filled);
      used += taken;
      filled += taken;
      if (filled === block.length) decode();
    }
  }
  if (filled > 0) decode();
  return { strings: itemBytes === 0 ? Array.from({ length: count }, () => '') : strings, isLatin1 };
}

/** Half of a surrogate pair, in place of a code point that is no character (a surrogate, or beyond U+10FFFF). */
export const noCharacter = '\ud800';

/** UCS-4 to a string; `noCharacter` for what is no character. */
export function decodeUcs4(item: Uint8Array, isBigEndian: boolean): string {
  const view = new DataView(item.buffer, item.byteOffset, item.byteLength);
  const points: number[] = [];
  for (let at = 0; at + 4 <= item.length; at += 4) points.push(view.getUint32(at, !isBigEndian));
  while (points.at(-1) === 0) points.pop();
  let text = '';
  // Spread in slices: an engine takes some 100,000 arguments at the most.
  for (let from = 0; from < points.length; from += 4096) {
    text += String.fromCodePoint(...points.slice(from, from + 4096).map(toCharacter));
  }
  return text;
}

/** Bytes to a string: UTF-8, latin1 where they cannot be UTF-8. */
export function decodeBytes(item: Uint8Array): string {
  const bytes = item.subarray(0, trimmedEnd(item, 0, item.length));
  return Buffer.from(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function toCharacter(point: number): number {
  return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? 0xd800 : point;
}

/** An array ready to be written: its type string and its data, C order. */
interface EncodedNames {
  readonly descr: string;
  /** [names x longest] little-endian UCS-4; owned by the caller. */
  readonly data: Uint8Array;
}

/** More would not fit in an archive without zip64, which is what giallo writes. */
const maxDataLength = 0xffff_ffff;

/**
 * Encodes names. `place` is named in errors: `value-unrepresentable` for a name that ends in NUL, which numpy would
 * strip; `output-too-large` where names times the longest name is over 4 GiB.
 */
export function encodeNames(filenames: readonly string[], place: string): EncodedNames {
  let longest = 1; // numpy, too, makes `<U1` of nothing but empty strings
  for (const name of filenames) {
    if (name.endsWith('\0')) {
      const message = `${place}: a filename ends in NUL, which numpy's <U strings cannot hold: ${JSON.stringify(name)}`;
      throw new GialloError('value-unrepresentable', message);
    }
    longest = Math.max(longest, codePoints(name));
  }
  const dataLength = filenames.length * longest * 4;
  if (dataLength > maxDataLength) {
    const message = `${place}: ${filenames.length} filenames of up to ${longest} characters need ${dataLength} bytes as <U${longest}, more than 4 GiB`;
    throw new GialloError('output-too-large', message, { hint: 'shorten the longest filename' });
  }
  const units = new Uint32Array(filenames.length * longest);
  filenames.forEach((name, row) => {
    let at = row * longest;
    for (const character of name) units[at++] = character.codePointAt(0) as number;
  });
  return { descr: `<U${longest}`, data: new Uint8Array(units.buffer) };
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
