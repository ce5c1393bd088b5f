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
  const name = encoding === 'latin1' ? 'Latin-1' : 'UTF-16';
  const way = isStream
    ? `send it through: iconv -f ${encoding === 'utf16' ? 'utf-16' : encoding} -t utf-8`
    : `run: ${textAsUtf8Line(place, encoding)}`;
  return new GialloError(code, `${place}: the text is not UTF-8`, { hint: `if it is ${name}, ${way}` });
}

/** What bytes are that are not UTF-8: UTF-16, else probably Latin-1. */
function otherEncoding(bytes: Uint8Array): TextEncoding | undefined {
  if (isUtf16(bytes)) {
    if (bytes[0] === 0) return 'utf-16-be';
    return bytes[1] === 0 ? 'utf-16-le' : 'utf16';
  }
  return isUtf8(bytes) ? undefined : 'latin1';
}

/** Whether a text is UTF-16: by its byte order mark, or by the zero byte of a first character that is ASCII. */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  return (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    (bytes.length > 1 && (first === 0) !== (second === 0))
  );
}
