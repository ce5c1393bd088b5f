/**
 * The sketches of two films, multiplied tile by tile by the kernel, which gives out what reaches thresholds alone; and what
 * the products say of the closeness of rows.
 */
import { createTileKernel } from '../../kernel/tiles.js';
import { pageBytes, pagesFor } from '../../kernel/wasm.js';
import type { Metric } from '../../ranking/metric.js';
import { isFiniteRow } from '../../ranking/rows.js';
import {
  areFloatsSafe,
  closenessRange,
  codeScale,
  commonSlack,
  cosineFloor,
  floatSlack,
} from '../../search-index/bound.js';
import type { SketchedBlock } from './block-rows.js';

/** The sketches of a block of films. */
export interface Codes {
  readonly block: { readonly frames: number };
  /** int16 [frames x width], row-major. */
  readonly codes: Int16Array;
  readonly width: number;
}

/** The order in which the rows of a block are laid: the row of each place. */
export type RowOrder = Int32Array;

/** A tile's rows: so many places from the first on. */
export interface Tile {
  readonly firstA: number;
  readonly rowsA: number;
  readonly firstB: number;
  readonly rowsB: number;
}

export interface SketchTiles {
  /** The least product that counts, by place; what is set takes effect with the next tile. */
  readonly thresholdsA: Int32Array;
  readonly thresholdsB: Int32Array;
  /**
   * In the order in which they are best taken. Of a film with itself they have each pair once at least, and those along
   * the diagonal come first: frames of one shot, which give all rows thresholds that few others reach.
   */
  readonly tiles: readonly Tile[];
  /** Calls `take` with the pairs of rows of a tile whose product reaches the threshold of either. */
  multiply(tile: Tile, take: (rowA: number, rowB: number, product: number) => void): void;
}

/** Rows of a tile: its `b` side stays in the second-level cache, its `a` side in the first. */
const mostRowsA = 64;
const mostRowsB = 512;
/** The first tiles of a row are small: they give it a threshold for the others. */
const leastRowsB = 64;

export interface SketchTiler {
  /**
   * The tiles of two blocks of one width, until the next are laid; of the same object, with the same order, the codes are
   * held once.
   */
  lay(a: Codes, orderA: RowOrder, b: Codes, orderB: RowOrder): SketchTiles;
}

/** A tiler with memory of its own, which grows with the films. */
export function createSketchTiler(): SketchTiler {
  const memory = new WebAssembly.Memory(pagesFor(0));
  const { survivors } = createTileKernel(memory);
  return {
    lay(a, orderA, b, orderB) {
      const { width } = a;
      const [framesA, framesB] = [a.block.frames, b.block.frames];
      const rowBytes = width * 2;
      const startB = a === b ? 0 : aligned(framesA * rowBytes);
      const ofA = aligned(startB + framesB * rowBytes);
      const ofB = aligned(ofA + framesA * 4);
      const scratch = aligned(ofB + framesB * 4);
      const out = aligned(scratch + (mostRowsA + 1) * 16);
      const missing =
        pagesFor(out + 12 * mostRowsA * mostRowsB).initial - memory.buffer.byteLength / pageBytes;
      if (missing > 0) memory.grow(missing);
      layCodes(a, orderA, new Int16Array(memory.buffer, 0, a.codes.length));
      if (a !== b) layCodes(b, orderB, new Int16Array(memory.buffer, startB, b.codes.length));
      const written = new Int32Array(memory.buffer, out, 3 * mostRowsA * mostRowsB);
      return {
        thresholdsA: new Int32Array(memory.buffer, ofA, framesA),
        thresholdsB: new Int32Array(memory.buffer, ofB, framesB),
        tiles: layTiles(framesA, framesB, a === b),
        multiply({ firstA, rowsA, firstB, rowsB }, take) {
          const rowA = firstA * rowBytes;
          const rowB = startB + firstB * rowBytes;
          const [atA, atB] = [ofA + firstA * 4, ofB + firstB * 4];
          const count = survivors(rowA, rowsA, atA, rowB, rowsB, atB, width, scratch, out);
          for (let at = 0; at < count * 3; at += 3) {
            take(orderA[firstA + written[at]], orderB[firstB + written[at + 1]], written[at + 2]);
          }
        },
      };
    },
  };
}

