/**
 * Arrays of strings as numpy saves them: UCS-4 (`<U14`) or bytes (`|S14`), each padded with NUL to the same size.
 * Python's strings may hold any code point, so astral characters are one unit here and two in JavaScript.
 */
import type { StringType } from './dtypes.js';

/** The `count` strings at the start of `data`, without the NULs at their ends. */
export function decodeStrings(dtype: StringType, data: Uint8Array, count: number): string[] {
  const decode = dtype.kind === 'unicode' ? decodeUcs4 : decodeBytes;
  const strings: string[] = [];
  for (let n = 0; n < count; n++) {
    const item = data.subarray(n * dtype.itemBytes, (n + 1) * dtype.itemBytes);
    strings.push(decode(item, dtype.isBigEndian));
  }
  return strings;
}

/** UCS-4 to a string; U+FFFD for what is no character: beyond U+10FFFF, or a surrogate. */
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
  let end = item.length;
  while (end > 0 && item[end - 1] === 0) end--;
  const bytes = item.subarray(0, end);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

function toCharacter(point: number): number {
  return point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff) ? 0xfffd : point;
}
