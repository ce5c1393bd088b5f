/**
 * The libraries for Parquet. They are optional, since they take 15 MB that only Parquet needs.
 *
 * parquet-wasm (the Rust `parquet` crate) with apache-arrow was chosen over hyparquet and hyparquet-writer: on 2,400 x
 * 3072 features it writes 5 to 8 times faster in a third of the memory, streams both ways, and keeps the fixed size of
 * lists, for which Parquet has no type of its own.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Table } from 'apache-arrow';
import type { RecordBatch, WriterPropertiesBuilder } from 'parquet-wasm';
import { GialloError, machineError } from '../errors.js';
import { requireDescriptors } from '../files/descriptor-limit.js';

export interface ParquetLibrary {
  readonly arrow: typeof import('apache-arrow');
  readonly parquet: typeof import('parquet-wasm');
}

/**
 * Loads both libraries. Errors: `usage` if they were left out of the installation, `open-files-limit`,
 * `memory-exhausted`.
 */
export async function loadParquet(): Promise<ParquetLibrary> {
  try {
    const [arrow, parquet] = await Promise.all([import('apache-arrow'), import('parquet-wasm')]);
    return { arrow, parquet };
  } catch (cause) {
    requireDescriptors();
    const hint = 'npm install parquet-wasm apache-arrow';
    const missing = 'parquet: the packages parquet-wasm and apache-arrow are not installed';
    throw machineError(cause) ?? new GialloError('usage', missing, { hint, cause });
  }
}

/**
 * Writes tables of one schema, one after another, to an empty file, compressed with zstd. There must be one, which may
 * have no rows: the first tells the schema. The same tables give the same bytes. `properties` are set on top of that.
 * Errors: those of `tables`, and those of the file system, unchanged.
 */
export async function writeTables(
  file: FileHandle,
  { parquet, arrow }: ParquetLibrary,
  tables: AsyncIterable<Table> | Iterable<Table>,
  properties: (builder: WriterPropertiesBuilder) => WriterPropertiesBuilder,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  async function* batches(): AsyncGenerator<RecordBatch, void, void> {
    try {
      for await (const table of tables) {
        const converted = parquet.Table.fromIPCStream(arrow.tableToIPC(table, 'stream'));
        yield* converted.recordBatches();
        converted.free();
      }
    } catch (error) {
      // The library takes an error of its source for the end of the data, or throws another error.
      failure = { error };
      throw error;
    }
  }
  const builder = new parquet.WriterPropertiesBuilder().setCompression(parquet.Compression.ZSTD);
  try {
    const source = streamOf(batches());
    const bytes = await parquet.transformParquetStream(source, properties(builder).build());
    for await (const chunk of bytes as AsyncIterable<Uint8Array>) await file.writeFile(chunk);
  } catch (error) {
    throw failure ? failure.error : error;
  }
  if (failure) throw failure.error;
}

function streamOf<T>(items: AsyncIterator<T>): ReadableStream<T> {
  return new ReadableStream<T>(
    {
      async pull(controller) {
        const { done, value } = await items.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    },
    { highWaterMark: 1 },
  );
}
