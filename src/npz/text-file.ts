/** Text files, which must be UTF-8: other encodings are refused, since reading them as UTF-8 would change names. */
import { isUtf8 } from 'node:buffer';
import { type ErrorCode, GialloError } from '../errors.js';
import { readSmallFile } from './byte-source.js';
import { type TextEncoding, textAsUtf8Line } from './python-lines.js';

/**
 * The text of a small file, without its byte order mark; undefined if there is none. Errors: `code`, with the line that
 * mends it, where it is not UTF-8; those of `readSmallFile`.
 */
export async function readTextFile(
  path: string,
  maxBytes: number,
  code: ErrorCode,
): Promise<string | undefined> {
  const bytes = await readSmallFile(path, maxBytes);
  if (bytes === undefined) return undefined;
  const other = otherEncoding(bytes);
  if (other === undefined)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
  throw notUtf8(code, path, bytes);
}

/**
 * The error of a text that is not UTF-8, given its beginning: with the line that mends the file, or with the program
 * that a stream goes through.
 */
export function notUtf8(code: ErrorCode, place: string, bytes: Uint8Array, isStream = false): GialloError {
  const encoding = otherEncoding(bytes) ?? 'latin1';
  const name = encoding === 'latin1' ? 'Latin-1' : encoding.replace(/^utf-?(\d\d).*/, 'UTF-$1');
  const way = isStream
    ? `send it through: iconv -f ${encoding.replace(/^utf(?=\d)/, 'utf-')} -t utf-8`
    : `run: ${textAsUtf8Line(place, encoding)}`;
  return new GialloError(code, `${place}: the text is not UTF-8`, { hint: `if it is ${name}, ${way}` });
}

/** What bytes are that are not UTF-8: UTF-16, else probably Latin-1. */
function otherEncoding(bytes: Uint8Array): TextEncoding | undefined {
  if (isUtf32(bytes)) return 'utf32';
  if (isUtf16(bytes)) {
    if (bytes[0] === 0) return 'utf-16-be';
    return bytes[1] === 0 ? 'utf-16-le' : 'utf16';
  }
  return isUtf8(bytes) ? undefined : 'latin1';
}

/** Whether a text is UTF-32, by its byte order mark. */
function isUtf32(bytes: Uint8Array): boolean {
  const mark = Buffer.from(bytes.subarray(0, 4)).toString('hex');
  return mark === 'fffe0000' || mark === '0000feff';
}

/** How much of a text without a byte order mark is looked at. */
const lookedAt = 64;

/**
 * Whether a text is UTF-16: by its byte order mark, or by the zero byte of a first character that is ASCII. Numbers may
 * have such a byte too, so what follows must be text.
 */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  if (bytes.length < 2 || (first === 0) === (second === 0)) return false;
  const start = bytes.subarray(0, Math.min(lookedAt, bytes.length - (bytes.length % 2)));
  const text = new TextDecoder(first === 0 ? 'utf-16be' : 'utf-16le').decode(start, { stream: true });
  return !/[^\P{C}\p{Cf}\t\n\r]|\ufffd/u.test(text);
}
