/** The sketches of a film against queries, block by block: products of codes, checked, and the rows that bounds leave. */
import { createBoundKernel, createTileKernel } from '../kernel/tiles.js';
import { pagesFor } from '../kernel/wasm.js';
import type { Basis } from './basis.js';
import { codeScale, commonSlack } from './bound.js';
import { checkKey, type FilmSketches, sketchesDamaged } from './film-sketches.js';
import type { QuerySketch } from './sketch.js';

/** Some rows of a film with their products; valid until the next block is asked for. */
export interface SketchBlock {
  /** The first of them in the film. */
  readonly firstRow: number;
  readonly rows: number;
  /** The rows, from 0 within the block, whose cosine with query number `query` may be `floor` or more. */
  reaching(query: number, floor: number): Int32Array;
  /** What the cosine of a row of the block with a query is at least and at most. NaN for rows that are not finite. */
  cosine(query: number, row: number): { readonly least: number; readonly most: number };
}

export interface SketchScanner {
  /** The blocks of a film. Errors: `index-damaged`, `file-unreadable`. */
  scan(sketches: FilmSketches): Generator<SketchBlock>;
}

/** Rows read and multiplied at once: with 128 codes each, a quarter of the second-level cache. */
const blockRows = 1024;
/** Of the first block: until floors are known every row reaches them. Each block after it has twice as many. */
const firstBlockRows = 64;
const scale = 1 / (codeScale * codeScale);

/** A scanner with memory for the queries, sketched along `basis`, and one block of rows. */
export function createSketchScanner(queries: readonly QuerySketch[], basis: Basis): SketchScanner {
  const width = basis.vectors.rows;
  const multiplied = [...queries.map(({ codes }) => codes), checkKey(width)];
  const place = layOut(multiplied.length, width);
  const memory = new WebAssembly.Memory(pagesFor(place.end));
  const { tile } = createTileKernel(memory);
  const { reaching, firstDifference } = createBoundKernel(memory);
  let rowsAtOnce = firstBlockRows;
  for (const [q, codes] of multiplied.entries()) {
    new Int16Array(memory.buffer, place.queries + q * width * 2, width).set(codes);
  }

  return {
    *scan(sketches) {
      const { frames, coding } = sketches.meta;
      const remainders = sketches.remainders();
      const checks = sketches.checks();
      const slacks = queries.map((query) => commonSlack(query, coding, basis.delta, basis.dim));
      for (let firstRow = 0, rows = 0; firstRow < frames; firstRow += rows) {
        rows = Math.min(rowsAtOnce, frames - firstRow);
        rowsAtOnce = Math.min(blockRows, rowsAtOnce * 2);
        const productsOf = (q: number) => place.products + q * Math.ceil(rows / 4) * 16;
        sketches.readCodes(firstRow, new Uint8Array(memory.buffer, place.codes, rows * width * 2));
        tile(place.queries, multiplied.length, place.codes, rows, width, place.products);
        new Int32Array(memory.buffer, place.checks, rows).set(checks.subarray(firstRow, firstRow + rows));
        const changed = firstDifference(productsOf(queries.length), place.checks, rows);
        if (changed >= 0) throw sketchesDamaged(sketches.path, firstRow + changed);
        const remaindersHere = remainders.subarray(firstRow, firstRow + rows);
        const products: Int32Array[] = [];
        new Float32Array(memory.buffer, place.remainders, rows).set(remaindersHere);
        yield {
          firstRow,
          rows,
          reaching(q, floor) {
            const { remainder } = queries[q];
            const at = productsOf(q);
            const count = reaching(
              at,
              place.remainders,
              rows,
              scale,
              remainder,
              slacks[q],
              floor,
              place.found,
            );
            return new Int32Array(memory.buffer, place.found, count);
          },
          cosine(q, row) {
            products[q] ??= new Int32Array(memory.buffer, productsOf(q), rows);
            const product = products[q][row] * scale;
            const slack = slacks[q] + queries[q].remainder * remaindersHere[row];
            return { least: product - slack, most: product + slack };
          },
        };
      }
    },
  };
}

/** Where things lie in a scanner's memory. The kernel works on rows in twos and fours, and may read past the last. */
function layOut(queryCount: number, width: number) {
  const even = Math.ceil(queryCount / 2) * 2;
  const queries = 0;
  const codes = queries + even * width * 2;
  const products = codes + (blockRows + 4) * width * 2;
  const checks = products + even * blockRows * 4;
  const remainders = checks + blockRows * 4;
  const found = remainders + blockRows * 4;
  return { queries, codes, products, checks, remainders, found, end: found + blockRows * 4 };
}
