/**
 * The heads of a collection's sketches, their first codes, in one file. A search over many films reads it in a few
 * large pieces. It then knows for each film how close its closest row can be, and opens only the films that can still
 * matter. Heads are made from the sketch files; those of a film are used only if they are of the film as it is now.
 *
 * | section | |
 * |---|---|
 * | heads | int16 [rows of all films x headWidth], each row checked by its product with a fixed key |
 * | remainders | float32 [rows], those of the heads |
 * | checks | int32 [rows], those products |
 */
import { join } from 'node:path';
import { catchGialloSync, GialloError } from '../errors.js';
import { type BasisMeta, readBasisMeta } from './basis-file.js';
import { codeScale, commonSlack, headRemainder, roundUpToFloat32, type SketchErrors } from './bound.js';
import {
  checkKey,
  checkOf,
  type FilmSketches,
  openFilmSketches,
  type SketchesMeta,
  sketchesDamaged,
} from './film-sketches.js';
import { filmPaths, removeIndexFile } from './index-files.js';
import { createMultiplier } from './scan-sketches.js';
import { openSectionFile } from './section-file.js';
import { createSectionFile } from './section-writer.js';
import type { QuerySketch } from './sketch.js';

/** Codes of a head. With 32 codes, a search opens one to thirty of a hundred films, measured on features of films. */
export const headWidth = 32;
/** Bytes of a row in the file: its head, remainder and check. */
export const headBytes = headWidth * 2 + 8;
/** Heads are made only of sketches at least this wide: to read others whole takes hardly longer. */
const leastWidth = 2 * headWidth;
/** With fewer films, heads are not worth a file, nor reading one. */
export const fewestHeadedFilms = 8;

/**
 * What the file says of a film: what its sketch file says, and the place of its first row among the rows of all films.
 */
export interface HeadedFilm {
  readonly meta: SketchesMeta;
  readonly firstRow: number;
}

interface HeadsMeta {
  readonly films: readonly HeadedFilm[];
}

const kind = 'heads';

function headsPath(folder: string): string {
  return join(folder, 'collection.heads');
}

/** Writes the heads of these films, as far as the index in `folder` has sketches of them. Errors: `file-unwritable`. */
export function writeHeads(folder: string, films: readonly string[]): void {
  const headed: HeadedFilm[] = [];
  let rows = 0;
  for (const film of films) {
    const meta = catchGialloSync(() => metaOf(folder, film));
    if (meta === undefined || meta instanceof GialloError || meta.basis === null) continue;
    if (meta.film !== film || meta.width < leastWidth || meta.frames === 0) continue;
    headed.push({ meta, firstRow: rows });
    rows += meta.frames;
  }
  const path = headsPath(folder);
  if (headed.length < fewestHeadedFilms) {
    removeIndexFile(path);
    return;
  }
  const before = catchGialloSync(() => openHeads(folder));
  if (!(before instanceof GialloError)) before?.close();
  if (!(before instanceof GialloError) && before && describe(before.films) === describe(headed)) return;
  writeFilms(folder, path, headed);
}

function metaOf(folder: string, film: string): SketchesMeta | undefined {
  const sketches = openFilmSketches(filmPaths(folder, film).sketches);
  sketches?.close();
  return sketches?.meta;
}

function describe(films: readonly HeadedFilm[]): string {
  return JSON.stringify(films);
}

/** Writes the file, or removes it if sketches turn out to be damaged. Errors: `file-unwritable`. */
function writeFilms(folder: string, path: string, films: readonly HeadedFilm[]): void {
  const writer = createSectionFile<HeadsMeta>(path, kind);
  const remainders: Float32Array[] = [];
  const checks: Int32Array[] = [];
  const deltas = new Map<string, number>();
  try {
    for (const { meta } of films) {
      const heads = catchGialloSync(() => headsOf(folder, meta, deltas));
      if (heads instanceof GialloError || heads === undefined) {
        removeIndexFile(path);
        return;
      }
      writer.append('heads', heads.codes, 'unchecked');
      remainders.push(heads.remainders);
      checks.push(heads.checks);
    }
    for (const piece of remainders) writer.append('remainders', piece);
    for (const piece of checks) writer.append('checks', piece);
    writer.finish({ films });
  } finally {
    writer.abandon();
  }
}

interface Heads {
  readonly codes: Int16Array<ArrayBuffer>;
  readonly remainders: Float32Array<ArrayBuffer>;
  readonly checks: Int32Array<ArrayBuffer>;
}

/**
 * The heads of a film's sketches; undefined if the sketch file is no longer that of `meta`. Errors: `index-damaged`.
 */
function headsOf(folder: string, meta: SketchesMeta, deltas: Map<string, number>): Heads | undefined {
  const sketches = openFilmSketches(filmPaths(folder, meta.film).sketches);
  try {
    const id = meta.basis as string;
    const delta = deltas.get(id) ?? readBasisMeta(folder, id)?.delta;
    if (!sketches || delta === undefined || JSON.stringify(sketches.meta) !== JSON.stringify(meta))
      return undefined;
    deltas.set(id, delta);
    return cutHeads(sketches, delta);
  } finally {
    sketches?.close();
  }
}

