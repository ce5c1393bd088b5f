/** Builds zip archives from their parts, so that a test can make any single field wrong. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface MemberParts {
  readonly name: string;
  readonly raw: Uint8Array;
  /** 0 for stored, 8 for deflated (the default). With any other number the bytes are stored. */
  readonly method?: number;
  /** The compressed bytes, instead of those that the method makes from `raw`. */
  readonly compressed?: Uint8Array;
  readonly flags?: number;
  /** A wrong CRC-32 for the directory. */
  readonly crc32?: number;
  readonly compressedSize?: number;
  readonly rawSize?: number;
  readonly byteOffset?: number;
  /** Whether sizes and offset are in a zip64 extra field of the directory. */
  readonly isZip64?: boolean;
  /** Whether the local header has sizes of 0, and a data descriptor follows the bytes. */
  readonly hasDescriptor?: boolean;
  readonly localExtra?: Uint8Array;
}

export interface ArchiveParts {
  readonly prefix?: Uint8Array;
  readonly comment?: Uint8Array;
  readonly trailing?: Uint8Array;
  /** Whether there are a zip64 end record, its locator, and an end record full of ones. */
  readonly isZip64?: boolean;
  readonly entries?: number;
  readonly directoryOffset?: number;
  readonly directoryLength?: number;
  /** Added to every offset: the offset of the archive in a larger file. */
  readonly baseOffset?: number;
}

export function buildZip(members: readonly MemberParts[], archive: ArchiveParts = {}): Buffer {
  const base = archive.baseOffset ?? 0;
  const pieces: Uint8Array[] = [archive.prefix ?? Buffer.alloc(0)];
  const directory: Buffer[] = [];
  for (const member of members) {
    const byteOffset = base + lengthOf(pieces);
    const built = buildMember(member, byteOffset);
    pieces.push(...built.local);
    directory.push(built.entry);
  }
  const directoryOffset = base + lengthOf(pieces);
  const end = buildEnd(archive, members.length, directoryOffset, lengthOf(directory));
  return Buffer.concat([...pieces, ...directory, ...end]);
}

/** An `.npy` of version 1 with this dict (padded to 64 bytes) and these data. */
export function buildNpy(
  descr: string,
  shape: readonly number[],
  data: Uint8Array,
  fortranOrder = false,
): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const order = fortranOrder ? 'True' : 'False';
  return npyWithDict(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${tuple}, }`, data);
}

/** The same with any text for a dict, and any version. */
export function npyWithDict(dict: string, data: Uint8Array = Buffer.alloc(0), version = 1): Buffer {
  const prefix = version === 1 ? 10 : 12;
  const text = Buffer.from(dict, version === 3 ? 'utf8' : 'latin1');
  const padding = 63 - ((prefix + text.length) % 64);
  const header = Buffer.concat([text, Buffer.from(`${' '.repeat(padding)}\n`)]);
  const length = Buffer.alloc(prefix - 8);
  if (version === 1) length.writeUInt16LE(header.length);
  else length.writeUInt32LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY', 'latin1'), Buffer.from([version, 0]), length, header, data]);
}

function buildMember(member: MemberParts, byteOffset: number) {
  const { raw, method = 8, flags = 0, localExtra = Buffer.alloc(0) } = member;
  const name = Buffer.from(member.name);
  const compressed = member.compressed ?? (method === 8 ? deflateRawSync(raw) : raw);
  const sum = member.crc32 ?? crc32(raw);
  const sizes = { compressed: member.compressedSize ?? compressed.length, raw: member.rawSize ?? raw.length };
  const bits = flags | (member.hasDescriptor ? 8 : 0);

  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(bits, 6);
  local.writeUInt16LE(method, 8);
  if (!member.hasDescriptor) {
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(compressed.length, 18);
    local.writeUInt32LE(raw.length, 22);
  }
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(localExtra.length, 28);
  const descriptor = Buffer.alloc(member.hasDescriptor ? 16 : 0);
  if (member.hasDescriptor) {
    descriptor.writeUInt32LE(0x08074b50, 0);
    descriptor.writeUInt32LE(sum, 4);
    descriptor.writeUInt32LE(compressed.length, 8);
    descriptor.writeUInt32LE(raw.length, 12);
  }

  const at = member.byteOffset ?? byteOffset;
  const extra = Buffer.alloc(member.isZip64 ? 28 : 0);
  if (member.isZip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    extra.writeBigUInt64LE(BigInt(sizes.raw), 4);
    extra.writeBigUInt64LE(BigInt(sizes.compressed), 12);
    extra.writeBigUInt64LE(BigInt(at), 20);
  }
  const narrow = (value: number) => (member.isZip64 ? 0xffffffff : value);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(bits, 8);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(sum, 16);
  entry.writeUInt32LE(narrow(sizes.compressed), 20);
  entry.writeUInt32LE(narrow(sizes.raw), 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(narrow(at), 42);
  return {
    local: [local, name, localExtra, compressed, descriptor],
    entry: Buffer.concat([entry, name, extra]),
  };
}

function buildEnd(archive: ArchiveParts, count: number, offset: number, length: number): Uint8Array[] {
  const { comment = Buffer.alloc(0), trailing = Buffer.alloc(0), isZip64 = false } = archive;
  const entries = archive.entries ?? count;
  const directoryOffset = archive.directoryOffset ?? offset;
  const directoryLength = archive.directoryLength ?? length;
  const wide = Buffer.alloc(isZip64 ? 76 : 0);
  if (isZip64) {
    wide.writeUInt32LE(0x06064b50, 0);
    wide.writeBigUInt64LE(44n, 4);
    wide.writeBigUInt64LE(BigInt(entries), 24);
    wide.writeBigUInt64LE(BigInt(entries), 32);
    wide.writeBigUInt64LE(BigInt(directoryLength), 40);
    wide.writeBigUInt64LE(BigInt(directoryOffset), 48);
    wide.writeUInt32LE(0x07064b50, 56);
    wide.writeBigUInt64LE(BigInt(offset + length), 64);
    wide.writeUInt32LE(1, 72);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isZip64 ? 0xffff : entries, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : entries, 10);
  end.writeUInt32LE(isZip64 ? 0xffffffff : directoryLength, 12);
  end.writeUInt32LE(isZip64 ? 0xffffffff : directoryOffset, 16);
  end.writeUInt16LE(comment.length, 20);
  return [wide, end, comment, trailing];
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
