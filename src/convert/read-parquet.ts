/**
 * Parquet as frames: a column of strings and a column of lists of floats, whoever wrote it.
 */
import { openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ParquetFile } from 'parquet-wasm';
import { fileError, GialloError } from '../errors.js';
import type { Frames } from './frames.js';
import { chooseColumns, ParquetRows } from './parquet-columns.js';
import { loadParquet } from './parquet-library.js';

/** About how many bytes of vectors make a batch, where the length of vectors is known from the schema. */
const batchLength = 1 << 20;
const defaultBatchRows = 64;

/**
 * Opens a Parquet file. The columns are `filename` and `embedding` (or their plurals), else the only one of strings
 * and the only one of lists: of fixed size or not, of float32 or of float64, which is rounded. Errors:
 * `file-unreadable`; `input-malformed` for what is no Parquet, and for nulls; `array-missing` where no columns fit;
 * `shape-mismatch` for vectors of different length; `value-unrepresentable` for a finite number that float32 cannot
 * hold; `usage` where the libraries are missing.
 */
export async function readParquet(path: string): Promise<Frames> {
  const library = await loadParquet();
  const { size } = await stat(path).catch((error: unknown) => {
    throw fileError('read', path, error);
  });
  let file: ParquetFile | undefined;
  try {
    file = await library.parquet.ParquetFile.fromFile(await openAsBlob(path));
    const columns = chooseColumns(library, file, path);
    const total = file.metadata().fileMetadata().numRows();
    const batches = await file.stream({
      batchSize: columns.dim ? Math.max(1, Math.floor(batchLength / 4 / columns.dim)) : defaultBatchRows,
      columns: [columns.filename, columns.embedding],
    });
    const rows = new ParquetRows(library, batches.getReader(), columns, path);
    const first = await rows.next();
    return {
      dim: rows.dim,
      warnings: [],
      async *blocks() {
        try {
          for (let block = first; block !== undefined; block = await rows.next()) {
            yield { ...block, sourceBytes: Math.floor((size * rows.count) / total) };
          }
        } catch (error) {
          throw asParquetError(error, path);
        }
      },
      close: () => rows.close(),
    };
  } catch (error) {
    throw asParquetError(error, path);
  } finally {
    file?.free();
  }
}

/** The library throws text, or errors of its own. */
function asParquetError(error: unknown, path: string): GialloError {
  if (error instanceof GialloError) return error;
  const said = String(error instanceof Error ? error.message : error).split('\n')[0];
  const message = `${path}: a Parquet file was expected, found one that cannot be read: ${said}`;
  return new GialloError('input-malformed', message, { cause: error });
}
