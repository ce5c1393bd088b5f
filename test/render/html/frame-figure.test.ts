import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameFigure } from '../../../src/render/html/frame-figure.js';
import { charactersOf } from '../../../src/render/html/html.js';
import type { PageContext } from '../../../src/render/html/page.js';

const context = {
  pictureOf: () => 'missing',
  shape: undefined,
  timeOf: () => undefined,
  commandFor: () => 'giallo',
} as unknown as PageContext;

for (const [film, filename, shown] of [
  ['Sintel.mp4', 'Sintel.mp4_000061.jpg', '…_000061.jpg'],
  ['Sintel', '000061.jpg', '000061.jpg'],
  ['shot', 'shot0001.jpg', '…0001.jpg'],
  // The film's name is not a part of the number.
  ['0', '000061.jpg', '000061.jpg'],
  ['scene1', 'scene12.jpg', 'scene12.jpg'],
  ['one', 'one', 'one'],
]) {
  test(`${filename} of ${film} is shown as ${shown}`, () => {
    const text = charactersOf(frameFigure({ film, index: 0, filename }, context)).replaceAll('<wbr>', '');
    const [, name] = /<span class="missing">.*?<bdi>(.*?)<\/bdi>/.exec(text) ?? [];
    assert.equal(name, shown);
  });
}
