/**
 * The sketch file of a film. It is separate from the rows file: a search reads all sketches of a film and few of its
 * rows. When the basis changes, it is made again from the rows.
 *
 * | section | |
 * |---|---|
 * | codes | int16 [frames x width], each row also checked by its product with a fixed key |
 * | remainders | float32 [frames] |
 * | checks | int32 [frames], those products |
 */
import type { Range } from '../ranking/rows.js';
import type { FilmMeta } from './film-rows.js';
import { damaged, openSectionFile } from './section-file.js';

/** What a sketch file says of its film. */
export interface SketchesMeta extends FilmMeta {
  /** Id of the basis; null for a film without frames. */
  readonly basis: string | null;
  readonly width: number;
  /** The least and the greatest n2 of its finite rows. */
  readonly squaredNorms: Range;
  /** The largest coding error of its rows. */
  readonly coding: number;
  /**
   * The mean of the squared remainders of rows that have a direction, to compare with that of `Basis`; 0 without such
   * rows.
   */
  readonly leftover: number;
}

/** The kind of sketch files. */
export const sketchesKind = 'sketches';

/** A sketch file, open; errors of its methods: `index-damaged`, `file-unreadable`. */
export interface FilmSketches {
  readonly path: string;
  readonly byteLength: number;
  readonly meta: SketchesMeta;
  /** [frames]: 0 for all-zero rows, NaN for rows that are not finite. */
  remainders(): Float32Array;
  /** [frames]: the product of each row's codes with `checkKey`, in int32 that wraps. */
  checks(): Int32Array;
  /** Reads all codes into `target` [frames x width], and checks them. */
  readAllCodes(target: Int16Array<ArrayBuffer>): void;
  /** Reads the codes of the rows from `first` on until `target` is full. The caller compares them with `checks`. */
  readCodes(first: number, target: Uint8Array): void;
  /** Reads the whole file. Errors: `index-damaged` if any of it is damaged. */
  check(): void;
  close(): void;
}

/** Opens a sketch file; undefined if there is none. Errors: `index-damaged`, `file-unreadable`. */
export function openFilmSketches(path: string): FilmSketches | undefined {
  const file = openSectionFile<SketchesMeta>(path, sketchesKind);
  if (!file) return undefined;
  const { meta, byteLength } = file;
  const { frames, width } = meta;
  return {
    path,
    byteLength,
    meta,
    remainders: () => new Float32Array(file.read('remainders').buffer),
    checks: () => new Int32Array(file.read('checks').buffer),
    readAllCodes({ buffer, byteOffset, byteLength: length }) {
      file.read('codes', new Uint8Array(buffer, byteOffset, length));
    },
    readCodes: (first, target) => file.readInto('codes', first * width * 2, target),
    check() {
      if (frames * width > 0) file.read('codes');
      file.read('remainders');
      file.read('checks');
    },
    close: () => file.close(),
  };
}

/**
 * The key [width] that checks rows of codes: the check of a row is the product of its codes with the key. The numbers
 * of the key are odd, so that the change of a single code always shows; and they are pseudo-random, so that other
 * damage goes unnoticed once in 2^32 cases. The kernel multiplies the key like one more query: since it takes queries
 * in twos, this often costs nothing.
 */
export function checkKey(width: number): Int16Array {
  let state = 0x2545f491;
  return Int16Array.from({ length: width }, () => {
    state = Math.imul(state, 0x915f77f5) + 0x3c6ef35f;
    return (state >> 16) | 1;
  });
}

/** The product of a row of codes [rows x key.length] with the key, in int32 that wraps. */
export function checkOf(codes: Int16Array, row: number, key: Int16Array): number {
  let sum = 0;
  const first = row * key.length;
  for (let i = 0; i < key.length; i++) sum = (sum + Math.imul(codes[first + i], key[i])) | 0;
  return sum;
}

/** The error for a row of codes whose check is wrong. */
export function sketchesDamaged(path: string, row: number): Error {
  return damaged(path, `the codes of row ${row} were changed`);
}
