/**
 * Reads CSV with the header `filename,v0,v1,...`, each record a frame. As with JSON, each record is read in one
 * synchronous step, which finds it whole or asks for more bytes.
 */
import { type ErrorCode, GialloError } from '../errors.js';
import { textAsUtf8Line } from '../npz/python-lines.js';
import { ByteWindow } from './byte-window.js';
import { type Frames, framesOfText, type TextFrame, type TextFrames } from './frames.js';
import { parseNumber } from './parse-number.js';

const needsMore = Symbol('needs more bytes');

// Bytes, declared before the class: behind it each use would cost a check.
const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Opens a CSV file by RFC 4180. Lines may end in LF, CRLF, CR or CR CR LF; value columns may have any names; numbers
 * may have spaces around them; `nan`, `inf` and `infinity` are numbers in any case; empty lines at the end are ignored.
 * Errors: `input-malformed`, `shape-mismatch` for a record with more or fewer fields than the header,
 * `value-unrepresentable` for a finite number that float32 cannot hold, all with the line and the filename, if there is
 * one; and `file-unreadable`.
 */
export async function readCsv(path: string, signal?: AbortSignal): Promise<Frames> {
  return await framesOfText(await CsvFrames.open(path, signal));
}

class CsvFrames implements TextFrames {
  readonly window: ByteWindow;
  readonly #vector: Float32Array;
  /** LF, also of CRLF; or CR, as of old Macs and of spreadsheets that still write it. */
  readonly #lineEnd: number;
  /** The line of the next record, from 1. */
  #line = 2;
  /** The first of the empty lines before `position`: they are allowed only after the last record. */
  #emptyLine: number | undefined;

  private constructor(window: ByteWindow, dim: number) {
    this.window = window;
    this.#lineEnd = window.lineEnd as number;
    this.#vector = new Float32Array(dim);
  }

  /** Opens a file and reads its header. */
  static async open(path: string, signal?: AbortSignal): Promise<CsvFrames> {
    const window = await ByteWindow.open(path, signal);
    try {
      return new CsvFrames(window, await readHeader(window));
    } catch (error) {
      window.close();
      throw error;
    }
  }

  get dim(): number {
    return this.#vector.length;
  }

  /** The next frame, undefined at the end of the file. */
  async next(): Promise<TextFrame | undefined> {
    for (;;) {
      this.#passEmptyLines();
      const frame = this.#takeFrame();
      if (frame !== needsMore) return frame;
      const { isAtEnd, bytes, position } = this.window;
      if (isAtEnd && position === bytes.length) return undefined;
      if (isAtEnd) throw this.#error('a quoted field has no closing quote');
      await this.window.more();
    }
  }

