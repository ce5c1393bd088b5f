/** Files of text, which is UTF-8: other bytes are refused, since read as UTF-8 they would become other names. */
import { isUtf8 } from 'node:buffer';
import { type ErrorCode, GialloError } from '../errors.js';
import { readSmallFile } from './byte-source.js';
import type { TextEncoding } from './python-lines.js';

/**
 * The text of a small file, without its byte order mark; undefined where there is none. Errors: `code`, with the line that
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
  const { textAsUtf8Line } = await import('./python-lines.js');
  const name = other === 'latin1' ? 'Latin-1' : 'UTF-16';
  const hint = `if it is ${name}, run: ${textAsUtf8Line(path, other)}`;
  throw new GialloError(code, `${path}: the text is not UTF-8`, { hint });
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
