/**
 * Arrays as members of an archive: deflated in zlib's thread pool, with their CRC-32. A long array is cut into blocks
 * that are compressed at the same time, each ending in a sync flush, so that what they make is one deflate stream when
 * joined (as pigz does it). The bytes depend on the data alone, not on timing.
 */
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, type ZlibOptions } from 'node:zlib';
import { npyHeader } from './header.js';
import type { ZipMember } from './write-zip.js';

interface MemoryArray {
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

/** Bytes of a block; every block but the last must have them, or the same array would not give the same bytes. */
export const deflateBlockLength = 1 << 20;

/** Ends a stream of parts: an empty final block. */
export const deflateEnd: Uint8Array = Uint8Array.of(3, 0);

/** Blocks being compressed at once: what keeps the pool's four threads busy while the next are made. */
const blocksInFlight = 8;

/**
 * Ways to compress, cheapest first. On float noise matching finds nothing: run-length costs a third of level 6 and
 * gives the same size (and, unlike `Z_HUFFMAN_ONLY`, still shrinks black frames). On sparse features level 4 takes half
 * the time of 6 and is 0.3 % larger. On rounded numbers level 3 is the smallest: Node's zlib hashes four bytes, so its
 * higher levels miss matches of three and come out 2 % larger than Python's.
 */
const efforts: readonly ZlibOptions[] = [
  { level: 6, memLevel: 9, strategy: constants.Z_RLE },
  { level: 4, memLevel: 9 },
  { level: 3 },
  { level: 6, memLevel: 9 },
];

/** A cheaper effort is taken if a sample is at most this much larger than with the best one. */
const tolerance = 1.003;
const sampleLength = 1 << 15;
/** How far back deflate looks. */
const windowLength = 1 << 15;

const deflate = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);

/**
 * Compresses blocks in order, a few at a time. Blocks must not be changed after they are handed over. The parts, then
 * `deflateEnd`, are one raw deflate stream.
 */
export async function* deflateParts(
  blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const inFlight: Promise<Uint8Array>[] = [];
  for await (const block of blocks) {
    inFlight.push(deflateBlock(block));
    if (inFlight.length === blocksInFlight) yield inFlight.shift() as Promise<Uint8Array>;
  }
  yield* inFlight;
}

async function deflateBlock(block: Uint8Array): Promise<Uint8Array> {
  return await deflatePart(block, await chooseEffort(block));
}

/**
 * A sample from the block's middle, compressed in each way, decides. What is before it serves as dictionary: without,
 * half of the sample would have little to match, and rounded numbers came out 2 % too large.
 */
async function chooseEffort(block: Uint8Array): Promise<ZlibOptions> {
  const best = efforts.at(-1) as ZlibOptions;
  if (block.length < 4 * sampleLength) return best;
  const start = block.length >> 1;
  const sample = block.subarray(start, start + sampleLength);
  const dictionary = block.subarray(start - windowLength, start);
  const parts = await Promise.all(efforts.map((effort) => deflatePart(sample, { ...effort, dictionary })));
  const smallest = Math.min(...parts.map((part) => part.length));
  return efforts.find((_, i) => (parts[i]?.length ?? 0) <= smallest * tolerance) ?? best;
}

/** One trip to the pool: the output buffer holds the whole part even where deflate makes it larger. */
function deflatePart(bytes: Uint8Array, options: ZlibOptions): Promise<Uint8Array> {
  const chunkSize = bytes.length + (bytes.length >> 8) + 1024;
  return deflate(bytes, { ...options, chunkSize, finishFlush: constants.Z_SYNC_FLUSH });
}
