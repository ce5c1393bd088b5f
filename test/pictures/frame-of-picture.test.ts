import assert from 'node:assert/strict';
import { copyFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { frameOfPicture } from '../../src/pictures/frame-of-picture.js';
import { rejects } from '../rejects.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films');
const root = temporaryFolder(
  emptyFiles(
    'films/broken.npz',
    'shots/Alpha.1968.mkv/any.jpg',
    'shots/Beta.1971/sub/any.jpg',
    'shots/nobody.jpg',
    'elsewhere.jpg',
  ),
);
const data = join(root, 'films');
const shots = join(root, 'shots');
for (const film of ['Alpha.1968.mkv', 'Beta.1971.mp4', 'One']) {
  copyFileSync(join(golden, `${film}.npz`), join(data, `${film}.npz`));
}
symlinkSync(shots, join(root, 'linked'));
const collection = await openCollection(data);

describe('the frame of a picture', () => {
  test('is found in the folder of its film', async () => {
    assert.deepEqual(await frame(join(shots, 'Alpha.1968.mkv/any.jpg')), {
      film: 'Alpha.1968.mkv',
      frame: 'name:any.jpg',
    });
  });
  test('is found below the folder of its film without the video ending', async () => {
    assert.deepEqual(await frame(join(shots, 'Beta.1971/sub/any.jpg')), {
      film: 'Beta.1971.mp4',
      frame: 'name:sub/any.jpg',
    });
  });
  test('is found by a relative path, or through a link to the folder', async () => {
    const { film } = await frame(relative(process.cwd(), join(shots, 'Alpha.1968.mkv/any.jpg')));
    assert.equal(film, 'Alpha.1968.mkv');
    assert.equal((await frame(join(root, 'linked/Alpha.1968.mkv/any.jpg'))).film, 'Alpha.1968.mkv');
  });
  test('is found by its name as --names prints it, whether it exists or not', async () => {
    assert.deepEqual(await frame('Alpha.1968.mkv/none.jpg'), {
      film: 'Alpha.1968.mkv',
      frame: 'name:none.jpg',
    });
    await rejects(() => frame('Nobody/none.jpg'), { code: 'file-unreadable' });
  });
  test('is an error if no film has it', async () => {
    await rejects(() => frame(join(shots, 'nobody.jpg')), {
      code: 'frame-unknown',
      message: /no film has a frame of this name/,
    });
  });
  test('is an error if the picture is outside the folder', async () => {
    await rejects(() => frame(join(root, 'elsewhere.jpg')), { code: 'frame-unknown', hint: /--screenshots/ });
  });
  test('is an error if the picture does not exist', async () => {
    await rejects(() => frame(join(shots, 'missing.jpg')), { code: 'file-unreadable' });
  });
});

test('in a folder without subfolders, every readable film is searched for the filename', async () => {
  const { openFilm } = await import('../../src/collection/film.js');
  const film = await openFilm({ name: 'One', path: join(data, 'One.npz') });
  const { filenames } = await film.readFilenames();
  await film.close();
  const flat = temporaryFolder(emptyFiles(filenames[0]));
  const found = await frameOfPicture(join(flat, filenames[0]), flat, collection, undefined);
  assert.deepEqual(found, { film: 'One', frame: `name:${filenames[0]}` });
  const twice = await openCollection(temporaryFolderWithTwo(join(data, 'One.npz')));
  await rejects(() => frameOfPicture(join(flat, filenames[0]), flat, twice, undefined), {
    code: 'frame-ambiguous',
    message: /2 films have a frame of this name: A, B$/,
  });
});

function frame(path: string) {
  return frameOfPicture(path, shots, collection, undefined);
}

function temporaryFolderWithTwo(film: string): string {
  const folder = temporaryFolder();
  for (const name of ['A.npz', 'B.npz']) copyFileSync(film, join(folder, name));
  return folder;
}
