/**
 * The frames of a JSON object, one after the other. Each is taken from the window in one synchronous step, which finds
 * it whole or asks for more bytes and is tried again: a vector holds no strings, so it ends at the next `]`.
 */
import { isUtf8 } from 'node:buffer';
import { type ErrorCode, GialloError } from '../errors.js';
import { textAsUtf8Line } from '../npz/python-lines.js';
import { ByteWindow } from './byte-window.js';
import {
  type Frames,
  framesOfText,
  type JsonOptions,
  requireUnicode,
  type TextFrame,
  type TextFrames,
  uniqueNames,
} from './frames.js';
import { outOfRange, parseNumber } from './parse-number.js';

/** What a step returns if there is no frame. */
const needsMore = Symbol('needs more bytes');
const endOfObject = Symbol('end of the object');

const space = 0x20;
const form = '{"filename": [numbers], ...}';
const tokenHints: readonly (readonly [RegExp, string])[] = [
  [/^(null|NaN)$/, '--nan null reads null and NaN as NaN'],
  [/^-?inf(inity)?$/i, 'JSON has no infinity; CSV, .npy and Parquet can hold it'],
  [/^[[{]/, `each frame has a name and a vector of its own: ${form}`],
];

/**
 * Opens a JSON file of one object: filenames to vectors of one length. Numbers are rounded to float32 once. Errors, all
 * with the byte offset and, from its key on, the frame's filename: `input-malformed` for anything else, a file cut off
 * among it; `shape-mismatch` for vectors of different length; `names-duplicate`; `value-unrepresentable` for a finite
 * number that float32 cannot hold; and `file-unreadable`.
 */
export async function readJson(path: string, options: JsonOptions, signal?: AbortSignal): Promise<Frames> {
  return await framesOfText(await JsonFrames.open(path, options, signal));
}

class JsonFrames implements TextFrames {
  readonly window: ByteWindow;
  readonly #nan: JsonOptions['nan'];
  readonly #keyOf: (name: string) => string | undefined;
  #vector: Float32Array | undefined;
  /** Where in the object we are, for errors: `"a.jpg"` or `after "a.jpg"`. */
  #context = '';

  private constructor(window: ByteWindow, options: JsonOptions) {
    this.window = window;
    this.#nan = options.nan;
    this.#keyOf = uniqueNames(options.onDuplicate);
  }

  static async open(path: string, options: JsonOptions, signal?: AbortSignal): Promise<JsonFrames> {
    return new JsonFrames(await ByteWindow.open(path, signal), options);
  }

  /** Numbers in a vector; 0 until the first frame. */
  get dim(): number {
    return this.#vector?.length ?? 0;
  }

  /** The next frame; undefined if the object has ended and nothing but white space follows. */
  async next(): Promise<TextFrame | undefined> {
    for (;;) {
      const frame = this.#takeFrame();
      if (frame === endOfObject) return await this.#expectEndOfFile();
      if (frame !== needsMore) return frame;
      const { isAtEnd, bytes } = this.window;
      if (isAtEnd)
        throw this.#error(bytes, bytes.length, this.#context === '' ? form : 'the rest of the object');
      await this.window.more();
    }
  }

  #takeFrame(): TextFrame | typeof needsMore | typeof endOfObject {
    const { bytes, position } = this.window;
    const isFirst = this.#vector === undefined;
    const before = skipSpace(bytes, position);
    if (before === bytes.length) return needsMore;
    if (!isFirst && bytes[before] === byteOf.closeBrace) return this.#endObject(before);
    if (bytes[before] !== (isFirst ? byteOf.openBrace : byteOf.comma)) {
      throw this.#error(bytes, before, isFirst ? form : '"," or "}"');
    }

    const keyStart = skipSpace(bytes, before + 1);
    if (keyStart === bytes.length) return needsMore;
    if (isFirst && bytes[keyStart] === byteOf.closeBrace) return this.#endObject(keyStart);
    return this.#takeMember(bytes, keyStart);
  }

  /** A filename, a colon and a vector. */
  #takeMember(bytes: Buffer, keyStart: number): TextFrame | typeof needsMore {
    if (bytes[keyStart] !== byteOf.quote) throw this.#error(bytes, keyStart, 'a filename in quotes');
    const keyEnd = endOfString(bytes, keyStart);
    if (keyEnd === undefined) return needsMore;
    const key = this.#decodeKey(bytes, keyStart, keyEnd);
    this.#context = JSON.stringify(key);

    const colonAt = skipSpace(bytes, keyEnd);
    if (colonAt === bytes.length) return needsMore;
    if (bytes[colonAt] !== byteOf.colon) throw this.#error(bytes, colonAt, '":"');
    const start = skipSpace(bytes, colonAt + 1);
    if (start === bytes.length) return needsMore;
    if (bytes[start] !== byteOf.openBracket) throw this.#error(bytes, start, 'a vector [numbers]');
    const close = bytes.indexOf(byteOf.closeBracket, start);
    if (close < 0) return needsMore;

    const vector = this.#parseVector(bytes, start, close);
    const filename = this.#keyOf(key);
    if (filename === undefined) throw this.#duplicate(keyStart);
    this.#context = `after ${this.#context}`;
    this.window.position = close + 1;
    return { filename, vector };
  }

  #endObject(at: number): typeof endOfObject {
    this.window.position = at + 1;
    return endOfObject;
  }

  #decodeKey(bytes: Buffer, start: number, end: number): string {
    const quoted = bytes.subarray(start, end);
    if (!isUtf8(quoted)) {
      // Spreadsheets and old programs on Windows save so.
      const hint = `if the text is Latin-1, run: ${textAsUtf8Line(this.window.path, 'latin1')}`;
      throw new GialloError('input-malformed', `${this.#place(start)}: the filename is not UTF-8`, { hint });
    }
    let key: string;
    try {
      key = JSON.parse(quoted.toString('utf8')) as string;
    } catch (cause) {
      const expected = 'a filename without control characters or wrong escapes';
      throw this.#error(bytes, start, expected, { cause });
    }
    requireUnicode(key, this.#place(start));
    return key;
  }

  /** The numbers from the `[` at `start` to the `]` at `close`. */
  #parseVector(bytes: Buffer, start: number, close: number): Float32Array {
    let at = skipSpace(bytes, start + 1);
    if (at === close) throw this.#error(bytes, close, 'numbers');
    this.#vector ??= new Float32Array(countElements(bytes, start, close));
    const vector = this.#vector;
    for (let count = 0; ; at++) {
      // Python writes one space, which is handled here; only rare cases are calls, since a call would cost a tenth of
      // the time.
      if (bytes[at] === space) at++;
      if (bytes[at] <= space) at = skipSpace(bytes, at);
      const end = parseNumber(bytes, at, vector, count);
      const next = bytes[end];
      at =
        next === byteOf.comma || next === byteOf.closeBracket
          ? end
          : this.#endOfElement(bytes, at, end, vector, count);
      count++;
      if (bytes[at] === byteOf.comma) continue;
      if (at !== close) throw this.#error(bytes, at, '"," or "]"');
      if (count === vector.length) return vector;
      const message = `${this.#place(start)}: the first frame has ${vector.length} numbers, found ${count}`;
      throw new GialloError('shape-mismatch', message);
    }
  }

  /** Where an element ends that is not a number with a comma or bracket right behind it. */
  #endOfElement(bytes: Buffer, start: number, end: number, vector: Float32Array, at: number): number {
    if (end >= 0 && isDelimiter(bytes[end])) return skipSpace(bytes, end);
    if (end === outOfRange) {
      const expected = 'a number within the range of float32';
      throw this.#error(bytes, start, expected, { code: 'value-unrepresentable' });
    }
    const token = tokenAt(bytes, start);
    // Python writes NaN unquoted.
    if (this.#nan === 'refuse' || !/^(null|NaN)$/.test(token)) {
      const [, hint] = tokenHints.find(([fits]) => fits.test(token)) ?? [];
      throw this.#error(bytes, start, 'a number', { hint });
    }
    vector[at] = Number.NaN;
    return skipSpace(bytes, start + token.length);
  }

  #duplicate(keyStart: number): GialloError {
    const message = `${this.#place(keyStart)}: this filename appears twice`;
    return new GialloError('names-duplicate', message, {
      hint: '--on-duplicate suffix appends #2, #3 and so on',
    });
  }

  async #expectEndOfFile(): Promise<undefined> {
    for (;;) {
      const { bytes, position } = this.window;
      const at = skipSpace(bytes, position);
      if (at < bytes.length) throw this.#error(bytes, at, 'the end of the file');
      this.window.position = at;
      if (this.window.isAtEnd) return undefined;
      await this.window.more();
    }
  }

  #error(
    bytes: Buffer,
    at: number,
    expected: string,
    details: { code?: ErrorCode; hint?: string | undefined; cause?: unknown } = {},
  ): GialloError {
    const found = at === bytes.length ? 'the end of the file' : JSON.stringify(tokenAt(bytes, at));
    const message = `${this.#place(at)}: expected ${expected}, found ${found}`;
    return new GialloError(details.code ?? 'input-malformed', message, details);
  }

  #place(at: number): string {
    const { path } = this.window;
    const offset = `byte ${this.window.fileOffset(at)}`;
    return this.#context === '' ? `${path}: ${offset}` : `${path}: ${offset}: ${this.#context}`;
  }
}

