/** The products of queries' sketches with those of all rows of a film, checked as they are made. */
import { createTileKernel } from '../kernel/tiles.js';
import { pagesFor } from '../kernel/wasm.js';
import { checkKey, type FilmSketches, sketchesDamaged } from './film-sketches.js';
import type { QuerySketch } from './sketch.js';

export interface SketchScanner {
  /**
   * For each query its integer product with each row's codes, [frames]. Errors: `index-damaged`, `file-unreadable`.
   */
  scan(sketches: FilmSketches): readonly Int32Array[];
}

/** Rows read and multiplied at once: with 128 codes each, a quarter of the second-level cache. */
const blockRows = 1024;

/** A scanner with memory for the queries and one block of rows. All have codes of `width` numbers. */
export function createSketchScanner(queries: readonly QuerySketch[], width: number): SketchScanner {
  const key = checkKey(width);
  const multiplied = [...queries.map(({ codes }) => codes), key];
  const evenCount = Math.ceil(multiplied.length / 2) * 2;
  const block = evenCount * width * 2;
  const out = block + (blockRows + 4) * width * 2;
  const memory = new WebAssembly.Memory(pagesFor(out + evenCount * blockRows * 4));
  const { tile } = createTileKernel(memory);
  for (const [q, codes] of multiplied.entries())
    new Int16Array(memory.buffer, q * width * 2, width).set(codes);

  return {
    scan(sketches) {
      const { frames } = sketches.meta;
      const checks = sketches.checks();
      const products = queries.map(() => new Int32Array(frames));
      for (let first = 0; first < frames; first += blockRows) {
        const rows = Math.min(blockRows, frames - first);
        sketches.readCodes(first, new Uint8Array(memory.buffer, block, rows * width * 2));
        tile(0, multiplied.length, block, rows, width, out);
        const stride = Math.ceil(rows / 4) * 4;
        const productsOf = (q: number) => new Int32Array(memory.buffer, out + q * stride * 4, rows);
        const found = productsOf(queries.length);
        for (let row = 0; row < rows; row++) {
          if (found[row] !== checks[first + row]) throw sketchesDamaged(sketches.path, first + row);
        }
        for (let q = 0; q < queries.length; q++) products[q].set(productsOf(q), first);
      }
      return products;
    },
  };
}
