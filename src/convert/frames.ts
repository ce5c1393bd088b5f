/**
 * What every form is read into and written from: filenames and vectors, a block at a time. A form that is read makes
 * `Frames`, a form that is written takes them, and neither knows of the other.
 */

/** Consecutive frames. */
export interface FrameBlock {
  readonly filenames: readonly string[];
  /** [filenames x dim] row-major; valid until the next block is asked for. */
  readonly values: Float32Array;
  /** How much of the source's bytes has been used, this block included. */
  readonly sourceBytes: number;
}

/** A source that has been opened, its first bytes checked. */
export interface Frames {
  /** Numbers in a vector; 0 where a source without frames does not say. */
  readonly dim: number;
  /** What is unusual about the source, one line each; complete when `blocks` has ended. */
  readonly warnings: readonly string[];
  /** All frames in their order; can be asked for once. Errors count until the generator has ended. */
  blocks(): AsyncGenerator<FrameBlock>;
  /** Closes the source; may be called at any time and again. */
  close(): Promise<void>;
}

export interface TextFrame {
  readonly filename: string;
  /** Valid until the next frame. */
  readonly vector: Float32Array;
}

/** An open text of frames. */
export interface TextFrames {
  /** Numbers in a vector; known when the first frame has been read, or that there is none. */
  readonly dim: number;
  /** Bytes of the file that have been used. */
  readonly sourceBytes: number;
  /** The next frame, undefined behind the last. */
  next(): Promise<TextFrame | undefined>;
  close(): void;
}

/** About how many bytes of float32 make a block. */
const blockLength = 1 << 20;

/** Reads the first frame, which gives `dim`, and offers them all; closes the text if that fails. */
export async function framesOfText(text: TextFrames): Promise<Frames> {
  try {
    const first = await text.next();
    return {
      dim: text.dim,
      warnings: [],
      blocks: () => blocks(text, first),
      close: async () => text.close(),
    };
  } catch (error) {
    text.close();
    throw error;
  }
}

async function* blocks(text: TextFrames, first: TextFrame | undefined): AsyncGenerator<FrameBlock> {
  const { dim } = text;
  const capacity = Math.max(1, Math.floor(blockLength / 4 / Math.max(1, dim)));
  const values = new Float32Array(capacity * dim);
  let filenames: string[] = [];
  for (let frame = first; frame !== undefined; frame = await text.next()) {
    values.set(frame.vector, filenames.length * dim);
    filenames.push(frame.filename);
    if (filenames.length < capacity) continue;
    yield { filenames, values, sourceBytes: text.sourceBytes };
    filenames = [];
  }
  if (filenames.length === 0) return;
  yield { filenames, values: values.subarray(0, filenames.length * dim), sourceBytes: text.sourceBytes };
}
