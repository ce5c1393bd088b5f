/** Films that are written while they are read: what was read is never used. */
import { closeSync, openSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openFilm } from '../../src/collection/film.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

describe('a film that is written while it is read', () => {
  const large = (first: number, rows = 400_000) =>
    buildNpy('<f4', [rows, 4], Buffer.from(new Float32Array(rows * 4).fill(first).buffer));
  const forms: readonly [string, (first: number) => Buffer][] = [
    ['.npy', large],
    ['.npz', (first) => buildZip([{ name: 'embeddings.npy', raw: large(first), method: 0 }])],
  ];
  const changes: readonly [string, (path: string, bytes: Buffer) => void][] = [
    ['in place', overwrite],
    ['with its last byte alone', (path, bytes) => overwrite(path, bytes.subarray(-1), bytes.length - 1)],
    ['by another in its place', (path, bytes) => replace(path, bytes)],
  ];
  for (const [ending, contentOf] of forms) {
    for (const [how, change] of changes) {
      test(`${ending}, ${how}: gives an error, and the next read gives the new content`, async () => {
        const folder = temporaryFolder({ [`film${ending}`]: contentOf(1) });
        const path = join(folder, `film${ending}`);
        const film = await openFilm({ name: 'film', path });
        await rejects(
          async () => {
            let blocks = 0;
            for await (const _ of film.readBlocks()) if (blocks++ === 0) change(path, contentOf(2));
          },
          { code: 'file-unreadable', message: /changed while it was being read/ },
        );
        await film.close();
        const now = await openFilm({ name: 'film', path });
        for await (const _ of now.readBlocks());
        await now.close();
      });
    }
  }

  test('names read after their .npy has changed are an error', async () => {
    const names = 'a\nb\n';
    const folder = temporaryFolder({ 'film.npy': large(1, 2), 'film.txt': names });
    const path = join(folder, 'film.npy');
    const film = await openFilm({ name: 'film', path });
    replace(path, large(2, 2));
    writeFileSync(join(folder, 'film.txt'), 'c\nd\n');
    const changed = { code: 'file-unreadable', message: /film\.npy: the file changed/ } as const;
    await rejects(() => film.readFilenames(), changed);
    await film.close();
  });
});

function overwrite(path: string, bytes: Buffer, position = 0): void {
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

function replace(path: string, bytes: Buffer): void {
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}
