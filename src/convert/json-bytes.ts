/**
 * The few things that JSON's grammar needs to know of bytes. Positions are indices; the length of `bytes` stands for
 * "not in these bytes".
 */

export const byteOf = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

const space = 0x20;
const backslash = 0x5c;
/** What is quoted of a wrong token in an error. */
const shownLength = 24;

/** The first position from `start` on that is not white space. */
export function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at;
}

/** Behind the string that opens at `start`, undefined where it does not end in these bytes. */
export function endOfString(bytes: Buffer, start: number): number | undefined {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === byteOf.quote) return at + 1;
  }
  return undefined;
}

/** How many elements stand from the `[` at `start` to the `]` at `close`, if they hold no commas. */
export function countElements(bytes: Buffer, start: number, close: number): number {
  let count = 1;
  for (let at = start; at < close; at++) if (bytes[at] === byteOf.comma) count++;
  return count;
}

/** Whether an element of an array ends before this byte. */
export function isDelimiter(byte: number | undefined): boolean {
  return byte === byteOf.comma || byte === byteOf.closeBracket || isSpace(byte);
}

/** What stands at a position, a sign of punctuation or what lies before the next, shortened: for errors. */
export function tokenAt(bytes: Buffer, start: number): string {
  let end = start + 1;
  if (!isPunctuation(bytes[start])) {
    while (end < bytes.length && end < start + shownLength && !endsToken(bytes[end])) end++;
  }
  return bytes.toString('utf8', start, end);
}

function endsToken(byte: number | undefined): boolean {
  return isSpace(byte) || isPunctuation(byte);
}

function isPunctuation(byte: number | undefined): boolean {
  return byte !== byteOf.quote && Object.values<number | undefined>(byteOf).includes(byte);
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
