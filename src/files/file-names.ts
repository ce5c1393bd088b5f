/** Names of files that giallo makes from names that it is given: allowed on every file system, and never too long. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The longest name that file systems allow, in bytes. */
const longest = 255;

/**
 * The name of a file for a film: the film's name, with characters that some file system forbids written as `%3F`, and
 * the ending. A dot at the start, as of a film named by `../its/path`, is written so too: it would hide the file from
 * `*` and from web servers. Films of different names have files of different names (`shortFileName`).
 */
export function safeFileName(film: string, ending: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const forbidden = /[%/\\:*?"<>|\u0000-\u001f]|^\.|^(?=(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$))./gi;
  const escaped = film.replace(
    forbidden,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
  return shortFileName(escaped, ending);
}

/**
 * `stem` and `ending`. If that is too long, the stem is cut, and a hash of the whole stem follows it. `room` is the
 * length of the longest ending that the same stem is used with.
 */
export function shortFileName(stem: string, ending: string, room: number = ending.length): string {
  const most = longest - Math.max(room, ending.length);
  // A name that looks as if it had been cut gets a hash as well, so that no other name can be cut to it.
  if (Buffer.byteLength(stem) <= most && !/~[0-9a-f]{16}$/.test(stem)) return stem + ending;
  const kept: string[] = [];
  let length = 1 + 16;
  for (const character of stem) {
    length += Buffer.byteLength(character);
    if (length > most) break;
    kept.push(character);
  }
  return `${kept.join('')}~${hashOf(stem)}${ending}`;
}

/**
 * The address of a file for a page in `folder`: relative, so that both can be moved together, except on another drive.
 * All marks of an address are escaped, so that no name can be taken for a scheme or a query.
 */
export function addressFrom(folder: string, path: string): string {
  const route = relative(resolve(folder), resolve(path)).replace(/\p{Cs}/gu, '\ufffd');
  return isAbsolute(route) ? pathToFileURL(route).href : route.split(sep).map(encodeURIComponent).join('/');
}

/**
 * 64 bits of a text as 16 hexadecimal digits: two FNV-like hashes. Not cryptographic, since node:crypto takes 4 ms to
 * load.
 */
export function hashOf(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 15;
  }
  return hex32(a >>> 0) + hex32(b >>> 0);
}

/** A checksum of 32 bits as eight hexadecimal digits. */
export function hex32(value: number): string {
  return value.toString(16).padStart(8, '0');
}
