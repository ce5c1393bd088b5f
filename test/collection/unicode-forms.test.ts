/** Both Unicode forms of a name are one name everywhere, and names printed in a pipe can be typed. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection } from '../../src/collection/collection.js';
import { openFilm } from '../../src/collection/film.js';
import { resolveFilm } from '../../src/collection/resolve-film.js';
import { escapeTabs } from '../../src/escape.js';
import { frameOfPicture } from '../../src/pictures/frame-of-picture.js';
import { openPictureFolder } from '../../src/pictures/picture-folder.js';
import { resolveFrame } from '../../src/search/query-frames.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

const composed = 'Per\u00f2';
const decomposed = 'Pero\u0300';

for (const [typed, stored] of [
  [composed, decomposed],
  [decomposed, composed],
] as const) {
  describe(`${typed.length} characters typed, ${stored.length} stored`, () => {
    test('a film is found by its name and by its path, and its name is shown as stored', async () => {
      const folder = temporaryFolder(emptyFiles(`${stored}.npz`, 'Other.npz'));
      const collection = await openCollection(folder);
      assert.equal((await resolveFilm(collection, typed)).name, stored);
      assert.equal((await resolveFilm(collection, join(folder, `${typed}.npz`))).name, stored);
      const elsewhere = await openCollection(temporaryFolder());
      assert.equal(
        (await resolveFilm(elsewhere, join(folder, `${typed}.npz`))).path,
        join(folder, `${stored}.npz`),
      );
    });

    test('a frame is found by its filename, without its ending, and by a part', () => {
      const filenames = ['a.jpg', `${stored}_1.jpg`, `${stored}_2.jpg`];
      assert.equal(resolveFrame('Film', filenames, `${typed}_1.jpg`), 1);
      assert.equal(resolveFrame('Film', filenames, `${typed}_2`), 2);
      assert.equal(resolveFrame('Film', filenames, `name:${typed}_1`), 1);
      assert.equal(resolveFrame('Film', filenames, `${typed.slice(2)}_2`), 2);
      assert.equal(resolveFrame('Film', [typed, stored], typed), 0);
    });

    test('a picture is found for its frame, and the frame for its path', async () => {
      const shots = temporaryFolder(emptyFiles(`${typed}.mkv/sub/${typed}_0.jpg`, `${typed}_9.jpg`));
      const pictures = await openPictureFolder(shots, { isRequired: true });
      const found = await pictures.find({ film: stored, filename: `sub/${stored}_0.jpg` });
      assert.equal(found, join(shots, `${typed}.mkv/sub/${typed}_0.jpg`));
      assert.equal(
        await pictures.find({ film: stored, filename: `${stored}_9.jpg` }),
        join(shots, `${typed}_9.jpg`),
      );
      const collection = await openCollection(temporaryFolder(emptyFiles(`${stored}.npz`)));
      assert.deepEqual(
        await frameOfPicture(join(shots, `${typed}.mkv/sub/${stored}_0.jpg`), shots, collection, undefined),
        { film: stored, frame: `name:sub/${typed}_0.jpg` },
      );
    });

    test('a picture outside the folders of films finds the film with its filename', async () => {
      const vectors = buildNpy('<f4', [1, 1], Buffer.alloc(4));
      const folder = temporaryFolder({
        'a.npz': buildZip([{ name: 'embeddings.npy', raw: vectors }]),
        'b.npy': vectors,
        'b.txt': `${stored}.jpg\n`,
      });
      const shots = temporaryFolder(emptyFiles(`${typed}.jpg`));
      assert.deepEqual(
        await frameOfPicture(join(shots, `${typed}.jpg`), shots, await openCollection(folder), undefined),
        { film: 'b', frame: `name:${typed}.jpg` },
      );
    });
  });
}

test('names as a table in a pipe shows them can be typed', () => {
  const filenames = ['frames\\0.jpg', 'a\tb.jpg', 'c\nd\r.jpg', 'a\\tb.jpg', 'e\\\\f'];
  for (const [index, name] of filenames.entries()) {
    const expected = name === 'a\tb.jpg' ? 3 : index; // which is there as it is printed
    assert.equal(resolveFrame('Film', filenames, escapeTabs(name)), expected);
  }
  assert.equal(resolveFrame('Film', ['x', 'a\tb.jpg'], 'a\\tb.jpg'), 1);
});

test('a film whose file name is not UTF-8 is listed, and refused with the cause', async () => {
  const folder = temporaryFolder();
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caff`), Buffer.of(0xe8), Buffer.from('.npz')]), 'x');
  const collection = await openCollection(folder);
  assert.equal(collection.films.length, 1);
  const cause = { code: 'file-unreadable', message: /its name is not UTF-8: rename it$/ } as const;
  await rejects(async () => openFilm(await resolveFilm(collection, 'caff')), cause);
  const inFolder = join(folder, 'folder\ufffd');
  mkdirSync(Buffer.from(`${folder}/folder\xe8`, 'latin1'));
  await rejects(() => openCollection(inFolder), { code: 'collection-missing', message: cause.message });
  await rejects(() => resolveFilm(collection, join(inFolder, 'a.npz')), {
    code: 'film-unknown',
    message: cause.message,
  });
});
