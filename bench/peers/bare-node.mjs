// One frame against its film with nothing but Node: read, inflate, check the CRC, scan. It trusts the archive and knows
// only what numpy writes, so it is near the least that a Node program can take. bare-node.mjs <film.npz> <index>
import { readFileSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';

const [path, index] = process.argv.slice(2);
const query = Number(index);
const { values, dim } = readEmbeddings(readFileSync(path));
const rows = values.length / dim;
const dots = new Float64Array(rows);
const squares = new Float64Array(rows);
for (let row = 0; row < rows; row++) {
  let dot = 0;
  let square = 0;
  for (let i = row * dim, j = query * dim; i < (row + 1) * dim; i++, j++) {
    dot += values[i] * values[j];
    square += values[i] * values[i];
  }
  dots[row] = dot;
  squares[row] = square;
}
const results = Array.from(dots, (dot, row) => ({
  index: row,
  score: dot / Math.sqrt(squares[row] * squares[query]),
}))
  .filter((result) => result.index !== query)
  .sort((a, b) => b.score - a.score)
  .slice(0, 5);
process.stdout.write(`${JSON.stringify({ results })}\n`);

function readEmbeddings(archive) {
  let entry = archive.readUInt32LE(archive.length - 22 + 16);
  for (;;) {
    const nameLength = archive.readUInt16LE(entry + 28);
    const name = archive.toString('latin1', entry + 46, entry + 46 + nameLength);
    if (name === 'embeddings.npy') {
      return readArray(inflateEntry(archive, entry));
    }
    entry += 46 + nameLength + archive.readUInt16LE(entry + 30) + archive.readUInt16LE(entry + 32);
  }
}

function inflateEntry(archive, entry) {
  const size = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const deflated = archive.subarray(start, start + archive.readUInt32LE(entry + 20));
  const bytes = inflateRawSync(deflated, { chunkSize: size, maxOutputLength: size });
  if (crc32(bytes) !== archive.readUInt32LE(entry + 16)) {
    throw new Error('the CRC differs');
  }
  return bytes;
}

function readArray(npy) {
  const headerEnd = 10 + npy.readUInt16LE(8);
  const [, dim] = /'shape': \(\d+, (\d+)\)/.exec(npy.toString('latin1', 10, headerEnd));
  return {
    values: new Float32Array(npy.buffer, npy.byteOffset + headerEnd, (npy.length - headerEnd) / 4),
    dim: Number(dim),
  };
}
