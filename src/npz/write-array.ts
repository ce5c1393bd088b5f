/** An array in memory as a member of an archive. */
import { crc32 } from 'node:zlib';
import { deflateBlockLength, deflateEnd, deflateParts } from './write-deflate.js';
import { npyHeader } from './write-header.js';
import type { ZipMember } from './write-zip.js';

export interface MemoryArray {
  /** numpy's type string, little-endian: `<i4`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** The values, C order. */
  readonly data: Uint8Array;
}

/** The member `<name>.npy`; the same array gives the same bytes. */
export function arrayMember(
  name: string,
  { descr, shape, data }: MemoryArray,
  compression: ZipMember['compression'],
): ZipMember {
  const whole = Buffer.concat([npyHeader(descr, shape), data]);
  return {
    name: `${name}.npy`,
    compression,
    crc32: crc32(whole),
    rawLength: whole.length,
    pieces: () => (compression === 'stored' ? [whole] : deflated(whole)),
  };
}

async function* deflated(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* deflateParts(cut(bytes));
  yield deflateEnd;
}

function* cut(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += deflateBlockLength) {
    yield bytes.subarray(start, start + deflateBlockLength);
  }
}