function layCodes({ codes, width }: Codes, order: RowOrder, target: Int16Array): void {
  for (let place = 0; place < order.length; place++) {
    const row = order[place];
    target.set(codes.subarray(row * width, (row + 1) * width), place * width);
  }
}

/** The tiles of each block of rows of `a`, the first of each before all others. */
function layTiles(framesA: number, framesB: number, isSame: boolean): Tile[] {
  const [first, others]: [Tile[], Tile[]] = [[], []];
  for (let firstA = 0; firstA < framesA; firstA += mostRowsA) {
    const rowsA = Math.min(mostRowsA, framesA - firstA);
    // Of a film with itself, what lies below the diagonal are the same pairs again.
    const start = isSame ? firstA : 0;
    for (let firstB = start; firstB < framesB; ) {
      const wanted = Math.min(mostRowsB, Math.max(leastRowsB, firstB - start));
      const rowsB = Math.min(wanted, framesB - firstB);
      (firstB === start ? first : others).push({ firstA, rowsA, firstB, rowsB });
      firstB += rowsB;
    }
  }
  return [...first, ...others];
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16;
}

/** No product is as large, and none is smaller. */
const never = 2 ** 31 - 1;
const always = -(2 ** 31);
const squareScale = codeScale * codeScale;

/** A pair of rows, and what its closeness is at least and at most; NaN where a row is not finite. */
export interface Pair {
  rowA: number;
  rowB: number;
  least: number;
  most: number;
}

/** What products say of the closeness of the rows of two blocks, whose sketches have one basis. */
export function pairBounds(a: SketchedBlock, b: SketchedBlock, metric: Metric) {
  const { delta } = a;
  const { dim, squaredNorms: normsA } = a.block;
  const { squaredNorms: normsB } = b.block;
  const longest = { length: 1 + delta + a.coding, coding: a.coding, remainder: 0 };
  const common = commonSlack(longest, b.coding, delta, dim);
  const ofFloats = floatSlack(dim);
  const setRange = (pair: Pair, cosine: number, slack: number) => {
    pair.least = cosine - slack;
    pair.most = cosine + slack;
    if (metric === 'cosine') return;
    const { least, most } = closenessRange(metric, pair, normsA[pair.rowA], normsB[pair.rowB], dim);
    pair.least = least;
    pair.most = most;
  };
  return {
    /** Sets what the closeness of a pair is at least and at most by the product of its sketches. */
    bySketches(pair: Pair, product: number): void {
      const slack = common + a.remainders[pair.rowA] * b.remainders[pair.rowB];
      setRange(pair, product / squareScale, slack);
    },
    /** The same by the dot product of its vectors in float32, where that says anything: far narrower. */
    byFloats(pair: Pair, product: number): void {
      const [normA, normB] = [normsA[pair.rowA], normsB[pair.rowB]];
      if (areFloatsSafe(normA, normB)) setRange(pair, product / Math.sqrt(normA * normB), ofFloats);
    },
    /** The least product with which a row of one block can be as close as `floor` to any row of the other. */
    threshold(own: SketchedBlock, row: number, other: SketchedBlock, floor: number): number {
      const norm = own.block.squaredNorms[row];
      if (floor === Number.POSITIVE_INFINITY || !isFiniteRow(norm)) return never;
      const least = cosineFloor(metric, floor, norm, other.squaredNormRange);
      const slack = common + own.remainders[row] * other.largestRemainder;
      return Math.max(always, Math.min(never, Math.floor((least - slack) * squareScale)));
    },
  };
}
