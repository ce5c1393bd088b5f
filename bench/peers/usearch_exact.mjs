// The nearest of rows by usearch's exact search, with SIMD on all cores. Vectors are of unit length.
// usearch_exact.mjs <folder of packages> <vectors.npy> <row, or first-end> <k> [scores.npy]
import { answer, packagesIn, rowsAsked } from './packages.mjs';
import { openVectors } from './vectors.mjs';

const [packages, path, asked, k, target] = process.argv.slice(2);
const { exactSearch, MetricKind } = packagesIn(packages)('usearch');
const { rows, dim, read } = openVectors(path);
/** Rows searched at once: 400 MB of them. */
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
// The row itself is the nearest.
answer(
  found.map((scores) => scores.sort((a, b) => b - a).slice(1, wanted)),
  target,
);
