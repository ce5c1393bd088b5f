import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import type { IndexedFiles } from '../../../src/search/batch/batch-films.js';
import { openSketchedBlock, type SketchedBlock } from '../../../src/search/batch/block-rows.js';
import { type FilmBlock, packFilms, roles } from '../../../src/search/batch/film-block.js';
import { measureFilms } from '../../../src/search/batch/measure-films.js';
import { buildIndex } from '../../../src/search-index/build.js';
import { rejects } from '../../rejects.js';
import { archiveOf, indexedFilms } from '../../search-index/indexed-films.js';
import { filmLikeRows } from '../../search-index/seeded-rows.js';

const dim = 40;
const films = indexedFilms({ 'a.npz': archiveOf(rows(1)), 'b.npz': archiveOf(rows(2)) });
const openNow = () => readdirSync('/proc/self/fd').length;
let block: FilmBlock;
let index: { readonly rows: string; readonly sketches: string }[];

before(async () => {
  const collection = await films.open();
  await buildIndex(collection, films.cacheRoot, { jobs: 1 });
  const measured = await measureFilms(collection, { ...films.context([]), heldBytes: 0 });
  [block] = packFilms(measured.films, () => roles.found);
  index = measured.films.map(({ indexed }) => indexed as { rows: string; sketches: string });
});

describe('a film of a block whose files in the index are those of another film', () => {
  test('never gives a row, and leaves no file open', async () => {
    const opened = await openSketchedBlock(block, undefined);
    const at = openNow();
    copyFileSync(index[1].rows, index[0].rows);
    for (let time = 0; time < 3; time++) {
      await rejects(async () => opened.readRow(0, new Float32Array(dim)), {
        code: 'index-damaged',
        message: new RegExp(`^${index[0].rows}: .*from an earlier state of the film`),
      });
    }
    assert.equal(openNow(), at);
    opened.readRow(block.frames - 1, new Float32Array(dim));
    assert.ok(openNow() > at);
    opened.close();
    assert.ok(openNow() <= at);
  });

  test('is an error that names its sketches, and leaves no file open', async () => {
    const at = openNow();
    copyFileSync(index[0].sketches, index[1].sketches);
    const opened = await openSketchedBlock(block, undefined);
    for (let time = 0; time < 3; time++) {
      await rejects(async () => opened.readSketches(codesOf(opened)), {
        code: 'index-damaged',
        message: new RegExp(`^${index[1].sketches}: .*of another film`),
      });
    }
    assert.equal(openNow(), at);
  });
});

test('sketches that were made anew on another basis are not used', async () => {
  const [source] = block.films;
  const indexed = { ...(source.indexed as IndexedFiles), basis: 'another' };
  const film = await openSketchedBlock({ ...block, films: [{ ...source, indexed }] }, undefined);
  await rejects(async () => film.readSketches(codesOf(film)), {
    code: 'index-damaged',
    message: /on another basis/,
  });
});

function codesOf({ block: { frames }, width }: SketchedBlock): Int16Array<ArrayBuffer> {
  return new Int16Array(frames * width);
}

function rows(seed: number, count = 14) {
  return { dim, values: filmLikeRows(count, dim, seed) };
}
