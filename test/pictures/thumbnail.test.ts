import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import { loadSharp } from '../../src/pictures/load-sharp.js';
import { largestOriginal, type Thumbnail, thumbnail } from '../../src/pictures/thumbnail.js';
import { temporaryFolder } from '../temporary-folder.js';
import { noise } from './make-picture.js';

const small = await noise(40, 20);
const folder = temporaryFolder({
  'small.png': small,
  'wide.png': await noise(800, 100),
  'huge.png': await noise(600, 600),
  'scan.tiff': await sharp(await noise(60, 30))
    .tiff()
    .toBuffer(),
  'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
  'drawing.jpg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
  'text.jpg': 'no picture',
  'cut.gif': 'GIF89a',
  'empty.jpg': '',
  'cut.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00]),
});

test('a small picture is used unchanged', async () => {
  for (const shrinks of [true, false]) {
    const address = `data:image/png;base64,${small.toString('base64')}`;
    assert.deepEqual(await thumbnailOf('small.png', shrinks), { address, width: 40, height: 20 });
  }
});

test('a large picture is shrunk to fit, and keeps its shape', async () => {
  const { address, width, height } = (await thumbnailOf('wide.png', true)) as Thumbnail;
  assert.deepEqual([width, height], [400, 50]);
  const { format, ...size } = await sharp(bytesOf(address)).metadata();
  assert.deepEqual([format, size.width, size.height], ['webp', 400, 50]);
});

test('a format that browsers cannot show is converted to one that they can', async () => {
  assert.match(((await thumbnailOf('scan.tiff', true)) as Thumbnail).address, /^data:image\/webp;base64,/);
  assert.equal(await thumbnailOf('scan.tiff', false), 'unreadable');
});

test('without sharp, pictures up to a size are used unchanged', async () => {
  assert.equal(await thumbnailOf('huge.png', false), 'too-large');
  assert.ok(((await thumbnailOf('huge.png', true)) as Thumbnail).address.length < largestOriginal);
});

test('a file that is not a picture is unreadable, whatever its name', async () => {
  for (const file of [
    'drawing.svg',
    'drawing.jpg',
    'text.jpg',
    'cut.gif',
    'cut.jpg',
    'empty.jpg',
    'missing.jpg',
    '.',
  ]) {
    for (const shrinks of [true, false]) assert.equal(await thumbnailOf(file, shrinks), 'unreadable', file);
  }
});

test('errors that are not the picture’s fault are thrown', async () => {
  const options = { sharp: await loadSharp(), side: Number.NaN };
  await assert.rejects(thumbnail(join(folder, 'wide.png'), options), /width/);
});

async function thumbnailOf(file: string, shrinks: boolean) {
  const options = { sharp: shrinks ? await loadSharp() : undefined, side: 400 };
  return thumbnail(join(folder, file), options);
}

function bytesOf(address: string): Buffer {
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64');
}
