/**
 * A file seen through a window of bytes that moves on as it is used: what a reader of text of any size stands on. The
 * window grows where one record does not fit.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { fileError, GialloError } from '../errors.js';

const readLength = 1 << 20;
/** A record that is longer is no record: without an end to it, a whole file would be read into memory. */
const maxLength = 1 << 26;

export interface WindowOptions {
  /** A file that does not end in a newline appears to. */
  readonly endsInNewline?: boolean;
}

export class ByteWindow {
  readonly path: string;
  readonly #endsInNewline: boolean;
  readonly #file: FileHandle;
  #bytes = Buffer.allocUnsafeSlow(2 * readLength);
  #end = 0;
  #offset = 0;
  #isAtEnd = false;
  #isClosed = false;
  /** The first byte not yet used, as a position in `bytes`. */
  position = 0;

  private constructor(path: string, file: FileHandle, { endsInNewline = false }: WindowOptions) {
    this.path = path;
    this.#file = file;
    this.#endsInNewline = endsInNewline;
  }

  /** Opens a file and reads its first bytes; a byte order mark is passed over. Errors: `file-unreadable`. */
  static async open(path: string, options: WindowOptions = {}): Promise<ByteWindow> {
    const file = await open(path).catch((error: unknown) => {
      throw fileError('read', path, error);
    });
    const window = new ByteWindow(path, file, options);
    try {
      await window.more();
    } catch (error) {
      await window.close();
      throw error;
    }
    if (window.bytes.subarray(0, 3).equals(byteOrderMark)) window.position = 3;
    return window;
  }

  /** What is in the window; valid until `more`. Bytes before `position` have been used. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Whether a read has found the end of the file: nothing comes after `bytes`. */
  get isAtEnd(): boolean {
    return this.#isAtEnd;
  }

  /** Where in the file a position of the window lies. */
  fileOffset(position: number): number {
    return this.#offset + position;
  }

  /**
   * Lets go of used bytes and reads further; positions change. Errors: `file-unreadable`; `input-malformed` where
   * what begins at `position` does not end within 64 MiB.
   */
  async more(): Promise<void> {
    this.#bytes.copyWithin(0, this.position, this.#end);
    this.#offset += this.position;
    this.#end -= this.position;
    this.position = 0;
    if (this.#end > maxLength) {
      const message = `${this.path}: byte ${this.#offset}: a frame of at most 64 MiB was expected, found no end to it`;
      throw new GialloError('input-malformed', message);
    }
    if (this.#bytes.length - this.#end < readLength) {
      const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    try {
      const { bytesRead } = await this.#file.read(this.#bytes, this.#end, readLength);
      this.#end += bytesRead;
      this.#isAtEnd = bytesRead === 0;
      if (this.#isAtEnd && this.#endsInNewline) this.#addNewline();
    } catch (error) {
      throw fileError('read', this.path, error);
    }
  }

  #addNewline(): void {
    if (this.#end > 0 && this.#bytes[this.#end - 1] !== newline) this.#bytes[this.#end++] = newline;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#file.close();
  }
}

const newline = 0x0a;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);
