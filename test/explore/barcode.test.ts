import assert from 'node:assert/strict';
import { test } from 'node:test';
import { colourBarcode, shotBarcode } from '../../src/explore/barcode.js';
import { type PicturesData, pack } from '../../src/explore/site-data.js';

const pictures = (states: number[], colours: number[]): PicturesData => ({
  v: 1,
  shape: 1.5,
  states: pack(states),
  colours: pack(colours),
  isSmall: true,
});

test('a place has the mean colour of its pictures, and is transparent without pictures', () => {
  const [missing, good, unreadable] = [0, 1, 2];
  const film = pictures(
    [good, good, missing, good, missing, unreadable],
    [10, 20, 30, 20, 40, 60, 0, 0, 0, 8, 8, 8, 0, 0, 0, 0, 0, 0],
  );
  assert.deepEqual(colourBarcode(film, 3), [15, 30, 45, 255, 8, 8, 8, 255, 0, 0, 0, 0]);
  assert.deepEqual(colourBarcode(film, 100)?.slice(8, 16), [0, 0, 0, 0, 8, 8, 8, 255], 'a place a frame');
});

test('a black picture is black', () => {
  assert.deepEqual(colourBarcode(pictures([1], [0, 0, 0]), 9), [0, 0, 0, 255]);
});

test('without colours, shots have alternating greys', () => {
  const tones = shotBarcode(Uint32Array.of(0, 2, 3), 4, 9).filter((_, i) => i % 4 === 0);
  assert.deepEqual(tones, [110, 110, 160, 110]);
});
