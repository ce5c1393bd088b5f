/**
 * `{"filename": [numbers], ...}` as frames, in flat memory whatever its size.
 */
import type { FrameBlock, Frames } from './frames.js';
import { type JsonFrame, JsonFrames, type JsonReading } from './json-frames.js';

/** About how many bytes of float32 make a block. */
const blockLength = 1 << 20;

/**
 * Opens a JSON file of one object: filenames to vectors of one length. Numbers are rounded to float32 once. Errors, all
 * with the byte offset and, from its key on, the frame's filename: `input-malformed` for anything else, a file cut off
 * among it; `shape-mismatch` for vectors of different length; `names-duplicate`; `value-unrepresentable` for a finite
 * number that float32 cannot hold; and `file-unreadable`.
 */
export async function readJson(path: string, options: JsonReading): Promise<Frames> {
  const json = await JsonFrames.open(path, options);
  try {
    const first = await json.next();
    return {
      dim: json.dim,
      warnings: [],
      blocks: () => blocks(json, first),
      close: () => json.close(),
    };
  } catch (error) {
    await json.close();
    throw error;
  }
}

async function* blocks(json: JsonFrames, first: JsonFrame | undefined): AsyncGenerator<FrameBlock> {
  const { dim } = json;
  const capacity = Math.max(1, Math.floor(blockLength / 4 / Math.max(1, dim)));
  const values = new Float32Array(capacity * dim);
  let filenames: string[] = [];
  for (let frame = first; frame !== undefined; frame = await json.next()) {
    values.set(frame.vector, filenames.length * dim);
    filenames.push(frame.filename);
    if (filenames.length < capacity) continue;
    yield { filenames, values, sourceBytes: json.sourceBytes };
    filenames = [];
  }
  if (filenames.length === 0) return;
  yield { filenames, values: values.subarray(0, filenames.length * dim), sourceBytes: json.sourceBytes };
}
