/**
 * CSV with the header `filename,v0,v1,...` as frames, in flat memory whatever its size.
 */
import { CsvFrames } from './csv-frames.js';
import { framesOfText } from './frame-blocks.js';
import type { Frames } from './frames.js';

/**
 * Opens a CSV file: RFC 4180, LF or CRLF, whatever the value columns are called; `nan`, `inf` and `infinity` are numbers
 * in any case; empty lines at the end are passed over. Errors, all with the line and, where there is one, the filename:
 * `input-malformed`, `shape-mismatch` for a record with more or fewer fields than the header, `value-unrepresentable`
 * for a finite number that float32 cannot hold; and `file-unreadable`.
 */
export async function readCsv(path: string): Promise<Frames> {
  return await framesOfText(await CsvFrames.open(path));
}
