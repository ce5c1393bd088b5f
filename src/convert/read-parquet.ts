/** Reads frames from Parquet of any writer: a column of strings and a column of lists of numbers. */
import { type BigIntStats, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { isMainThread } from 'node:worker_threads';
import type { Data, Field, Vector } from 'apache-arrow';
import type { ParquetFile, RecordBatch } from 'parquet-wasm';
import { fileError, GialloError, machineError } from '../errors.js';
import { requireSameFile } from '../files/open-files.js';
import type { NumberLayout } from '../npz/dtypes.js';
import { otherFormatError, signatureLength } from '../npz/other-formats.js';
import { conversionOf, type StoredNumbers } from '../npz/to-float32.js';
import { type FrameBlock, type Frames, leftOutWarnings } from './frames.js';
import { loadParquet, type ParquetLibrary } from './parquet-library.js';

/** About how many bytes of vectors make a batch, where the length of vectors is known from the schema. */
const batchLength = 1 << 20;
const defaultBatchRows = 64;

/**
 * Opens a Parquet file. The columns are `filename` and `embedding` (or their plurals), else the only one of strings and
 * the only one of lists: of fixed size or not, of floats or else of integers, rounded to float32. Errors:
 * `file-unreadable`; `input-malformed` for what is no Parquet, and for nulls; `array-missing` if no columns fit;
 * `shape-mismatch` for vectors of different length, or without numbers; `value-unrepresentable` for a finite number that
 * float32 cannot hold; `usage` if the libraries are missing.
 */
export async function readParquet(path: string): Promise<Frames> {
  const library = await loadParquet();
  const before = await statsOf(path);
  const size = Number(before.size);
  const panics = watchPanics();
  let file: ParquetFile | undefined;
  const fail = async (error: unknown): Promise<never> => {
    panics.end();
    // What looks like damage may be a file that is just being written.
    requireSameFile(path, before, await statsOf(path));
    if (error instanceof GialloError) throw error;
    const head = (await openAsBlob(path)).slice(0, signatureLength);
    const start = new Uint8Array(await head.arrayBuffer());
    const not = `${path}: not a Parquet file, but`;
    throw otherFormatError('input-malformed', not, start, 'a Parquet table') ?? asParquetError(error, path);
  };
  try {
    file = await panics.orResult(library.parquet.ParquetFile.fromFile(await openAsBlob(path)));
    const columns = chooseColumns(library, file, path);
    const total = file.metadata().fileMetadata().numRows();
    const batches = await panics.orResult(
      file.stream({
        batchSize: columns.dim ? Math.max(1, Math.floor(batchLength / 4 / columns.dim)) : defaultBatchRows,
        columns: [columns.filename, columns.embedding],
      }),
    );
    const rows = new ParquetRows(library, batches.getReader(), columns, path);
    const first = await panics.orResult(rows.next());
    return {
      dim: rows.dim,
      warnings: leftOutWarnings(path, 'columns', columns.others),
      async *blocks() {
        try {
          for (let block = first; block !== undefined; block = await panics.orResult(rows.next())) {
            yield { ...block, sourceBytes: Math.floor((size * rows.count) / total) };
          }
          requireSameFile(path, before, await statsOf(path));
          if (rows.count !== total) throw new Error(`${rows.count} rows found, ${total} declared`);
        } catch (error) {
          await fail(error);
        }
      },
      close: async () => {
        panics.end();
        // What has panicked panics again when it is told to stop.
        if (!panics.hasPanicked()) await rows.close();
      },
    };
  } catch (error) {
    return await fail(error);
  } finally {
    file?.free();
  }
}

/**
 * The library, which is Rust, panics on some damaged files. The panic is thrown in a task of its own, and the awaited
 * promise never settles. So the panic can only be seen among a thread's uncaught errors, which giallo may handle only
 * in a thread of its own: Parquet is read in a worker thread (`convertFiles`).
 */
function watchPanics() {
  let hasPanicked = false;
  let panic: (error: unknown) => void = () => {};
  const panicked = new Promise<never>((_, reject) => {
    panic = reject;
  });
  panicked.catch(() => {
    hasPanicked = true;
  });
  if (!isMainThread) process.on('uncaughtException', panic);
  return {
    hasPanicked: () => hasPanicked,
    orResult: <T>(work: Promise<T>) => Promise.race([work, panicked]),
    end: () => void process.off('uncaughtException', panic),
  };
}

async function statsOf(path: string): Promise<BigIntStats> {
  const found = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  if (found.isFile()) return found;
  const [what, hint] = found.isDirectory()
    ? (['a folder', 'name the Parquet files in it'] as const)
    : (['a device or a pipe', undefined] as const);
  throw new GialloError('file-unreadable', `${path}: not a regular file, but ${what}`, { hint });
}

/** The error for what the library throws: text, or errors of its own classes. */
function asParquetError(error: unknown, path: string): GialloError {
  const known = machineError(error);
  if (known) return known;
  const isPanic = error instanceof Error && error.name === 'RuntimeError';
  const said = isPanic
    ? 'the library gave up on it'
    : String(error instanceof Error ? error.message : error).split('\n')[0];
  const message = `${path}: not a readable Parquet file: ${said}`;
  return new GialloError('input-malformed', message, { cause: error });
}

interface ParquetColumns {
  readonly filename: string;
  readonly embedding: string;
  /** Numbers in a vector, if the schema says. */
  readonly dim: number | undefined;
  readonly convert: ReturnType<typeof conversionOf>;
  readonly others: readonly string[];
}

/** Decides by name, else by type. Errors: `array-missing`, listing the columns there are. */
function chooseColumns(library: ParquetLibrary, file: ParquetFile, path: string): ParquetColumns {
  const { DataType } = library.arrow;
  const { fields } = library.arrow.tableFromIPC(file.schema().intoIPCStream()).schema;
  const filename = choose(fields.filter(isText), ['filename', 'filenames']);
  const lists = fields.filter((field) => layoutOf(field) !== undefined);
  const floats = lists.filter((field) => layoutOf(field)?.startsWith('float'));
  const embedding = choose(lists, ['embedding', 'embeddings']) ?? choose(floats, []);
  if (filename === undefined || embedding === undefined) {
    const found = fields.map(({ name, type }) => `${name} ${type}`).join(', ') || 'none';
    const message = `${path}: needs columns filename (string) and embedding (list of numbers); found ${found}`;
    throw new GialloError('array-missing', message);
  }
  const { type } = embedding;
  const dim = DataType.isFixedSizeList(type) ? type.listSize : undefined;
  const others = fields.filter((field) => field !== filename && field !== embedding).map(({ name }) => name);
  const convert = conversionOf(layoutOf(embedding) as NumberLayout);
  return { filename: filename.name, embedding: embedding.name, dim, convert, others };

  // Large lists and views of strings are what Polars writes.
  function isText({ type }: Field): boolean {
    const text: unknown = DataType.isDictionary(type) ? type.dictionary : type;
    return DataType.isUtf8(text) || DataType.isLargeUtf8(text) || DataType.isUtf8View(text);
  }

  /** Of the numbers in a list; undefined for other columns. */
  function layoutOf({ type }: Field): NumberLayout | undefined {
    if (!DataType.isList(type) && !DataType.isLargeList(type) && !DataType.isFixedSizeList(type))
      return undefined;
    const of: unknown = type.valueType;
    if (DataType.isFloat(of)) return (['float16', 'float32', 'float64'] as const)[of.precision];
    return DataType.isInt(of) ? `${of.isSigned ? 'int' : 'uint'}${of.bitWidth}` : undefined;
  }
}

function choose(fields: readonly Field[], names: readonly string[]): Field | undefined {
  return fields.find(({ name }) => names.includes(name)) ?? (fields.length === 1 ? fields[0] : undefined);
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Texts of a column that come as bytes and where each begins, in 32 or 64 bits. */
function textOf({ values, valueOffsets }: Data): (row: number) => string {
  const offsets: ArrayLike<number | bigint> = valueOffsets;
  return (row) =>
    utf8.decode((values as Uint8Array).subarray(Number(offsets[row]), Number(offsets[row + 1])));
}

type Batches = ReadableStreamDefaultReader<RecordBatch>;

/** The rows of the two columns, batch by batch. */
class ParquetRows {
  readonly #library: ParquetLibrary;
  readonly #batches: Batches;
  readonly #columns: ParquetColumns;
  readonly #path: string;
  #dim: number | undefined;
  #count = 0;

  constructor(library: ParquetLibrary, batches: Batches, columns: ParquetColumns, path: string) {
    this.#library = library;
    this.#batches = batches;
    this.#columns = columns;
    this.#path = path;
    this.#dim = columns.dim;
  }

  /** Numbers in a vector: from the schema, else from the first row; 0 if there is neither. */
  get dim(): number {
    return this.#dim ?? 0;
  }

  /** Rows read so far. */
  get count(): number {
    return this.#count;
  }

  /** The next rows; undefined after the last. Errors: those of `readParquet` that concern rows, and the library's. */
  async next(): Promise<Omit<FrameBlock, 'sourceBytes'> | undefined> {
    for (;;) {
      const { done, value } = await this.#batches.read();
      if (done) return undefined;
      const table = this.#library.arrow.tableFromIPC(value.intoIPCStream());
      if (table.numRows === 0) continue;
      const filenames = this.#filenames(table.getChild(this.#columns.filename) as Vector);
      const values = this.#values(table.getChild(this.#columns.embedding) as Vector, filenames);
      this.#count += table.numRows;
      return { filenames, values };
    }
  }

  async close(): Promise<void> {
    await this.#batches.cancel();
  }

  #filenames(column: Vector): string[] {
    const filenames = this.#texts(column);
    return filenames.map((name, row) => {
      if (name === null) throw this.#error(row, 'the filename is null');
      return name;
    });
  }

  /** The library takes a first U+FEFF for a byte order mark, so its texts are decoded here. */
  #texts(column: Vector): (string | null)[] {
    return column.data.flatMap((piece) => {
      const textAt = this.#library.arrow.DataType.isDictionary(piece.type)
        ? this.#word(piece)
        : textOf(piece);
      return Array.from({ length: piece.length }, (_, row) => (piece.getValid(row) ? textAt(row) : null));
    });
  }

  #word({ values, dictionary }: Data): (row: number) => string | null {
    const words = this.#texts(dictionary as Vector);
    return (row) => words[Number(values[row])];
  }

  #values(column: Vector, filenames: readonly string[]): Float32Array {
    const vectors = Array.from(column as Iterable<Vector | null>);
    this.#dim ??= vectors[0]?.length ?? 0;
    const dim = this.#dim;
    if (dim === 0 && vectors[0]) {
      const place = JSON.stringify(filenames[0]);
      throw this.#error(0, `${place}: vectors need at least one number`, 'shape-mismatch');
    }
    const values = new Float32Array(vectors.length * dim);
    vectors.forEach((vector, row) => {
      const place = JSON.stringify(filenames[row]);
      if (vector === null || vector.nullCount > 0) {
        throw this.#error(row, `${place}: the vector holds null`);
      }
      if (vector.length !== dim) {
        const message = `${place}: ${vector.length} numbers, but the first row has ${dim}`;
        throw this.#error(row, message, 'shape-mismatch');
      }
      const numbers = vector.toArray() as StoredNumbers;
      const target = values.subarray(row * dim, (row + 1) * dim);
      const { convert } = this.#columns;
      if (!convert) target.set(numbers as Float32Array);
      if (!convert?.(numbers, target, dim)) return;
      const at = target.findIndex((number, i) => !Number.isFinite(number) && Number.isFinite(numbers[i]));
      const message = `${place}: ${numbers[at]} is too large for float32`;
      throw this.#error(row, message, 'value-unrepresentable');
    });
    return values;
  }

  #error(
    row: number,
    said: string,
    code: 'input-malformed' | 'shape-mismatch' | 'value-unrepresentable' = 'input-malformed',
  ): GialloError {
    return new GialloError(code, `${this.#path}: row ${this.#count + row}: ${said}`);
  }
}
