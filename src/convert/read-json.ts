/**
 * `{"filename": [numbers], ...}` as frames, in flat memory whatever its size.
 */
import { framesOfText } from './frame-blocks.js';
import type { Frames } from './frames.js';
import { JsonFrames, type JsonReading } from './json-frames.js';

/**
 * Opens a JSON file of one object: filenames to vectors of one length. Numbers are rounded to float32 once. Errors, all
 * with the byte offset and, from its key on, the frame's filename: `input-malformed` for anything else, a file cut off
 * among it; `shape-mismatch` for vectors of different length; `names-duplicate`; `value-unrepresentable` for a finite
 * number that float32 cannot hold; and `file-unreadable`.
 */
export async function readJson(path: string, options: JsonReading): Promise<Frames> {
  return await framesOfText(await JsonFrames.open(path, options));
}
