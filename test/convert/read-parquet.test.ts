/** Parquet files as other programs write them, made with the library, column by column. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import * as arrow from 'apache-arrow';
import { Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';
import type { Frames } from '../../src/convert/frames.js';
import { readParquet } from '../../src/convert/read-parquet.js';
import type { ErrorCode } from '../../src/errors.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { type Held, hold } from './frames-in-memory.js';

async function read(columns: Readonly<Record<string, arrow.Vector>>, rowGroup = 1000): Promise<Held> {
  return await hold(await open(columns, rowGroup));
}

async function open(columns: Readonly<Record<string, arrow.Vector>>, rowGroup = 1000): Promise<Frames> {
  const table = Table.fromIPCStream(arrow.tableToIPC(new arrow.Table(columns), 'stream'));
  const properties = new WriterPropertiesBuilder().setMaxRowGroupSize(rowGroup).build();
  const path = join(temporaryFolder(), 'film.parquet');
  await writeFile(path, writeParquet(table, properties));
  return await readParquet(path);
}

function names(...all: readonly (string | null)[]): arrow.Vector {
  return arrow.vectorFromArray(all, new arrow.Utf8());
}

function lists(type: arrow.DataType, ...rows: readonly (readonly (number | null)[] | null)[]): arrow.Vector {
  return arrow.vectorFromArray(rows, listOf(type));
}

function listOf(type: arrow.DataType): arrow.List {
  return new arrow.List(new arrow.Field('item', type, true));
}

const float = new arrow.Float32();
const double = new arrow.Float64();

test('lists of float32 and of float64 are read, and float64 is rounded once', async () => {
  for (const type of [float, double]) {
    const film = await read({
      filename: names('a', 'b'),
      embedding: lists(type, [0.1, -0], [3, 1e-50]),
    });
    assert.deepEqual(film.filenames, ['a', 'b']);
    assert.deepEqual(film.values, Float32Array.of(0.1, -0, 3, 0));
  }
});

test('lists of float16 and of integers are read, as those of archives are', async () => {
  const whole = [
    new arrow.Int8(),
    new arrow.Int16(),
    new arrow.Int32(),
    new arrow.Uint8(),
    new arrow.Uint32(),
  ];
  for (const type of whole) {
    const film = await read({ filename: names('a', 'b'), embedding: lists(type, [1, 2], [3, 127]) });
    assert.deepEqual(film.values, Float32Array.of(1, 2, 3, 127));
  }
  const long = arrow.vectorFromArray([[-3n, 2n ** 60n + 1n]], listOf(new arrow.Int64()));
  const film = await read({ filename: names('a'), embedding: long });
  assert.deepEqual(film.values, Float32Array.of(-3, 2 ** 60));
  const halves = await read({
    filename: names('a', 'b'),
    embedding: lists(new arrow.Float16(), [0.5, -(2 ** -24)], [65504, Number.NEGATIVE_INFINITY]),
  });
  assert.deepEqual(halves.values, Float32Array.of(0.5, -(2 ** -24), 65504, Number.NEGATIVE_INFINITY));
});

test('the only lists of floats are the vectors if there are lists of integers too', async () => {
  const film = await read({
    filename: names('a'),
    tokens: lists(new arrow.Int32(), [7]),
    vector: lists(float, [1]),
  });
  assert.deepEqual([...film.values], [1]);
});

test('large lists and large strings are read, as Polars and pandas write them', async () => {
  const item = new arrow.Field('item', float, true);
  const film = await read({
    filename: arrow.vectorFromArray(['a', 'é'], new arrow.LargeUtf8()),
    embedding: arrow.vectorFromArray([[1], [2]], new arrow.LargeList(item)),
  });
  assert.deepEqual(
    [film.filenames, [...film.values]],
    [
      ['a', 'é'],
      [1, 2],
    ],
  );
});

test('a name that begins with U+FEFF keeps it, whatever the type of its column', async () => {
  const types = [
    new arrow.Utf8(),
    new arrow.LargeUtf8(),
    new arrow.Utf8View(),
    new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32()),
  ];
  for (const type of types) {
    const filename = arrow.vectorFromArray(['\ufeffa', 'a', ''], type);
    const film = await read({ filename, embedding: lists(float, [1], [2], [3]) });
    assert.deepEqual(film.filenames, ['\ufeffa', 'a', '']);
  }
});

test('other column names are read if only one column of each type fits', async () => {
  const film = await read({
    id: arrow.vectorFromArray([1, 2], new arrow.Int32()),
    path: arrow.vectorFromArray(['a', 'a'], new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32())),
    vector: lists(float, [1], [2]),
  });
  assert.deepEqual(film.filenames, ['a', 'a']);
});

test('the columns with the right names are read if several fit', async () => {
  const film = await read({
    title: names('x'),
    filenames: names('a'),
    other: lists(float, [9]),
    embeddings: lists(float, [1]),
  });
  assert.deepEqual([film.filenames, [...film.values]], [['a'], [1]]);
});

test('other columns are left out with a warning', async () => {
  const frames = await open({
    film: names('x'),
    filename: names('a'),
    seconds: names('1'),
    embedding: lists(float, [1]),
  });
  await frames.close();
  assert.match(
    frames.warnings.join('\n'),
    /: only vectors and filenames are converted; left out: the columns film, seconds$/,
  );
});

test('several row groups are read in their order', async () => {
  const count = 500;
  const all = Array.from({ length: count }, (_, i) => `${i}`);
  const film = await read({ filename: names(...all), embedding: lists(float, ...all.map((_, i) => [i])) }, 7);
  assert.deepEqual(film.filenames, all);
  assert.deepEqual([...film.values], all.map(Number));
});

const refused: readonly [string, Readonly<Record<string, arrow.Vector>>, ErrorCode, RegExp][] = [
  ['no vectors', { filename: names('a') }, 'array-missing', /found filename Utf8/],
  [
    'vectors of truth values',
    { filename: names('a'), embedding: lists(new arrow.Bool(), [1]) },
    'array-missing',
    /needs columns filename \(string\) and embedding \(list of numbers\); found .*List<Bool>/,
  ],
  [
    'two columns of strings without the name',
    { x: names('a'), y: names('b'), embedding: lists(float, [1]) },
    'array-missing',
    /x Utf8, y Utf8/,
  ],
  [
    'a filename that is null',
    { filename: names('a', null), embedding: lists(float, [1], [2]) },
    'input-malformed',
    /row 1: the filename is null/,
  ],
  [
    'a vector that is null',
    { filename: names('a', 'b'), embedding: lists(float, [1], null) },
    'input-malformed',
    /row 1: "b": /,
  ],
  [
    'a number that is null',
    { filename: names('a'), embedding: lists(float, [1, null]) },
    'input-malformed',
    /row 0: "a": /,
  ],
  [
    'vectors of different length',
    { filename: names('a', 'b'), embedding: lists(float, [1, 2], [1]) },
    'shape-mismatch',
    /row 1: "b": 1 numbers, but the first row has 2/,
  ],
  [
    'vectors without numbers',
    { filename: names('a'), embedding: lists(float, []) },
    'shape-mismatch',
    /row 0: "a": vectors need at least one number/,
  ],
  [
    'a number too large for float32',
    { filename: names('a'), embedding: lists(double, [1e39]) },
    'value-unrepresentable',
    /row 0: "a": 1e\+39 is too large/,
  ],
];

for (const [what, columns, code, message] of refused) {
  test(`${what}: refused`, () => rejects(() => read(columns), { code, message }));
}

test('a file that is not Parquet is refused, and a missing file is reported as missing', async () => {
  const path = join(temporaryFolder(), 'film.parquet');
  for (const text of ['', 'hello', 'PAR1 and nothing behind it PAR1']) {
    await writeFile(path, text);
    await assert.rejects(readParquet(path), { code: 'input-malformed' });
  }
  await assert.rejects(readParquet(`${path}.none`), { code: 'file-unreadable' });
});
