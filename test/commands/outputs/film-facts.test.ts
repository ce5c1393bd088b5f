import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { openCollection } from '../../../src/collection/collection.js';
import { type FilmFacts, filmColours, filmFacts } from '../../../src/commands/outputs/film-facts.js';
import { openPictureFolder } from '../../../src/pictures/picture-folder.js';
import { buildSearchIndex } from '../../../src/reports/search-index.js';
import { filenameOf, writeFilm } from '../../oracle/made-films.js';
import { temporaryFolder } from '../../temporary-folder.js';

const films = ['Big.Buck.Bunny.2008.mp4', 'Krank.Red.Sea', 'Sintel.Trailer.2010.mp4'];
const samples = join(import.meta.dirname, '../../../data_embeddings');
const folder = temporaryFolder(
  Object.fromEntries(films.map((film) => [`${film}.npz`, readFileSync(join(samples, `${film}.npz`))])),
);
const collection = await openCollection(folder);
const wanted = { shots: true };

describe('facts of films', () => {
  test('are lengths and shots; stills have no shots, an unknown film has no facts', async () => {
    const facts = await filmFacts(collection.films, wanted, {});
    assert.deepEqual([...facts.lengths].sort(), [
      ['Big.Buck.Bunny.2008.mp4', 90],
      ['Krank.Red.Sea', 41],
      ['Sintel.Trailer.2010.mp4', 131],
    ]);
    assert.equal(facts.shotOf({ film: 'Sintel.Trailer.2010.mp4', index: 0 }), 0);
    assert.equal(facts.shotOf({ film: 'Krank.Red.Sea', index: 7 }), undefined);
    assert.equal(facts.shotOf({ film: 'no film', index: 0 }), undefined);
  });

  test('are only lengths if shots are not asked for', async () => {
    const facts = await filmFacts(collection.films, { shots: false }, {});
    assert.equal(facts.lengths.size, 3);
    assert.equal(facts.shotOf({ film: 'Sintel.Trailer.2010.mp4', index: 0 }), undefined);
  });

  test('are the same from the search index, without reading vectors from archives', async () => {
    const read = await filmFacts(collection.films, wanted, {});
    const index = { dataFolder: folder, cacheRoot: temporaryFolder() };
    await buildSearchIndex(collection, index.cacheRoot, {});
    // Damage in the middle of an archive is in its vectors, so it is found only if they are read.
    for (const film of films) {
      const path = join(folder, `${film}.npz`);
      const archive = readFileSync(path);
      writeFileSync(path, archive.fill(0, archive.length >> 1, (archive.length >> 1) + 1000));
    }
    const indexed = await filmFacts(collection.films, wanted, { index });
    assert.deepEqual(indexed.lengths, read.lengths);
    assert.deepEqual(shotsOf(indexed), shotsOf(read));
    const unread = await filmFacts(collection.films, wanted, {});
    assert.equal(unread.shotOf({ film: 'Sintel.Trailer.2010.mp4', index: 0 }), undefined);
  });
});

function shotsOf(facts: FilmFacts): (number | undefined)[] {
  return films.flatMap((film) => Array.from({ length: 131 }, (_, index) => facts.shotOf({ film, index })));
}

const coloured = temporaryFolder();
const screenshots = join(coloured, 'screenshots');

/** A film whose frames become darker and darker. From the fourth on, every tenth has no picture. */
async function makeFilm(name: string, frames: number): Promise<void> {
  const rows = Array.from({ length: frames }, (_, i) => [1, i]);
  const film = { name, dim: 2, rows };
  await writeFilm(coloured, film);
  mkdirSync(join(screenshots, name), { recursive: true });
  for (let index = 0; index < frames; index++) {
    if (index % 10 === 3) continue;
    const background = { r: 255 - index, g: 10, b: 0 };
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background } });
    await picture.png().toFile(join(screenshots, name, filenameOf(film, index)));
  }
}

test('the colours of a film are taken from all its frames, or evenly from some if there are many', async () => {
  await makeFilm('short', 12);
  await makeFilm('long', 200);
  await writeFilm(coloured, { name: 'bare', dim: 2, rows: [[1, 2]] });
  rmSync(join(screenshots, 'short', 'short 5'));
  writeFileSync(join(screenshots, 'short', 'short 5'), 'no picture');
  const collection = await openCollection(coloured);
  const pictures = await openPictureFolder(screenshots, { isRequired: true });
  const colours = await filmColours(collection.films, { pictures, sharp }, { jobs: 2 });
  assert.deepEqual([...colours.keys()].sort(), ['long', 'short']);
  const [short, long] = ['short', 'long'].map((film) => colours.get(film) ?? []);
  assert.deepEqual(short.slice(0, 6), ['#ff0a00', '#fe0a00', '#fd0a00', '', '#fb0a00', '']);
  assert.equal(short.length, 12);
  assert.equal(long.length, 96);
  const reds = long.filter(Boolean).map((colour) => Number.parseInt(colour.slice(1, 3), 16));
  assert.deepEqual(
    reds,
    [...reds].sort((a, b) => b - a),
  );
  assert.ok(reds[0] > 250 && (reds.at(-1) ?? 0) < 60);
});
