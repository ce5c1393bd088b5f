import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chalk } from 'chalk';
import { pictureSheet, sheetLayout, type Tile } from '../../src/render/picture-sheet.js';

const plain = new Chalk({ level: 0 });
const cells = (columns: number, rows: number, cell: string): Tile['picture'] => ({
  columns,
  rows,
  drawing: { lines: Array.from({ length: rows }, () => cell.repeat(columns)) },
});

test('as many pictures as fit are side by side; a single one is larger; a pair stays in one row', () => {
  const per = (width: number, tiles: number, together?: number) => sheetLayout(width, tiles, together).perRow;
  assert.deepEqual([per(40, 9), per(80, 9), per(120, 9), per(200, 9), per(200, 2)], [1, 2, 3, 5, 2]);
  assert.deepEqual([per(80, 9, 2), per(120, 9, 2), per(60, 9, 2)], [2, 2, 1]);
  assert.equal(sheetLayout(200, 1).columns, 72);
  assert.equal(sheetLayout(10, 1).columns, 9);
});

test('tiles are in rows, with pictures padded to their room and captions cut below them', () => {
  const tiles: Tile[] = [
    { picture: cells(4, 2, 'x'), caption: ['one', 'a long caption'] },
    { picture: cells(6, 1, 'y'), caption: ['two'] },
    { picture: undefined, caption: ['three', 'gone'] },
  ];
  assert.equal(
    pictureSheet(tiles, { perRow: 2, columns: 6, rows: 2 }, plain),
    'xxxx    yyyyyy\nxxxx\none     two\na l…on\n\n(no picture)\nthree\ngone\n\n',
  );
});

test('no line is wider than the terminal', () => {
  for (const width of [20, 79, 80, 133]) {
    const layout = sheetLayout(width, 5);
    const tile = { picture: cells(layout.columns, 2, 'x'), caption: ['caption '.repeat(20)] };
    for (const line of pictureSheet([tile, tile, tile, tile, tile], layout, plain).split('\n')) {
      assert.ok(line.length < width, `${line.length} of ${width}`);
    }
  }
});

test('a terminal protocol gets room first, then draws each picture from the same line', () => {
  const placed = (sequence: string) => ({ columns: 6, rows: 2, drawing: { sequence } });
  const tiles: Tile[] = [
    { picture: placed('<A>'), caption: ['one'] },
    { picture: placed('<B>'), caption: ['two'] },
  ];
  assert.equal(
    pictureSheet(tiles, { perRow: 2, columns: 6, rows: 2 }, plain),
    '\n\n\n\u001b[3A\u001b7<A>\u001b8\u001b7\u001b[8C<B>\u001b8\u001b[3Bone     two\n\n',
  );
});

test('names cannot control the terminal', () => {
  const sheet = pictureSheet([{ picture: undefined, caption: ['a\u001b[2J'] }], sheetLayout(80, 1), plain);
  assert.ok(sheet.includes('a\\x1b[2J') && !sheet.includes('\u001b'));
});
