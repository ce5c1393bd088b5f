/**
 * Filenames as numpy's `<U` arrays hold them: UCS-4 by code point, each padded with NULs to the longest.
 */
import { GialloError } from '../errors.js';

/** An array ready to be written: its type string and its data, C order. */
export interface EncodedNames {
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
