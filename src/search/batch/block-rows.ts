/**
 * Blocks of films as threads hold them while they score them: with all vectors, or with all sketches and single
 * vectors.
 */
import { withFilm } from '../../collection/film.js';
import type { ReadingOptions } from '../../collection/film-arrays.js';
import { readAllRows } from '../../collection/held-rows.js';
import { catchGialloSync, GialloError } from '../../errors.js';
import { giveSpare, takeSpare } from '../../npz/spare-memory.js';
import { type Range, squaredNormRange } from '../../ranking/rows.js';
import { openFilmRows } from '../../search-index/film-rows.js';
import { openFilmSketches } from '../../search-index/film-sketches.js';
import { damaged } from '../../search-index/section-file.js';
import { vectorsChecksum } from '../film-profile.js';
import type { FilmSource, IndexedFiles, Sketches } from './batch-films.js';
import type { FilmBlock } from './film-block.js';

/** A block with its vectors. */
export interface BlockRows {
  readonly block: FilmBlock;
  /** [frames x dim], row-major. */
  readonly values: Float32Array;
  /** Bytes of memory. */
  readonly byteLength: number;
}

/** Sketches in memory, and rows that are read one at a time. */
interface SketchedRows extends Sketches {
  /** Reads a row into `target` [dim]. Errors: `index-damaged`, `file-unreadable`. */
  readRow(row: number, target: Float32Array): void;
  /** Bytes of memory. */
  readonly byteLength: number;
  close(): void;
}

/** A block with its sketches. */
export interface SketchedBlock extends SketchedRows {
  readonly block: FilmBlock;
  /** The least and the greatest n2 of its finite rows. */
  readonly squaredNormRange: Range;
}

/**
 * All vectors of a block. Errors: those of reading; `file-unreadable` for films that were replaced since they were
 * measured.
 */
export async function readBlock(block: FilmBlock, reading: ReadingOptions | undefined): Promise<BlockRows> {
  const values = new Float32Array(block.frames * block.dim);
  let at = 0;
  for (const film of block.films) {
    const vectors = await readVectors(film, reading);
    values.set(vectors, at);
    at += vectors.length;
  }
  return { block, values, byteLength: values.byteLength };
}

/**
 * All vectors of a film [frames x dim]: held ones, or from the search index, or from the archive. Errors: as
 * `readBlock`.
 */
export async function readVectors(
  { entry, checksum, vectors, indexed }: FilmSource,
  reading: ReadingOptions | undefined,
): Promise<Float32Array> {
  if (vectors) return vectors;
  const ofIndex = indexed && catchGialloSync(() => readIndexedVectors(indexed));
  if (ofIndex && !(ofIndex instanceof GialloError)) return ofIndex;
  return withFilm(entry, reading, async (film) => {
    const values = await readAllRows(film);
    if (vectorsChecksum(film, values) === checksum) return values;
    throw new GialloError(
      'file-unreadable',
      `${entry.path}: the vectors have changed since they were first read`,
      { hint: 'run the command again' },
    );
  });
}

/**
 * The vectors that the search index has; undefined if they are not of the film as it was measured. Errors:
 * `index-damaged`.
 */
function readIndexedVectors({ rows: path, fingerprint }: IndexedFiles): Float32Array | undefined {
  const rows = openFilmRows(path);
  try {
    if (rows?.meta.fingerprint !== fingerprint) return undefined;
    const values = new Float32Array(rows.meta.frames * rows.meta.dim);
    rows.readRows(0, values);
    return values;
  } finally {
    rows?.close();
  }
}

/** The id of the basis of a film's sketches; undefined if it has none. */
export function basisOf({ held, indexed }: FilmSource): string | undefined {
  return held ? 'held' : indexed?.basis;
}

/** A block whose films all have sketches on one basis. Errors: as `readBlock`; `index-damaged`. */
export async function openSketchedBlock(
  block: FilmBlock,
  reading: ReadingOptions | undefined,
): Promise<SketchedBlock> {
  const films: SketchedRows[] = [];
  const close = () => {
    for (const film of films) film.close();
  };
  try {
    for (const film of block.films) films.push(await openSketchedFilm(film, block.dim, reading));
    return { ...joinSketches(block, films), close };
  } catch (error) {
    close();
    throw error;
  }
}

function joinSketches(block: FilmBlock, films: readonly SketchedRows[]): Omit<SketchedBlock, 'close'> {
  const [{ width, delta }] = films;
  const firstRows = films.map(() => 0);
  const codes = films.length === 1 ? films[0].codes : new Int16Array(block.frames * width);
  const remainders = films.length === 1 ? films[0].remainders : new Float32Array(block.frames);
  if (films.length > 1) {
    let row = 0;
    for (const [place, film] of films.entries()) {
      firstRows[place] = row;
      codes.set(film.codes, row * width);
      remainders.set(film.remainders, row);
      row += film.remainders.length;
    }
  }
  return {
    block,
    codes,
    width,
    remainders,
    coding: films.reduce((largest, film) => Math.max(largest, film.coding), 0),
    delta,
    squaredNormRange: squaredNormRange(block.squaredNorms),
    byteLength: films.reduce((sum, { byteLength }) => sum + byteLength, 0),
    readRow(row, target) {
      const place = block.filmOf[row];
      films[place].readRow(row - firstRows[place], target);
    },
  };
}

async function openSketchedFilm(
  film: FilmSource,
  dim: number,
  reading: ReadingOptions | undefined,
): Promise<SketchedRows> {
  if (!film.held) return openIndexedFilm(film.indexed as IndexedFiles);
  const values = await readVectors(film, reading);
  return {
    ...film.held,
    readRow: (row, target) => target.set(values.subarray(row * dim, (row + 1) * dim)),
    byteLength: values.byteLength,
    close() {},
  };
}

/**
 * Opens a film by its index files: its sketches are read and checked, its rows file is opened when the first row is
 * read.
 */
function openIndexedFilm({ sketches: path, rows: rowsPath, fingerprint, delta }: IndexedFiles): SketchedRows {
  const sketches = openFilmSketches(path);
  if (!sketches) throw damaged(path, 'it is missing');
  let rows: ReturnType<typeof openFilmRows>;
  const openRows = () => {
    const opened = openFilmRows(rowsPath);
    if (opened?.meta.fingerprint !== fingerprint) {
      opened?.close();
      throw damaged(rowsPath, 'it was made from an earlier state of the film');
    }
    rows = opened;
    return rows;
  };
  try {
    const { frames, width, coding, fingerprint: found } = sketches.meta;
    if (found !== fingerprint) throw damaged(path, 'it is of another film');
    const byteLength = frames * width * Int16Array.BYTES_PER_ELEMENT;
    const memory = memoryFor(byteLength);
    const codes = new Int16Array(memory.buffer, 0, frames * width);
    sketches.readAllCodes(codes);
    return {
      codes,
      width,
      coding,
      delta,
      remainders: sketches.remainders(),
      readRow: (row, target) => (rows ?? openRows()).readRows(row, target),
      byteLength,
      close() {
        rows?.close();
        giveSpare(memory);
      },
    };
  } finally {
    sketches.close();
  }
}

/** Lengths are multiples of this, so that the memory of one film can be used for another with nearly as many frames. */
const lengthStep = 1 << 16;

/**
 * Memory of a film that was closed, or new memory. Blocks are opened for many tasks: as garbage, their memory would
 * pile up.
 */
function memoryFor(byteLength: number): Uint8Array<ArrayBuffer> {
  const length = Math.ceil(byteLength / lengthStep) * lengthStep;
  return takeSpare(length) ?? new Uint8Array(length);
}
