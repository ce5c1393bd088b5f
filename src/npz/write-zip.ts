/**
 * The archive around arrays that are already compressed. fflate writes the container: local headers, data descriptors
 * and the directory; it has no zip64, so nothing in an archive may reach 4 GiB.
 */
import type { FileHandle } from 'node:fs/promises';
import { Zip, type ZipInputFile } from 'fflate';
import { GialloError } from '../errors.js';

/** One file of an archive, ready to be written. */
export interface ZipMember {
  readonly name: string;
  readonly compression: 'stored' | 'deflated';
  /** Of the member before compression. */
  readonly crc32: number;
  readonly rawLength: number;
  /** The member as it lies in the archive, in pieces; their memory may be reused for the next. */
  pieces(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Where the bytes of stored members begin: at multiples of this, so that rows can be mapped as they lie. */
const alignment = 64;

/** The extra field with which Android's zipalign, and since then others, move a member to an aligned place. */
const alignmentField = 0xd935;
const localHeaderLength = 30;
const maxLength = 0xffff_ffff;

/**
 * Writes an archive to `file` from its start; the same members give the same bytes. Errors: `output-too-large` if it
 * reaches 4 GiB, naming `place`; errors of the file system, unchanged.
 */
export async function writeZip(
  file: FileHandle,
  members: readonly ZipMember[],
  place: string,
): Promise<void> {
  const pending: Uint8Array[] = [];
  let written = 0;
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    pending.push(chunk);
  });
  const drain = async () => {
    for (const chunk of pending.splice(0)) {
      await file.writeFile(chunk);
      written += chunk.length;
      if (written > maxLength) throw tooLarge(place);
    }
  };
  for (const member of members) {
    const entry = entryOf(member, written);
    zip.add(entry);
    for await (const piece of member.pieces()) {
      entry.ondata?.(null, piece as Uint8Array<ArrayBuffer>, false);
      await drain();
    }
    entry.ondata?.(null, new Uint8Array(), true);
    await drain();
  }
  zip.end();
  await drain();
}

/** The error for an archive that would reach 4 GiB. */
export function tooLarge(place: string): GialloError {
  const message = `${place}: the .npz would be 4 GiB or more, which needs zip64`;
  return new GialloError('output-too-large', message, { hint: 'write .npy or .parquet instead' });
}

function entryOf(member: ZipMember, offset: number): ZipInputFile {
  const isStored = member.compression === 'stored';
  return {
    filename: member.name,
    compression: isStored ? 0 : 8,
    crc: member.crc32,
    size: member.rawLength,
    // Local time, since fflate writes it so: the earliest that zip can hold, the same in every time zone.
    mtime: new Date(1980, 0, 1),
    ...(isStored && {
      extra: { [alignmentField]: padding(offset + localHeaderLength + member.name.length) },
    }),
  };
}

/** The field's content: the alignment, then NULs up to the aligned place. Before it stand its id and length. */
function padding(offset: number): Uint8Array {
  const start = offset + 4 + 2;
  const field = Buffer.alloc(2 + ((alignment - (start % alignment)) % alignment));
  field.writeUInt16LE(alignment);
  return field;
}
