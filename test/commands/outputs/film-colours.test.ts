import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { openCollection } from '../../../src/collection/collection.js';
import { filmColours } from '../../../src/commands/outputs/film-facts.js';
import { openPictureFolder } from '../../../src/pictures/picture-folder.js';
import { filenameOf, writeFilm } from '../../oracle/made-films.js';
import { temporaryFolder } from '../../temporary-folder.js';

const folder = temporaryFolder();
const screenshots = join(folder, 'screenshots');

/** A film whose frames become darker and darker. From the fourth on, every tenth has no picture. */
async function makeFilm(name: string, frames: number): Promise<void> {
  const rows = Array.from({ length: frames }, (_, i) => [1, i]);
  const film = { name, dim: 2, rows };
  await writeFilm(folder, film);
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
  await writeFilm(folder, { name: 'bare', dim: 2, rows: [[1, 2]] });
  rmSync(join(screenshots, 'short', 'short 5'));
  writeFileSync(join(screenshots, 'short', 'short 5'), 'no picture');
  const collection = await openCollection(folder);
  const pictures = await openPictureFolder(screenshots, { isRequired: true });
  const films = ['short', 'long', 'bare', 'no film'];
  const colours = await filmColours(films, { collection, typedFilms: [] }, { pictures, sharp }, { jobs: 2 });
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
