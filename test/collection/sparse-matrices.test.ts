/** Sparse matrices, whose arrays are not rows, though one of them may look like a table. */
import { describe, test } from 'node:test';
import { openVectors } from '../../src/collection/film.js';
import { sourceOfBytes } from '../../src/npz/byte-source.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { bytesOf, member, readFilm } from './small-films.js';

const list = buildNpy('<f4', [4], bytesOf(1, 2, 3, 4));
const table = buildNpy('<f4', [2, 2], bytesOf(1, 2, 3, 4));
const format = buildNpy('|S3', [], Buffer.from('csr'));

describe('a sparse matrix is refused, also as a question', () => {
  const cases: readonly [what: string, arrays: Readonly<Record<string, Buffer>>, hint: RegExp][] = [
    ['csr', { indices: list, indptr: list, format, shape: list, data: list }, /scipy\.sparse\..*toarray/],
    ['coo', { row: list, col: list, format, shape: list, data: list }, /scipy\.sparse\..*toarray/],
    ['dia', { offsets: list, format, shape: list, data: table }, /scipy\.sparse\..*toarray/],
    ['coo of the package sparse', { data: list, coords: table, shape: list, fill_value: list }, /todense/],
  ];
  for (const [what, arrays, hint] of cases) {
    test(what, async () => {
      const archive = buildZip(Object.entries(arrays).map(([name, array]) => member(`${name}.npy`, array)));
      const expected = { code: 'array-missing', message: /: a sparse matrix, found /, hint } as const;
      await rejects(() => readFilm(archive), expected);
      await rejects(() => openVectors(sourceOfBytes(archive, 'stdin'), 'npz'), expected);
    });
  }
});