function cutHeads(sketches: FilmSketches, delta: number): Heads {
  const { frames, width, coding } = sketches.meta;
  const codes = new Int16Array(frames * width);
  sketches.readAllCodes(codes);
  const headKey = checkKey(headWidth);
  const heads = new Int16Array(frames * headWidth);
  const checks = new Int32Array(frames);
  const remainders = Float32Array.from(sketches.remainders(), (remainder, row) => {
    const restSquare = squareOf(codes, row * width + headWidth, (row + 1) * width);
    return roundUpToFloat32(headRemainder(remainder, restSquare, coding, delta));
  });
  for (let row = 0; row < frames; row++) {
    heads.set(codes.subarray(row * width, row * width + headWidth), row * headWidth);
    checks[row] = checkOf(heads, row, headKey);
  }
  return { codes: heads, remainders, checks };
}

function squareOf(codes: Int16Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += codes[i] * codes[i];
  return sum / (codeScale * codeScale);
}

/** The heads of a query's sketch. */
export function headOf(query: QuerySketch, delta: number): SketchErrors & { readonly codes: Int16Array } {
  const codes = query.codes.slice(0, headWidth);
  const restSquare = squareOf(query.codes, headWidth, query.codes.length);
  return {
    codes,
    length: Math.sqrt(squareOf(codes, 0, codes.length)),
    coding: query.coding,
    remainder: headRemainder(query.remainder, restSquare, query.coding, delta),
  };
}

/** How close the rows of a film can be to queries. */
export interface FilmReach {
  readonly film: HeadedFilm;
  /** For each query, the largest cosine that any row can have with it; minus infinity if no row is finite. */
  readonly most: Float64Array;
}

/** The file of heads, open. */
export interface SketchHeads {
  /** All films in the file. */
  readonly films: readonly HeadedFilm[];
  /** The film of this name, if the file has it with this fingerprint. */
  film(name: string, fingerprint: string): HeadedFilm | undefined;
  /**
   * The reach of films whose sketches are along `basis`, in the order of the file, which is read piece by piece.
   * Errors: `index-damaged`, `file-unreadable`.
   */
  reachOf(
    films: readonly HeadedFilm[],
    queries: readonly QuerySketch[],
    basis: BasisMeta,
  ): Generator<FilmReach>;
  close(): void;
}

/** Rows read and multiplied at once: a megabyte of heads; fewer where there are thousands of queries. */
function rowsAtOnce(queries: number): number {
  return Math.min(1 << 14, Math.max(1 << 10, Math.floor((1 << 22) / queries)));
}

/** Opens the heads of an index; undefined if there are none. Errors: `index-damaged`, `file-unreadable`. */
export function openHeads(folder: string): SketchHeads | undefined {
  const file = openSectionFile<HeadsMeta>(headsPath(folder), kind);
  if (!file) return undefined;
  const { films } = file.meta;
  const byName = new Map(films.map((film) => [film.meta.film, film]));
  const last = films.at(-1);
  const allRows = last ? last.firstRow + last.meta.frames : 0;
  return {
    films,
    film(name, fingerprint) {
      const film = byName.get(name);
      return film?.meta.fingerprint === fingerprint ? film : undefined;
    },
    *reachOf(asked, queries, { delta, dim }) {
      const heads = queries.map((query) => headOf(query, delta));
      const windowRows = Math.min(allRows, rowsAtOnce(heads.length));
      const multiplier = createMultiplier(
        heads.map(({ codes }) => codes),
        headWidth,
        windowRows,
      );
      const remainders = new Float32Array(file.read('remainders').buffer);
      const checks = new Int32Array(file.read('checks').buffer);
      let [start, end] = [0, 0];
      const load = (row: number) => {
        [start, end] = [row, Math.min(row + windowRows, allRows)];
        const changed = multiplier.multiply(
          (codes) => file.readInto('heads', row * headWidth * 2, codes),
          remainders.subarray(start, end),
          checks.subarray(start, end),
        );
        if (changed >= 0) throw sketchesDamaged(file.path, start + changed);
      };
      for (const film of [...asked].sort((a, b) => a.firstRow - b.firstRow)) {
        const { frames, coding } = film.meta;
        const slacks = heads.map((head) => commonSlack(head, coding, delta, dim));
        const most = new Float64Array(queries.length).fill(Number.NEGATIVE_INFINITY);
        for (let row = film.firstRow, rows = 0; row < film.firstRow + frames; row += rows) {
          if (row < start || row >= end) load(row);
          rows = Math.min(end, film.firstRow + frames) - row;
          for (const [q, { remainder }] of heads.entries())
            most[q] = Math.max(most[q], multiplier.highest(q, remainder, slacks[q], row - start, rows));
        }
        yield { film, most };
      }
    },
    close: () => file.close(),
  };
}

/** Removes the file, if it can be removed. */
export function removeHeads(folder: string): void {
  catchGialloSync(() => removeIndexFile(headsPath(folder)));
}
