/**
 * Changes the CRC-32 of an archive's last entry, which numpy uses for the vectors. The error is found only when all
 * vectors have been read.
 */
export function withBrokenChecksum(archive: Uint8Array): Buffer {
  const broken = Buffer.from(archive);
  const entry = broken.lastIndexOf('PK\u0001\u0002', undefined, 'latin1');
  broken.writeUInt8(broken.readUInt8(entry + 16) ^ 1, entry + 16);
  return broken;
}
