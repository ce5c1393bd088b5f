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
