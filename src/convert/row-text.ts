/**
 * Frames as lines of text in one growing buffer: what JSON and CSV have in common on their way out.
 */
import type { FileHandle } from 'node:fs/promises';
import { formatNumber, maxNumberLength } from './format-number.js';

const comma = 0x2c;

/** Text that is being put together; written and emptied block by block, so memory stays flat. */
export class RowText {
  #bytes = Buffer.allocUnsafeSlow(1 << 20);
  #length = 0;

  /** Appends text as UTF-8. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
  }

  /** Appends numbers with commas between them; `textOf` gives the text of those that are not finite. */
  numbers(values: Float32Array, textOf: (value: number, at: number) => string): void {
    this.#reserve(values.length * (maxNumberLength + 1));
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < values.length; i++) {
      if (i > 0) bytes[at++] = comma;
      const value = values[i];
      at = Number.isFinite(value)
        ? formatNumber(value, bytes, at)
        : at + bytes.write(textOf(value, i), at, 'latin1');
    }
    this.#length = at;
  }

  /** Writes what has been appended and begins anew. */
  async flush(file: FileHandle): Promise<void> {
    await file.writeFile(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