const byteOf = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

const backslash = 0x5c;
/** What is quoted of a wrong token in an error. */
const shownLength = 24;

/** The first position from `start` on that is not white space. */
function skipSpace(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at;
}

/** Behind the string that opens at `start`, undefined if it does not end in these bytes. */
function endOfString(bytes: Buffer, start: number): number | undefined {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === byteOf.quote) return at + 1;
  }
  return undefined;
}

/** How many elements stand from the `[` at `start` to the `]` at `close`, if they hold no commas. */
function countElements(bytes: Buffer, start: number, close: number): number {
  let count = 1;
  for (let at = start; at < close; at++) if (bytes[at] === byteOf.comma) count++;
  return count;
}

/** Whether an element of an array ends before this byte. */
function isDelimiter(byte: number | undefined): boolean {
  return byte === byteOf.comma || byte === byteOf.closeBracket || isSpace(byte);
}

/** What stands at a position, a sign of punctuation or what lies before the next, shortened: for errors. */
function tokenAt(bytes: Buffer, start: number): string {
  let end = start + 1;
  if (!isPunctuation(bytes[start])) {
    while (end < bytes.length && end < start + shownLength && !endsToken(bytes[end])) end++;
  }
  return bytes.toString('utf8', start, end);
}

function endsToken(byte: number | undefined): boolean {
  return isSpace(byte) || isPunctuation(byte);
}

function isPunctuation(byte: number | undefined): boolean {
  return byte !== byteOf.quote && Object.values<number | undefined>(byteOf).includes(byte);
}

function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
