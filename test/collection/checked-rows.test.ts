import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { openFilm } from '../../src/collection/film.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { withFile } from '../npz/temporary-file.js';

describe('rows come with the CRC-32s of their float32', () => {
  const [frames, dim] = [700, 520];
  const values = Float32Array.from({ length: frames * dim }, (_, i) => Math.sin(i * 1.7));
  const bytesOf = ({ buffer }: Float32Array | Float64Array) => new Uint8Array(buffer as ArrayBuffer);
  const array = (descr: string, data: Uint8Array, isFortran = false) =>
    buildNpy(descr, [frames, dim], data, isFortran);
  const little = array('<f4', bytesOf(values));
  const archives = {
    deflated: buildZip([{ name: 'embeddings.npy', raw: little }]),
    stored: buildZip([{ name: 'embeddings.npy', raw: little, method: 0 }]),
    'of another type': archiveOf(array('<f8', bytesOf(Float64Array.from(values)))),
    'big-endian': archiveOf(array('>f4', Buffer.from(bytesOf(values.slice())).swap32())),
    'in Fortran order': archiveOf(array('<f4', bytesOf(values), true)),
    none: archiveOf(buildNpy('<f4', [0, dim], Buffer.alloc(0))),
  };
  for (const [what, bytes] of Object.entries(archives)) test(what, () => check('a.npz', bytes));
  test('without an archive', () => check('a.npy', little));

  const check = (name: string, bytes: Buffer) =>
    withFile(name, bytes, async (path) => {
      const film = await openFilm({ name: 'a', path });
      const checks = new Uint32Array(film.frames);
      const expected: number[] = [];
      for await (const { rows, values } of film.readCheckedBlocks(checks)) {
        for (let row = 0; row < rows; row++) {
          const { buffer, byteOffset, byteLength } = values.subarray(row * film.dim, (row + 1) * film.dim);
          expected.push(crc32(new Uint8Array(buffer, byteOffset, byteLength)));
        }
      }
      assert.equal(expected.length, film.frames);
      assert.ok(film.frames === 0 || new Set(expected).size > 600);
      assert.deepEqual([...checks], expected);
      await film.close();
    });
});

function archiveOf(raw: Buffer): Buffer {
  return buildZip([{ name: 'embeddings.npy', raw }]);
}
