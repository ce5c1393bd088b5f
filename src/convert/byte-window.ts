/**
 * A window that moves through the bytes of a file or a pipe as they are used, for readers of text of any size. It grows
 * if a record does not fit.
 */
import { statSync } from 'node:fs';
import { fileError, GialloError } from '../errors.js';
import { streamAt } from '../files/input-stream.js';
import { OpenFile } from '../files/open-files.js';
import { otherFormatError } from '../npz/other-formats.js';
import { isUtf16, notUtf8 } from '../npz/text-file.js';

const readLength = 1 << 20;
/** Longer records are refused: if a record had no end, the whole file would be read into memory. */
const maxLength = 1 << 26;

/** The window; close it when the file has been read. */
export class ByteWindow {
  readonly path: string;
  /** A file, or the pieces that come from a pipe or a device. */
  readonly #source: OpenFile | AsyncIterator<Buffer>;
  #bytes = Buffer.allocUnsafeSlow(2 * readLength);
  #end = 0;
  #offset = 0;
  #isAtEnd = false;
  /** The first byte not yet used, as a position in `bytes`. */
  position = 0;
  /**
   * The byte that ends a line, which is added to a file that does not end with it. Undefined if lines have no meaning.
   */
  lineEnd: number | undefined;

  private constructor(path: string, source: OpenFile | AsyncIterator<Buffer>) {
    this.path = path;
    this.#source = source;
  }

  /**
   * Opens a file, or a pipe, and reads its first bytes; a byte order mark is skipped. The signal ends the waiting for
   * what a pipe brings. Errors: `file-unreadable`; `input-malformed` for UTF-16, and for files of other formats.
   */
  static async open(path: string, signal?: AbortSignal): Promise<ByteWindow> {
    const source = await sourceAt(path, signal).catch((error: unknown) => {
      throw fileError('read', path, error);
    });
    const window = new ByteWindow(path, source);
    try {
      await window.more();
      const not = `${path}: not CSV or JSON, but`;
      const error = otherFormatError('input-malformed', not, window.bytes, 'JSON');
      if (error) throw error;
      if (window.bytes.subarray(0, 3).equals(byteOrderMark)) window.position = 3;
      if (isUtf16(window.bytes)) throw notUtf8('input-malformed', path, window.bytes);
    } catch (error) {
      window.close();
      throw error;
    }
    return window;
  }

  /** The bytes in the window; valid until `more`. Those before `position` have been used. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Whether a read has found the end of the file: nothing comes after `bytes`. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Bytes of the file that have been used. */
  get usedBytes(): number {
    return this.fileOffset(this.position);
  }

  /** The offset in the file of a position in `bytes`. */
  fileOffset(position: number): number {
    return this.#offset + position;
  }

  /**
   * Drops used bytes and reads more; positions change. Errors: `file-unreadable`, also if the file has changed since it
   * was opened; `input-malformed` if the record that begins at `position` does not end within 64 MiB.
   */
  async more(): Promise<void> {
    this.#bytes.copyWithin(0, this.position, this.#end);
    this.#offset += this.position;
    this.#end -= this.position;
    this.position = 0;
    if (this.#end > maxLength) {
      const message = `${this.path}: byte ${this.#offset}: a frame is longer than 64 MiB, or has no end`;
      throw new GialloError('input-malformed', message);
    }
    if (this.#bytes.length - this.#end < readLength) {
      const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    try {
      const bytesRead = await this.#read();
      this.#end += bytesRead;
      this.#isAtEnd = bytesRead === 0;
      // A file that is written while it is read would give a mix of old and new frames.
      if (this.#isAtEnd && this.#source instanceof OpenFile) await this.#source.requireUnchanged();
    } catch (error) {
      throw fileError('read', this.path, error);
    }
    if (this.#isAtEnd) this.#endLine();
  }

  close(): void {
    if (this.#source instanceof OpenFile) this.#source.close();
    else void this.#source.return?.();
  }

  /** Appends the next bytes to the window, and returns how many there were. */
  async #read(): Promise<number> {
    if (this.#source instanceof OpenFile)
      return this.#source.read(this.#bytes, this.#end, readLength, this.#offset + this.#end);
    const { value, done } = await this.#source.next();
    // Pieces of a stream are shorter than `readLength`.
    return done ? 0 : value.copy(this.#bytes, this.#end);
  }

  #endLine(): void {
    if (this.lineEnd === undefined || this.#end === 0) return;
    if (this.#bytes[this.#end - 1] !== this.lineEnd) this.#bytes[this.#end++] = this.lineEnd;
  }
}

async function sourceAt(path: string, signal?: AbortSignal): Promise<OpenFile | AsyncIterator<Buffer>> {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return OpenFile.open(path);
  return (await streamAt(path, signal))[Symbol.asyncIterator]();
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
