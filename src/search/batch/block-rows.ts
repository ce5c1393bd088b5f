/** Blocks of films as threads score them: with all vectors in memory, or with sketches and single vectors to read. */
import { withFilm } from '../../collection/film.js';
import type { ReadingOptions } from '../../collection/film-arrays.js';
import { readAllRows } from '../../collection/held-rows.js';
import { catchGialloSync, GialloError } from '../../errors.js';
import { type Range, squaredNormRange } from '../../ranking/rows.js';
import { openFilmRows } from '../../search-index/film-rows.js';
import { openFilmSketches } from '../../search-index/film-sketches.js';
import { damaged } from '../../search-index/section-file.js';
import { vectorsChecksum } from '../film-profile.js';
import type { FilmSource, IndexedFiles, WhatSketchesLeave } from './batch-films.js';
import type { FilmBlock } from './film-block.js';

/** A block with its vectors. */
export interface BlockRows {
  readonly block: FilmBlock;
  /** [frames x dim], row-major. */
  readonly values: Float32Array;
  /** Bytes of memory. */
  readonly byteLength: number;
}

/** A film or a block whose sketches and rows are read when they are needed. Errors of reading: `index-damaged`, `file-unreadable`. */
interface SketchedRows {
  /** Codes of a row. */
  readonly width: number;
  /** Reads all codes into `codes` [frames x width]. */
  readSketches(codes: Int16Array<ArrayBuffer>): WhatSketchesLeave;
  /** Reads a row into `target` [dim]. */
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

/** A block whose films all have sketches on one basis. Errors: as `readBlock`. */
export async function openSketchedBlock(
  block: FilmBlock,
  reading: ReadingOptions | undefined,
): Promise<SketchedBlock> {
  const films: SketchedRows[] = [];
  for (const film of block.films) films.push(await openSketchedFilm(film, block.dim, reading));
  const [{ width }] = films;
  let first = 0;
  const firstRows = block.films.map(({ frames }) => {
    first += frames;
    return first - frames;
  });
  return {
    block,
    width,
    squaredNormRange: squaredNormRange(block.squaredNorms),
    byteLength: films.reduce((sum, { byteLength }) => sum + byteLength, 0),
    readSketches(codes) {
      const remainders = new Float32Array(block.frames);
      const left = films.map((film, place) => {
        const [from, end] = [firstRows[place], firstRows[place] + block.films[place].frames];
        const ofFilm = film.readSketches(codes.subarray(from * width, end * width));
        remainders.set(ofFilm.remainders, from);
        return ofFilm;
      });
      return { remainders, coding: Math.max(...left.map(({ coding }) => coding)), delta: left[0].delta };
    },
    readRow(row, target) {
      const place = block.filmOf[row];
      films[place].readRow(row - firstRows[place], target);
    },
    close() {
      for (const film of films) film.close();
    },
  };
}

async function openSketchedFilm(
  film: FilmSource,
  dim: number,
  reading: ReadingOptions | undefined,
): Promise<SketchedRows> {
  const { held } = film;
  if (!held) return openIndexedFilm(film.indexed as IndexedFiles);
  const values = await readVectors(film, reading);
  return {
    width: held.width,
    readSketches(codes) {
      codes.set(held.codes);
      return held;
    },
    readRow: (row, target) => target.set(values.subarray(row * dim, (row + 1) * dim)),
    byteLength: values.byteLength,
    close() {},
  };
}

/** A film by its index files. The rows file is opened when the first row is read. */
function openIndexedFilm(indexed: IndexedFiles): SketchedRows {
  let rows: ReturnType<typeof openFilmRows>;
  const openRows = () => {
    const opened = openFilmRows(indexed.rows);
    if (opened?.meta.fingerprint !== indexed.fingerprint) {
      opened?.close();
      throw damaged(indexed.rows, 'it was made from an earlier state of the film');
    }
    rows = opened;
    return rows;
  };
  return {
    width: indexed.width,
    readSketches: (codes) => readIndexedSketches(indexed, codes),
    readRow: (row, target) => (rows ?? openRows()).readRows(row, target),
    byteLength: 0,
    close: () => rows?.close(),
  };
}

/** Reads the sketches of a film from the index, all codes into `codes`. Errors: `index-damaged`, `file-unreadable`. */
function readIndexedSketches(
  { sketches: path, fingerprint, basis, delta }: IndexedFiles,
  codes: Int16Array<ArrayBuffer>,
): WhatSketchesLeave {
  const sketches = openFilmSketches(path);
  if (!sketches) throw damaged(path, 'it is missing');
  try {
    const { meta } = sketches;
    if (meta.fingerprint !== fingerprint) throw damaged(path, 'it is of another film');
    if (meta.basis !== basis) throw damaged(path, 'it is on another basis');
    sketches.readAllCodes(codes);
    return { remainders: sketches.remainders(), coding: meta.coding, delta };
  } finally {
    sketches.close();
  }
}
