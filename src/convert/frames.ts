/**
 * Frames between two forms: filenames and vectors, a block at a time. Each form is read into `Frames` and written from
 * `Frames`, so that no form knows of another. Not every form can hold every filename: JSON has each key only once,
 * UTF-8 cannot hold half of a surrogate pair, and an `.npy` has its names in a file beside it.
 */
import { GialloError } from '../errors.js';
import type { Outputs } from '../files/outputs.js';
import { firstOf } from '../word-lists.js';
import type { ByteWindow } from './byte-window.js';

/** Consecutive frames. */
export interface FrameBlock {
  readonly filenames: readonly string[];
  /** [filenames x dim] row-major; valid until the next block is asked for. */
  readonly values: Float32Array;
  /** How much of the source's bytes has been used, this block included. */
  readonly sourceBytes: number;
}

/** A source that has been opened, and whose first bytes have been checked. */
export interface Frames {
  /** Numbers in a vector; 0 if a source without frames does not tell. */
  readonly dim: number;
  /** Warnings about the source, one line each; complete when `blocks` has ended. */
  readonly warnings: readonly string[];
  /** All frames in order; to be called once. Frames count only when the generator has ended without an error. */
  blocks(): AsyncGenerator<FrameBlock>;
  /** Closes the source; may be called at any time and again. */
  close(): Promise<void>;
}

/** One warning if a source holds more than frames, such as the times of an archive; none for no names. */
export function leftOutWarnings(
  path: string,
  what: 'arrays' | 'columns',
  names: readonly string[],
): readonly string[] {
  if (names.length === 0) return [];
  return [`${path}: only vectors and filenames are converted; left out: the ${what} ${firstOf(names, 10)}`];
}

export interface TextFrame {
  readonly filename: string;
  /** Valid until the next frame. */
  readonly vector: Float32Array;
}

/** An open text of frames. */
export interface TextFrames {
  /** Numbers in a vector. Known as soon as the first frame has been read, or the source turned out to have none. */
  readonly dim: number;
  readonly window: ByteWindow;
  /** The next frame; undefined after the last. */
  next(): Promise<TextFrame | undefined>;
}

/** Frames to be written. */
export interface FramesToWrite {
  readonly blocks: AsyncIterable<FrameBlock>;
  readonly dim: number;
  /** What errors call the file. */
  readonly place: string;
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
      close: async () => text.window.close(),
    };
  } catch (error) {
    text.window.close();
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
    yield { filenames, values, sourceBytes: text.window.usedBytes };
    filenames = [];
  }
  if (filenames.length === 0) return;
  yield { filenames, values: values.subarray(0, filenames.length * dim), sourceBytes: text.window.usedBytes };
}

/**
 * What to do with a filename that comes again: `refuse` it as an error, or append the `suffix` `#2`, `#3` and so on.
 */
type OnDuplicate = 'refuse' | 'suffix';

/** How JSON is read and written. */
export interface JsonOptions {
  /** `null`: NaN is written as `null`, and a `null` among numbers read as NaN; `refuse` calls both an error. */
  readonly nan: 'refuse' | 'null';
  readonly onDuplicate: OnDuplicate;
}

/**
 * Returns a function that gives each name in turn its key: the name itself if it is new; else the name with a suffix,
 * or `undefined` if duplicates are refused.
 */
export function uniqueNames(onDuplicate: OnDuplicate): (name: string) => string | undefined {
  const taken = new Set<string>();
  const lastSuffix = new Map<string, number>();
  return (name) => {
    if (!taken.has(name)) {
      taken.add(name);
      return name;
    }
    if (onDuplicate === 'refuse') return undefined;
    let suffix = lastSuffix.get(name) ?? 1;
    let key: string;
    do key = `${name}#${++suffix}`;
    while (taken.has(key));
    lastSuffix.set(name, suffix);
    taken.add(key);
    return key;
  };
}

/** Errors: `value-unrepresentable`, naming `place`, if UTF-8 cannot hold a filename. */
export function requireUnicode(filename: string, place: string): void {
  if (isUnicode(filename)) return;
  const message = `${place}: a filename is not text: half of a surrogate pair in ${JSON.stringify(filename)}`;
  throw new GialloError('value-unrepresentable', message, { hint: 'rename the frame' });
}

/** Whether UTF-8 can hold a filename. */
function isUnicode(filename: string): boolean {
  return !/\p{Surrogate}/u.test(filename);
}

/**
 * Creates `<stem>.txt` with a name on each line; or `<stem>.json`, an array of strings, if a name could not be read
 * back from lines. Errors: `output-exists`, also if an existing text file would be read in place of the JSON; those of
 * `Outputs.create`.
 */
export async function writeNpyNames(
  outputs: Outputs,
  stem: string,
  filenames: readonly string[],
): Promise<void> {
  if (fitsLines(filenames)) {
    const file = await outputs.create(`${stem}.txt`);
    await file.writeFile(filenames.map((name) => `${name}\n`).join(''));
    return;
  }
  if (await outputs.exists(`${stem}.txt`)) {
    const message = `${stem}.txt: already exists, and would be read in place of the names in ${stem}.json`;
    throw new GialloError('output-exists', message, { hint: 'move it away' });
  }
  const file = await outputs.create(`${stem}.json`);
  await file.writeFile(`${JSON.stringify(filenames, null, 1)}\n`);
}

function fitsLines(filenames: readonly string[]): boolean {
  if (filenames[0]?.startsWith('\uFEFF')) return false; // would be taken for a byte order mark
  // A text whose second byte is NUL would be taken for UTF-16.
  return filenames.every((name) => !/[\n\r\0]/.test(name) && isUnicode(name));
}