  #passEmptyLines(): void {
    const { bytes } = this.window;
    for (;;) {
      const { position } = this.window;
      let end = position;
      while (this.#lineEnd === newline && bytes[end] === carriageReturn) end++;
      if (bytes[end] !== this.#lineEnd) return;
      this.#emptyLine ??= this.#line;
      this.#line++;
      this.window.position = end + 1;
    }
  }

  #takeFrame(): TextFrame | typeof needsMore {
    const { bytes, position } = this.window;
    const nameEnd = endOfField(bytes, position, this.#lineEnd);
    if (nameEnd === undefined) return needsMore;
    const recordEnd = bytes.indexOf(this.#lineEnd, nameEnd);
    if (recordEnd < 0) return needsMore;
    if (this.#emptyLine !== undefined) {
      this.#line = this.#emptyLine;
      throw this.#error('the line is empty');
    }
    const filename = this.#decodeName(bytes.subarray(position, nameEnd));
    // A film without frames has a dim of 0 if nothing tells another.
    if (this.dim === 0) throw this.#error('the header has no columns of numbers', filename);
    this.#parseVector(bytes, nameEnd, recordEnd, filename);
    this.#line++;
    for (let at = position; at < nameEnd; at++) if (bytes[at] === this.#lineEnd) this.#line++;
    this.window.position = recordEnd + 1;
    return { filename, vector: this.#vector };
  }

  #decodeName(field: Buffer): string {
    let text: string;
    try {
      text = strictUtf8.decode(field);
    } catch (cause) {
      // Spreadsheets on Windows save so.
      const hint = `if the text is Latin-1, run: ${textAsUtf8Line(this.window.path, 'latin1')}`;
      throw this.#error('the filename is not UTF-8', undefined, { cause, hint });
    }
    if (/^[^"]*[\r\n]/.test(text)) throw this.#error(`a line break in a name needs quotes: ${shown(text)}`);
    if (!text.includes('"')) return text;
    const inner = /^"((?:[^"]|"")*)"$/.exec(text)?.[1];
    if (inner !== undefined) return inner.replaceAll('""', '"');
    throw this.#error(`quotes must enclose a whole field, or be doubled: ${shown(text)}`);
  }

  /** The numbers behind the filename, which ends before `start`, up to the line end at `recordEnd`. */
  #parseVector(bytes: Buffer, start: number, recordEnd: number, filename: string): void {
    const end = bytes[recordEnd - 1] === carriageReturn && recordEnd > start ? recordEnd - 1 : recordEnd;
    const vector = this.#vector;
    let count = 0;
    let at = start;
    while (at < end) {
      // `at` is at the comma before a field.
      const numberEnd = parseNumber(bytes, at + 1, vector, count);
      const isPlain = numberEnd === end || bytes[numberEnd] === comma;
      at = isPlain ? numberEnd : this.#parseOddField(bytes, at + 1, end, count, filename);
      count++;
    }
    if (count === vector.length) return;
    const expected = `${count + 1} fields, but the header has ${vector.length + 1}`;
    throw this.#error(expected, filename, { code: 'shape-mismatch' });
  }

  /** Where a field ends that is not a JSON number: one that is quoted, or is not finite, or spelled as by others. */
  #parseOddField(bytes: Buffer, start: number, recordEnd: number, at: number, filename: string): number {
    const end = Math.min(endOfField(bytes, start, this.#lineEnd) ?? recordEnd, recordEnd);
    const text = bytes.toString('utf8', start, end).trim();
    const value = numberOf(/^"(.*)"$/.exec(text)?.[1]?.trim() ?? text);
    if (value === undefined) {
      const said = text === '' ? 'is empty' : `holds no number: ${shown(text)}`;
      // pandas writes nothing for NaN, R and Excel write NA.
      const hint = /^"?(na|n\/a|#n\/a|null|none|)"?$/i.test(text) ? 'NaN is written as nan' : undefined;
      throw this.#error(`column v${at} ${said}`, filename, { hint });
    }
    if (value === 'out of range') {
      const said = `column v${at} is too large for float32: ${shown(text)}`;
      throw this.#error(said, filename, { code: 'value-unrepresentable' });
    }
    this.#vector[at] = value;
    return end;
  }

  #error(
    said: string,
    filename?: string,
    details: { code?: ErrorCode; cause?: unknown; hint?: string | undefined } = {},
  ): GialloError {
    const place = `${this.window.path}: line ${this.#line}`;
    const inFrame = filename === undefined ? place : `${place}: ${JSON.stringify(filename)}`;
    return new GialloError(details.code ?? 'input-malformed', `${inFrame}: ${said}`, details);
  }
}

/** Reads the first line, which tells how lines end, and returns the number of columns behind `filename`. */
async function readHeader(window: ByteWindow): Promise<number> {
  let found = endOfHeader(window);
  for (; found === undefined && !window.isAtEnd; found = endOfHeader(window)) await window.more();
  const { bytes, position } = window;
  const { end, next, lineEnd } = found ?? { end: bytes.length, next: bytes.length, lineEnd: newline };
  window.lineEnd = lineEnd;
  const header = bytes.toString('utf8', position, end).trimEnd();
  const columns = header.replaceAll(/"[^"]*"/g, (quoted) => quoted.replaceAll(',', ' ')).split(',');
  if (columns[0]?.replaceAll('"', '') !== 'filename') {
    const start = bytes.length === 0 ? 'an empty file' : shown(columns.slice(0, 3).join(','));
    const message = `${window.path}: line 1: the header must be filename,v0,v1,...; found ${start}`;
    const isOther = /^"?filename"?[;\t|]/.test(columns[0] ?? '');
    const hint = isOther ? 'separate the columns by commas' : undefined;
    throw new GialloError('input-malformed', message, { hint });
  }
  // Unicode and old systems have other ends of lines: with them, all lines would be the header.
  if (found === undefined && /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u.test(header)) {
    const message = `${window.path}: line 1: lines must end in LF, CRLF or CR`;
    throw new GialloError('input-malformed', message);
  }
  window.position = next;
  return columns.length - 1;
}

interface HeaderEnd {
  readonly end: number;
  /** Where the next line begins. */
  readonly next: number;
  /** The last byte of a line's end. */
  readonly lineEnd: number;
}

/** Where the first line ends; undefined if these bytes do not tell, nor how lines end. */
function endOfHeader({ bytes, position, isAtEnd }: ByteWindow): HeaderEnd | undefined {
  const ends = [newline, carriageReturn].map((byte) => bytes.indexOf(byte, position)).filter((at) => at >= 0);
  if (ends.length === 0) return undefined;
  const end = Math.min(...ends);
  // Python's csv module writes CR CR LF on Windows if a file is opened without newline=''.
  let last = end;
  while (bytes[last] === carriageReturn && last < end + 2) last++;
  if (last === bytes.length && !isAtEnd) return undefined;
  if (bytes[last] === newline) return { end, next: last + 1, lineEnd: newline };
  return { end, next: end + 1, lineEnd: carriageReturn };
}

/** Where the field that begins at `start` ends; undefined if these bytes do not tell. */
function endOfField(bytes: Buffer, start: number, lineEnd: number): number | undefined {
  const opensQuoted = bytes[start] === quote;
  let isQuoted = opensQuoted;
  for (let at = opensQuoted ? start + 1 : start; at < bytes.length; at++) {
    const byte = bytes[at];
    // A doubled quote closes and opens again, which comes to the same.
    if (byte === quote && opensQuoted) isQuoted = !isQuoted;
    else if (!isQuoted && (byte === comma || byte === lineEnd)) return at;
  }
  return undefined;
}

function numberOf(text: string): number | 'out of range' | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
    const value = Math.fround(Number(text));
    return Number.isFinite(value) ? value : 'out of range';
  }
  const [, sign, word] = /^([+-]?)(nan|inf(?:inity)?)$/i.exec(text) ?? [];
  if (word === undefined) return undefined;
  if (word.toLowerCase() === 'nan') return Number.NaN;
  return sign === '-' ? -Infinity : Infinity;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
