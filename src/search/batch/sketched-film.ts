/** A film of the search index as a pair task needs it: all of its sketches, and its rows one at a time. */
import { squaredNormRange } from '../../ranking/rows.js';
import type { Range } from '../../search-index/bound.js';
import { openFilmRows } from '../../search-index/film-rows.js';
import { checkKey, checkOf, openFilmSketches, sketchesDamaged } from '../../search-index/film-sketches.js';
import { damaged } from '../../search-index/section-file.js';
import type { HeldSketches, IndexedFiles } from './pair-task.js';
import type { StoredRows } from './row-store.js';
import type { FilmRows } from './score-pairs.js';
import type { Codes } from './sketch-tiles.js';

export interface SketchedFilm extends StoredRows, Codes {
  /** At least what the basis leaves out of each row; NaN for rows that are not finite. */
  readonly remainders: Float32Array;
  /** The largest of `remainders`. */
  readonly largestRemainder: number;
  /** The largest coding error of the rows. */
  readonly coding: number;
  /** The least and the greatest n2 of its finite rows. */
  readonly squaredNormRange: Range;
  close(): void;
}

/** Opens a film's files and checks its codes. Errors: `index-damaged`, `file-unreadable`. */
export function openSketchedFilm(files: IndexedFiles): SketchedFilm {
  const sketches = openFilmSketches(files.sketches);
  if (!sketches) throw damaged(files.sketches, 'found none');
  const rows = openFilmRows(files.rows);
  if (!rows) throw damaged(files.rows, 'found none');
  try {
    for (const found of [sketches.meta, rows.facts]) {
      if (found.fingerprint !== files.fingerprint) throw damaged(files.rows, 'found that of another film');
    }
    const { frames, dim, width, coding, squaredNorms } = sketches.meta;
    const codes = new Int16Array(frames * width);
    sketches.readCodes(0, new Uint8Array(codes.buffer));
    requireChecks(codes, width, sketches.checks(), files.sketches);
    const remainders = sketches.remainders();
    return {
      frames,
      dim,
      codes,
      width,
      coding,
      remainders,
      largestRemainder: largestOf(remainders),
      squaredNorms: rows.squaredNorms(),
      squaredNormRange: { least: squaredNorms.least, most: squaredNorms.most },
      readRow: (row, target) => rows.readRows(row, target),
      close: () => rows.close(),
    };
  } finally {
    sketches.close();
  }
}

/** A film whose sketches and rows are in memory. */
export function joinSketchedFilm(held: HeldSketches, rows: FilmRows): SketchedFilm {
  const { frames, dim, values, squaredNorms } = rows;
  return {
    ...held,
    frames,
    dim,
    largestRemainder: largestOf(held.remainders),
    squaredNorms,
    squaredNormRange: squaredNormRange(squaredNorms),
    readRow: (row, target) => target.set(values.subarray(row * dim, (row + 1) * dim)),
    close() {},
  };
}

/** NaN left out. */
function largestOf(remainders: Float32Array): number {
  return remainders.reduce((largest, value) => (value > largest ? value : largest), 0);
}

function requireChecks(codes: Int16Array, width: number, checks: Int32Array, path: string): void {
  const key = checkKey(width);
  for (const [row, check] of checks.entries()) {
    if (checkOf(codes, row, key) !== check) throw sketchesDamaged(path, row);
  }
}
