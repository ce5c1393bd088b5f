/** Makes frames in memory, and reads all frames of a source into memory. */
import type { ConvertOptions } from '../../src/convert/convert-file.js';
import type { FrameBlock, Frames } from '../../src/convert/frames.js';

/** A whole film. */
export interface Held {
  readonly filenames: readonly string[];
  readonly dim: number;
  readonly values: Float32Array;
}

/** The options of a conversion if none are given. */
export const plainOptions: ConvertOptions = {
  dtype: 'float32',
  compression: 'deflated',
  nan: 'refuse',
  onDuplicate: 'refuse',
  force: false,
  reading: {},
};

/** The frames in blocks of `rows`. All blocks share one memory, as those of readers do. */
export async function* blocksOf({ filenames, dim, values }: Held, rows = 2): AsyncGenerator<FrameBlock> {
  const memory = new Float32Array(rows * dim);
  for (let row = 0; row < filenames.length; row += rows) {
    const names = filenames.slice(row, row + rows);
    const bytes = new Uint8Array(values.buffer, values.byteOffset + row * dim * 4, names.length * dim * 4);
    new Uint8Array(memory.buffer).set(bytes);
    yield { filenames: names, values: memory.subarray(0, names.length * dim), sourceBytes: 0 };
  }
}

/** Reads all frames of a source, and closes it. */
export async function hold(frames: Frames): Promise<Held> {
  const filenames: string[] = [];
  const pieces: Uint8Array[] = [];
  try {
    for await (const block of frames.blocks()) {
      filenames.push(...block.filenames);
      pieces.push(new Uint8Array(block.values.slice().buffer));
    }
  } finally {
    await frames.close();
  }
  const bytes = new Uint8Array(Buffer.concat(pieces));
  return { filenames, dim: frames.dim, values: new Float32Array(bytes.buffer) };
}

/** The bits of values, so that NaN and -0 can be compared. */
export function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
