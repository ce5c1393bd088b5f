/**
 * Frames as Parquet: `filename` string, `embedding` fixed_size_list<float32>, neither nullable.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Table } from 'apache-arrow';
import { type FramesToWrite, requireUnicode } from './frames.js';
import { loadParquet, type ParquetLibrary, writeTables } from './parquet-library.js';

/** About how many bytes of vectors make a row group: what the library holds in memory at once. */
const rowGroupLength = 1 << 24;

/**
 * Writes frames to an empty file, compressed with zstd, and returns how many there were. The same frames give the same
 * bytes. Errors: `value-unrepresentable` for a filename that UTF-8 cannot hold, naming `place`; `usage` if the
 * libraries are missing; those of `blocks`, and those of the file system, unchanged.
 */
export async function writeParquet(file: FileHandle, { blocks, dim, place }: FramesToWrite): Promise<number> {
  const library = await loadParquet();
  const { EnabledStatistics } = library.parquet;
  let frames = 0;
  async function* tables(): AsyncGenerator<Table, void, void> {
    // A file without frames has a schema, too.
    yield tableOf(library, [], new Float32Array(), dim);
    for await (const { filenames, values } of blocks) {
      for (const filename of filenames) requireUnicode(filename, place);
      frames += filenames.length;
      yield tableOf(library, filenames, values, dim);
    }
  }
  await writeTables(file, library, tables(), (properties) =>
    properties
      // Floats hardly ever repeat, so dictionaries and statistics would be useless.
      .setDictionaryEnabled(false)
      .setStatisticsEnabled(EnabledStatistics.None)
      .setMaxRowGroupSize(Math.max(1, Math.floor(rowGroupLength / 4 / Math.max(1, dim)))),
  );
  return frames;
}

function tableOf(
  { arrow }: ParquetLibrary,
  filenames: readonly string[],
  values: Float32Array,
  dim: number,
): Table {
  const item = new arrow.Field('item', new arrow.Float32(), false);
  const listType = new arrow.FixedSizeList(dim, item);
  const schema = new arrow.Schema([
    new arrow.Field('filename', new arrow.Utf8(), false),
    new arrow.Field('embedding', listType, false),
  ]);
  const length = filenames.length;
  const names = arrow.vectorFromArray(filenames, new arrow.Utf8()).data[0];
  const numbers = arrow.makeData({ type: item.type, length: values.length, nullCount: 0, data: values });
  const lists = arrow.makeData({ type: listType, length, nullCount: 0, child: numbers });
  const type = new arrow.Struct(schema.fields);
  const rows = arrow.makeData({ type, length, nullCount: 0, children: [names, lists] });
  return new arrow.Table([new arrow.RecordBatch(schema, rows)]);
}
