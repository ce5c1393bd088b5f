// Reads archives for the peers in plain Node: only such as numpy writes, and without checks.

/** @param {Buffer} archive @returns the deflate stream of the embeddings, their inflated size and CRC-32 */
export function embeddingsMember(archive) {
  let entry = archive.readUInt32LE(archive.length - 22 + 16);
  for (;;) {
    const nameLength = archive.readUInt16LE(entry + 28);
    const name = archive.toString('latin1', entry + 46, entry + 46 + nameLength);
    if (name === 'embeddings.npy') {
      return memberAt(archive, entry);
    }
    entry += 46 + nameLength + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
  }
}

/** @param {Buffer} npy @returns where the numbers begin, the frames and the numbers of a frame */
export function readHeader(npy) {
  const numbersOffset = 10 + npy.readUInt16LE(8);
  const [, frames, dim] = /'shape': \((\d+), (\d+)\)/.exec(npy.toString('latin1', 10, numbersOffset));
  return { numbersOffset, frames: Number(frames), dim: Number(dim) };
}

function memberAt(archive, entry) {
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  return {
    deflated: archive.subarray(start, start + archive.readUInt32LE(entry + 20)),
    size: archive.readUInt32LE(entry + 24),
    crc: archive.readUInt32LE(entry + 16),
  };
}
