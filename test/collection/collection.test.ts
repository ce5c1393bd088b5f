import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { rejects } from '../rejects.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

describe('a collection', () => {
  test('has the .npz and .npy files of a folder, named without endings, in code point order', async () => {
    const folder = temporaryFolder(
      emptyFiles('b.npz', 'B.npy', 'a.mkv.npz', '\u{1f600}.npz', '\uff5e.npz', 'a.npz', 'names.txt', 'npz'),
    );
    const { films, shadowed } = await openCollection(folder);
    assert.deepEqual(
      films.map(({ name }) => name),
      ['B', 'a', 'a.mkv', 'b', '\uff5e', '\u{1f600}'],
    );
    assert.equal(films[0]?.path, join(folder, 'B.npy'));
    assert.deepEqual(shadowed, []);
  });

  test('leaves out dotfiles and everything in subfolders', async () => {
    const folder = temporaryFolder(emptyFiles('a.npz', '.b.npz', 'sub/c.npz', 'folder.npz/d.npz', '.npz'));
    assert.deepEqual(await namesIn(folder), ['a']);
  });

  test('prefers an .npz to an .npy of the same name, and says so', async () => {
    const { films, shadowed } = await openCollection(temporaryFolder(emptyFiles('a.npy', 'a.npz', 'b.npy')));
    assert.deepEqual(
      films.map(({ path }) => path.slice(-5)),
      ['a.npz', 'b.npy'],
    );
    assert.deepEqual(shadowed, ['a.npy']);
  });

  test('takes endings in capitals, but prefers those in small letters', async () => {
    const folder = temporaryFolder(emptyFiles('A.NPZ', 'b.NPY', 'c.Npz', 'c.npz', 'd.NPZ', 'd.npy'));
    const { films, shadowed } = await openCollection(folder);
    assert.deepEqual(
      films.map(({ name, path }) => [name, path.slice(-5)]),
      [
        ['A', 'A.NPZ'],
        ['b', 'b.NPY'],
        ['c', 'c.npz'],
        ['d', 'd.NPZ'],
      ],
    );
    assert.deepEqual(shadowed, ['c.Npz', 'd.npy']);
  });

  test('takes an .npy if the .npz of the same name is a folder', async () => {
    const { films, shadowed } = await openCollection(temporaryFolder(emptyFiles('a.npy', 'a.npz/x')));
    assert.deepEqual(
      films.map(({ path }) => path.slice(-5)),
      ['a.npy'],
    );
    assert.deepEqual(shadowed, []);
  });

  test('follows links; a broken link stays in the list, so that reading it reports it', async () => {
    const elsewhere = temporaryFolder(emptyFiles('x.npz'));
    const folder = temporaryFolder();
    symlinkSync(join(elsewhere, 'x.npz'), join(folder, 'linked.npz'));
    symlinkSync(elsewhere, join(folder, 'to-a-folder.npz'));
    symlinkSync(join(elsewhere, 'gone'), join(folder, 'dangling.npz'));
    assert.deepEqual(await namesIn(folder), ['dangling', 'linked']);
    mkdirSync(join(folder, 'sub'));
    symlinkSync(folder, join(folder, 'sub', 'link'));
    assert.deepEqual(await namesIn(join(folder, 'sub', 'link')), ['dangling', 'linked']);
  });

  test('may be empty', async () => {
    assert.deepEqual(await namesIn(temporaryFolder()), []);
  });

  test('must be an existing folder', async () => {
    const folder = temporaryFolder(emptyFiles('file'));
    const hint = 'name the folder of films with --data <dir> or in $GIALLO_DATA';
    const missing = join(folder, 'missing');
    await rejects(() => openCollection(missing), {
      code: 'collection-missing',
      message: `${missing}: no such folder`,
      hint,
    });
    const file = join(folder, 'file');
    await rejects(() => openCollection(file), {
      code: 'collection-missing',
      message: `${file}: a file, not a folder`,
      hint,
    });
    symlinkSync('circle', join(folder, 'circle'));
    await rejects(() => openCollection(join(folder, 'circle')), {
      code: 'file-unreadable',
      message: /circle/,
    });
  });
});

async function namesIn(folder: string): Promise<string[]> {
  return (await openCollection(folder)).films.map(({ name }) => name);
}
