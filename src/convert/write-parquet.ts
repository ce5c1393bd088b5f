/**
 * Frames as Parquet: `filename` string, `embedding` fixed_size_list<float32>, neither nullable.
 */
import type { FileHandle } from 'node:fs/promises';
import type { RecordBatch } from 'parquet-wasm';
import { type FrameBlock, requireUnicode } from './frames.js';
import { loadParquet, type ParquetLibrary } from './parquet-library.js';

/** About how many bytes of vectors make a row group: what the library holds in memory at once. */
const rowGroupLength = 1 << 24;

/**
 * Writes frames to an empty file, compressed with zstd, and returns how many there were. The same frames give the same
 * bytes. Errors: `value-unrepresentable` for a filename that UTF-8 cannot hold, naming `place`; `usage` where the
 * libraries are missing; those of `blocks`, and of the file system as they are.
 */
export async function writeParquet(
  file: FileHandle,
  blocks: AsyncIterable<FrameBlock>,
  dim: number,
  place: string,
): Promise<number> {
  const library = await loadParquet();
  const { parquet } = library;
  const properties = new parquet.WriterPropertiesBuilder()
    .setCompression(parquet.Compression.ZSTD)
    // Floats hardly ever repeat, and nobody asks for their smallest.
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(parquet.EnabledStatistics.None)
    .setMaxRowGroupSize(Math.max(1, Math.floor(rowGroupLength / 4 / Math.max(1, dim))))
    .build();
  const source = new BatchSource(library, blocks, dim, place);
  const bytes = await parquet.transformParquetStream(source.stream(), properties);
  for await (const chunk of bytes as AsyncIterable<Uint8Array>) await file.writeFile(chunk);
  // To the library an error of its source is the end of the data.
  if (source.error !== undefined) throw source.error;
  return source.frames;
}

/** Blocks as the record batches that the library takes, made when it asks for one. */
class BatchSource {
  readonly #library: ParquetLibrary;
  readonly #blocks: AsyncIterator<FrameBlock>;
  readonly #dim: number;
  readonly #place: string;
  frames = 0;
  error: unknown;

  constructor(library: ParquetLibrary, blocks: AsyncIterable<FrameBlock>, dim: number, place: string) {
    this.#library = library;
    this.#blocks = blocks[Symbol.asyncIterator]();
    this.#dim = dim;
    this.#place = place;
  }

  stream(): ReadableStream<RecordBatch> {
    return new ReadableStream<RecordBatch>(
      {
        // A file without frames has a schema, too: it comes with the first batch.
        start: (controller) => this.#enqueue(controller, [], new Float32Array()),
        pull: (controller) => this.#pull(controller),
      },
      { highWaterMark: 1 },
    );
  }

  async #pull(controller: ReadableStreamDefaultController<RecordBatch>): Promise<void> {
    try {
      const { done, value } = await this.#blocks.next();
      if (done) controller.close();
      else this.#enqueue(controller, value.filenames, value.values);
    } catch (error) {
      this.error = error;
      throw error;
    }
  }

  #enqueue(
    controller: ReadableStreamDefaultController<RecordBatch>,
    filenames: readonly string[],
    values: Float32Array,
  ): void {
    for (const filename of filenames) requireUnicode(filename, this.#place);
    const { arrow, parquet } = this.#library;
    const ipc = arrow.tableToIPC(this.#table(filenames, values), 'stream');
    const table = parquet.Table.fromIPCStream(ipc);
    for (const batch of table.recordBatches()) controller.enqueue(batch);
    table.free();
    this.frames += filenames.length;
  }

  #table(filenames: readonly string[], values: Float32Array) {
    const { arrow } = this.#library;
    const item = new arrow.Field('item', new arrow.Float32(), false);
    const listType = new arrow.FixedSizeList(this.#dim, item);
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
}
