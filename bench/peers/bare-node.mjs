// bare-node.mjs <film.npz> <index>
// One frame against its film in Node without giallo: read, inflate, check the CRC, scan. It trusts the archive, and
// reads only archives as numpy writes them, so hardly any Node program can be faster.
import { readFileSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import { embeddingsMember, readHeader } from './film-archive.mjs';

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
  const { deflated, size, crc } = embeddingsMember(archive);
  const npy = inflateRawSync(deflated, { chunkSize: size, maxOutputLength: size });
  if (crc32(npy) !== crc) {
    throw new Error('the CRC differs');
  }
  const { numbersOffset, dim } = readHeader(npy);
  const numbers = (npy.length - numbersOffset) / 4;
  return { values: new Float32Array(npy.buffer, npy.byteOffset + numbersOffset, numbers), dim };
}
