/**
 * Films as `.npz` archives, as `numpy.savez_compressed(path, filenames=..., embeddings=...)` makes them. `filenames`
 * comes first in the archive but is known last. So the vectors go into a scratch file as they arrive, compressed as
 * they will be in the archive, and are copied behind the names at the end. All sources are written this way, in flat
 * memory.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { npyHeader } from './header.js';
import { encodeNames } from './names.js';
import { arrayMember, deflateBlockLength, deflateEnd, deflateParts } from './write-member.js';
import {
  descrOf,
  type NamedRows,
  noRows,
  packRows,
  type RowTotals,
  type WrittenLayout,
} from './write-rows.js';
import { tooLarge, writeZip, type ZipMember } from './write-zip.js';
import { joinCrc32 } from './zip-member.js';

/** The files that an archive is written with, both empty and open; the caller closes them and removes `scratch`. */
interface NpzFiles {
  readonly archive: FileHandle;
  readonly scratch: FileHandle;
}

export interface NpzLayout extends WrittenLayout {
  /** `stored` leaves vectors as they are, aligned to 64 bytes, so that rows can be read by their position. */
  readonly compression: 'stored' | 'deflated';
  /** Bytes of vectors at most; just below 4 GiB by default. */
  readonly maxRowsLength?: number | undefined;
}

/** Bytes of vectors with which an archive, header included, needs no zip64. */
const archiveLimit = 0xffff_ffff - 128;

/**
 * Writes rows as an archive and returns how many there were. The same rows give the same bytes, however they are cut
 * into blocks. Errors: `output-too-large` from 4 GiB on, `value-unrepresentable`; errors of the file system, unchanged.
 */
export async function writeNpz(
  { archive, scratch }: NpzFiles,
  rows: AsyncIterable<NamedRows>,
  layout: NpzLayout,
): Promise<number> {
  const totals = noRows();
  const blocks = failAtLimit(packRows(rows, layout, deflateBlockLength, totals), totals, layout);
  const parts = layout.compression === 'stored' ? blocks : deflateParts(blocks);
  for await (const part of parts) await scratch.writeFile(part);
  const members = [namesMember(totals.filenames, layout), embeddingsMember(scratch, totals, layout)];
  await writeZip(archive, members, layout.place);
  return totals.filenames.length;
}

/** Stops at the first block that reaches the limit, not after gigabytes more. */
async function* failAtLimit(
  blocks: AsyncIterable<Uint8Array>,
  totals: RowTotals,
  { maxRowsLength = archiveLimit, place }: NpzLayout,
): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) {
    if (totals.length > maxRowsLength) throw tooLarge(place);
    yield block;
  }
}

function namesMember(filenames: readonly string[], { compression, place }: NpzLayout): ZipMember {
  const { descr, data } = encodeNames(filenames, place);
  return arrayMember('filenames', { descr, shape: [filenames.length], data }, compression);
}

function embeddingsMember(scratch: FileHandle, totals: RowTotals, layout: NpzLayout): ZipMember {
  const header = npyHeader(descrOf[layout.dtype], [totals.filenames.length, layout.dim]);
  const { compression } = layout;
  return {
    name: 'embeddings.npy',
    compression,
    crc32: joinCrc32(crc32(header), totals.crc32, totals.length),
    rawLength: header.length + totals.length,
    async *pieces() {
      if (compression === 'stored') yield header;
      else yield* deflateParts([header]);
      yield* contents(scratch);
      if (compression === 'deflated') yield deflateEnd;
    },
  };
}

async function* contents(file: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(deflateBlockLength);
  for (let position = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    position += bytesRead;
  }
}
