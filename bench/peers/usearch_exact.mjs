// usearch_exact.mjs <folder of packages> <vectors.npy> <row, or first-end> <k> [scores.npy]
// The nearest frames of rows by the exact search of usearch, which uses SIMD on all cores. Vectors are of unit length.
import { answer, packagesIn, rowsAsked } from './packages.mjs';
import { openVectors } from './vectors.mjs';

const [packages, path, asked, k, target] = process.argv.slice(2);
const { exactSearch, MetricKind } = packagesIn(packages)('usearch');
const { rows, dim, read } = openVectors(path);
/** How many rows are searched at once: 400 MB of vectors. */
const blockRows = Math.floor(1e8 / dim);
const wanted = Number(k) + 1;
const numbers = rowsAsked(asked);
const queries = read(numbers[0], numbers.length);

const found = numbers.map(() => []);
for (let first = 0; first < rows; first += blockRows) {
  const count = Math.min(blockRows, rows - first);
  const inBlock = Math.min(wanted, count);
  const { distances } = exactSearch(read(first, count), queries, dim, inBlock, MetricKind.IP, 0);
  for (const [i, scores] of found.entries())
    for (let n = 0; n < inBlock; n++) scores.push(1 - distances[i * inBlock + n]);
}
// The first result is the row itself.
answer(
  found.map((scores) => scores.sort((a, b) => b - a).slice(1, wanted)),
  target,
);
