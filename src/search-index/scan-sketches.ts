/**
 * Multiplies the sketches of a film by those of queries, block by block, and finds the rows whose bounds reach a floor.
 */
import { createTileKernel } from '../kernel/tiles.js';
import { pagesFor } from '../kernel/wasm.js';
import type { Range } from '../ranking/rows.js';
import type { BasisMeta } from './basis-file.js';
import { codeScale, commonSlack } from './bound.js';
import { checkKey, type FilmSketches, sketchesDamaged } from './film-sketches.js';
import type { QuerySketch } from './sketch.js';

/** Some rows of a film with their products; valid until the next block is asked for. */
export interface SketchBlock {
  /** The index of the first row in the film. */
  readonly firstRow: number;
  readonly rows: number;
  /** The rows, counted within the block, whose cosine with query number `query` may be `floor` or more. */
  reaching(query: number, floor: number): Int32Array;
  /** The range of the cosine of a row of the block with a query; NaN for rows that are not finite. */
  cosine(query: number, row: number): Range;
}

export interface SketchScanner {
  /** The blocks of a film. Errors: `index-damaged`, `file-unreadable`. */
  scan(sketches: FilmSketches): Generator<SketchBlock>;
}

/** Rows read and multiplied at once: with 256 codes each, a quarter of a megabyte. */
const blockRows = 512;
/**
 * The first block has few rows, since every row reaches a floor that is not known yet. Each later block has twice as
 * many.
 */
const firstBlockRows = 64;
const scale = 1 / (codeScale * codeScale);

/** A scanner with memory for the queries, sketched along `basis`, and one block of rows. */
export function createSketchScanner(queries: readonly QuerySketch[], basis: BasisMeta): SketchScanner {
  const { width } = basis;
  const multiplier = createMultiplier(
    queries.map(({ codes }) => codes),
    width,
    blockRows,
  );
  let rowsAtOnce = firstBlockRows;

  return {
    *scan(sketches) {
      const { frames, coding } = sketches.meta;
      const remainders = sketches.remainders();
      const checks = sketches.checks();
      const slacks = queries.map((query) => commonSlack(query, coding, basis.delta, basis.dim));
      for (let firstRow = 0, rows = 0; firstRow < frames; firstRow += rows) {
        rows = Math.min(rowsAtOnce, frames - firstRow);
        rowsAtOnce = Math.min(blockRows, rowsAtOnce * 2);
        const remaindersHere = remainders.subarray(firstRow, firstRow + rows);
        const changed = multiplier.multiply(
          (codes) => sketches.readCodes(firstRow, codes),
          remaindersHere,
          checks.subarray(firstRow, firstRow + rows),
        );
        if (changed >= 0) throw sketchesDamaged(sketches.path, firstRow + changed);
        const products: Int32Array[] = [];
        yield {
          firstRow,
          rows,
          reaching: (q, floor) => multiplier.reaching(q, queries[q].remainder, slacks[q], floor),
          cosine(q, row) {
            products[q] ??= multiplier.products(q);
            const product = products[q][row] * scale;
            const slack = slacks[q] + queries[q].remainder * remaindersHere[row];
            return { least: product - slack, most: product + slack };
          },
        };
      }
    },
  };
}

/**
 * Multiplies rows of codes by queries. The upper bound of a row's cosine with a query is
 * product + (slack + slope * remainder of the row), where the slope is the remainder of the query.
 */
interface Multiplier {
  /**
   * Multiplies the next rows, as many as there are `checks`; `readCodes` fills the given memory with their codes.
   * Returns the first row whose codes do not have their check, or -1.
   */
  multiply(readCodes: (codes: Uint8Array) => void, remainders: Float32Array, checks: Int32Array): number;
  /** The rows whose bound is `floor` or more; valid until the next call. */
  reaching(query: number, slope: number, slack: number, floor: number): Int32Array;
  /** The highest bound of `rows` rows from `first` on; minus infinity if all are NaN. */
  highest(query: number, slope: number, slack: number, first: number, rows: number): number;
  /** The products of the codes of all rows with those of a query: `codeScale` squared times those of the vectors. */
  products(query: number): Int32Array;
}

/** A multiplier for queries of `width` codes, with memory for `maxRows` rows at once. */
export function createMultiplier(queries: readonly Int16Array[], width: number, maxRows: number): Multiplier {
  const multiplied = [...queries, checkKey(width)];
  const place = layOut(multiplied.length, width, maxRows);
  const memory = new WebAssembly.Memory(pagesFor(place.end));
  const kernel = createTileKernel(memory);
  for (const [q, codes] of multiplied.entries()) {
    new Int16Array(memory.buffer, place.queries + q * width * 2, width).set(codes);
  }
  let rows = 0;
  const productsOf = (q: number) => place.products + q * Math.ceil(rows / 4) * 16;

  return {
    multiply(readCodes, remainders, checks) {
      rows = checks.length;
      readCodes(new Uint8Array(memory.buffer, place.codes, rows * width * 2));
      kernel.tile(place.queries, multiplied.length, place.codes, rows, width, place.products);
      new Float32Array(memory.buffer, place.remainders, rows).set(remainders);
      new Int32Array(memory.buffer, place.checks, rows).set(checks);
      return kernel.firstDifference(productsOf(queries.length), place.checks, rows);
    },
    reaching(q, slope, slack, floor) {
      const { remainders, found } = place;
      const count = kernel.reaching(productsOf(q), remainders, rows, scale, slope, slack, floor, found);
      return new Int32Array(memory.buffer, found, count);
    },
    highest(q, slope, slack, first, count) {
      const [products, remainders] = [productsOf(q) + first * 4, place.remainders + first * 4];
      return kernel.highest(products, remainders, count, scale, slope, slack);
    },
    products: (q) => new Int32Array(memory.buffer, productsOf(q), rows),
  };
}

/**
 * Byte addresses in a multiplier's memory. The kernel takes queries in twos and rows in fours, and may read past the
 * last.
 */
function layOut(queryCount: number, width: number, mostRows: number) {
  const even = Math.ceil(queryCount / 2) * 2;
  // The products of a query follow those of the query before, and their number is a multiple of four.
  const maxRows = Math.ceil(mostRows / 4) * 4;
  const queries = 0;
  const codes = queries + even * width * 2;
  const products = codes + (maxRows + 4) * width * 2;
  const checks = products + even * maxRows * 4;
  const remainders = checks + maxRows * 4;
  const found = remainders + maxRows * 4;
  return { queries, codes, products, checks, remainders, found, end: found + maxRows * 4 };
}
