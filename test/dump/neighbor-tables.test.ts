/** The neighbours of a film as Parquet, read back by the library for Arrow. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as arrow from 'apache-arrow';
import * as parquet from 'parquet-wasm';
import { type AtlasRows, writeNeighborTables } from '../../src/dump/neighbor-tables.js';
import { withOutputs } from '../../src/files/outputs.js';
import type { FrameNeighbors } from '../../src/reports/topk.js';
import { timesByInterval } from '../../src/times/film-times.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const frames: readonly FrameNeighbors[] = [
  {
    film: 'a',
    index: 0,
    filename: 'a_😀.jpg',
    neighbors: [
      { film: 'b', index: 1, filename: 'b_2.jpg', score: 0.875 },
      { film: 'a', index: 2, filename: 'a_3.jpg', score: 0.1 + 0.2 },
    ],
  },
  { film: 'a', index: 1, filename: '', note: 'zero', neighbors: [] },
  {
    film: 'a',
    index: 2,
    filename: 'a_3.jpg',
    neighbors: [{ film: 'a', index: 0, filename: 'a_😀.jpg', score: -1 }],
  },
];

const times = new Map([['a', timesByInterval({ interval: 2.5 }, ['a', 'b', 'c'], 'option') as never]]);

describe('tables of neighbours', () => {
  test('have a row for each frame, with a list of its neighbours', async () => {
    const table = arrow.tableFromIPC((await written(frames)).intoIPCStream());
    assert.equal(
      table.schema.fields.map(String).join('; '),
      'film: Utf8; index: Int32; seconds: Float64; filename: Utf8; note: Utf8; ' +
        'neighbors: List<Struct<{film:Utf8, index:Int32, seconds:Float64, filename:Utf8, score:Float64}>>',
    );
    assert.deepEqual(plain(table), [
      {
        film: 'a',
        index: 0,
        seconds: 0,
        filename: 'a_😀.jpg',
        note: null,
        neighbors: [
          { film: 'b', index: 1, seconds: null, filename: 'b_2.jpg', score: 0.875 },
          { film: 'a', index: 2, seconds: 5, filename: 'a_3.jpg', score: 0.1 + 0.2 },
        ],
      },
      { film: 'a', index: 1, seconds: 2.5, filename: '', note: 'zero', neighbors: [] },
      {
        film: 'a',
        index: 2,
        seconds: 5,
        filename: 'a_3.jpg',
        note: null,
        neighbors: [{ film: 'a', index: 0, seconds: 0, filename: 'a_😀.jpg', score: -1 }],
      },
    ]);
  });

  test('for Embedding Atlas number the frames of all films, and have distances', async () => {
    const firstRows = new Map([
      ['0', 0],
      ['a', 7],
      ['b', 10],
    ]);
    const file = await written(frames, 10, { firstRows, distanceOf: (score) => 1 - score });
    const table = arrow.tableFromIPC(file.intoIPCStream());
    assert.equal(String(table.schema.fields[0]), 'id: Int32');
    assert.equal(
      String(table.schema.fields.at(-1)),
      'neighbors: Struct<{ids:List<Int32>, distances:List<Float64>}>',
    );
    assert.deepEqual(
      plain(table).map(({ id, neighbors }) => ({ id, neighbors })),
      [
        { id: 7, neighbors: { ids: [11, 9], distances: [0.125, 1 - (0.1 + 0.2)] } },
        { id: 8, neighbors: { ids: [], distances: [] } },
        { id: 9, neighbors: { ids: [7], distances: [2] } },
      ],
    );
  });

  test('of a film without frames have all columns', async () => {
    const table = arrow.tableFromIPC((await written([])).intoIPCStream());
    assert.equal(table.numRows, 0);
    assert.equal(table.schema.fields.length, 6);
  });

  test('are written in row groups, without losing a row', async () => {
    const many = Array.from({ length: 400 }, (_, index): FrameNeighbors => {
      const neighbors = [{ film: 'a', index, filename: `${index}`, score: index / 400 }];
      return { film: 'a', index, filename: `${index}`, neighbors };
    });
    // A table holds 2 rows then, a group 32.
    const file = await written(many, 1 << 15);
    const table = arrow.tableFromIPC(file.intoIPCStream());
    assert.deepEqual(
      plain(table).map(({ index, neighbors }) => ({ index, neighbors })),
      many.map(({ index, filename, neighbors: [{ score }] }) => ({
        index,
        neighbors: [{ film: 'a', index, seconds: index < 3 ? index * 2.5 : null, filename, score }],
      })),
    );
    assert.equal(await groupsOf(many, 1 << 15), Math.ceil(400 / 32));
  });

  test('cannot hold a filename that is not valid Unicode', async () => {
    for (const broken of [
      { ...frames[1], filename: '\ud800' },
      { ...frames[0], neighbors: [{ film: 'b', index: 0, filename: '\udfff', score: 1 }] },
    ]) {
      await rejects(() => written([broken]), { code: 'value-unrepresentable', message: /surrogate pair/ });
    }
  });
});

async function bytesOf(some: readonly FrameNeighbors[], k: number, atlas?: AtlasRows): Promise<Uint8Array> {
  const path = join(temporaryFolder(), 'a.parquet');
  await withOutputs({ force: false, sources: [] }, async (outputs) => {
    await writeNeighborTables(await outputs.create(path), path, { frames: some, k, times }, atlas);
  });
  return readFile(path);
}

async function written(some: readonly FrameNeighbors[], k = 10, atlas?: AtlasRows): Promise<parquet.Table> {
  return parquet.readParquet(await bytesOf(some, k, atlas));
}

async function groupsOf(some: readonly FrameNeighbors[], k: number): Promise<number> {
  const file = await parquet.ParquetFile.fromFile(new Blob([new Uint8Array(await bytesOf(some, k))]));
  return file.metadata().numRowGroups();
}

/** Rows as plain values. */
function plain(table: arrow.Table): Record<string, unknown>[] {
  return JSON.parse(JSON.stringify(table.toArray()));
}
