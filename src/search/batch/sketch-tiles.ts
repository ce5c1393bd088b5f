/**
 * The sketches of two blocks of films, multiplied tile by tile by the kernel, which gives out what reaches thresholds
 * alone; and what the products say of the closeness of rows.
 */
import {
  createGroupKernel,
  groupBytes,
  groupRows,
  type RowGroups,
  rowGroups,
} from '../../kernel/row-groups.js';
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
import { headWidth } from '../../search-index/sketch-heads.js';
import type { SketchedBlock } from './block-rows.js';

/** The sketches of a block of films. */
export interface Codes {
  readonly block: { readonly frames: number };
  /** int16 [frames x width], row-major. */
  readonly codes: Int16Array;
  readonly width: number;
}

/** The order in which the rows of a block are laid. */
export interface RowOrder {
  /** The row of each place. */
  readonly rows: Int32Array;
  /** So many of them are met first. */
  readonly firsts: number;
}

/** A tile's rows: so many places from the first on, which is a multiple of 16. */
export interface Tile {
  readonly firstA: number;
  readonly rowsA: number;
  readonly firstB: number;
  readonly rowsB: number;
}

/** Sets the least products that count of the row at a place, its head's and the whole; they count from the next tile on. */
export type SetThresholds = RowGroups['setThresholds'];

export interface SketchTiles {
  readonly setThresholdsA: SetThresholds;
  readonly setThresholdsB: SetThresholds;
  /**
   * In the order in which they are best taken. Of a film with itself they have each pair once at least, and those along
   * the diagonal come first: frames of one shot, which give all rows thresholds that few others reach.
   */
  readonly tiles: readonly Tile[];
  /** Of two blocks, the tiles with the first rows of either; of one block none. */
  readonly tilesOfFirsts: readonly Tile[];
  /** Calls `take` with the pairs of rows of a tile whose products reach the thresholds of either. */
  multiply(tile: Tile, take: (rowA: number, rowB: number, product: number) => void): void;
  /**
   * Calls `take` with each row of two blocks and that of the other which, by their heads, is closest to it or nearly so,
   * with their whole product. Does nothing for blocks of very many rows, and for one with itself.
   */
  takeClosest(take: (rowA: number, rowB: number, product: number) => void): void;
}

/** Rows of a tile: the heads of its `b` side stay in the second-level cache, those of its `a` side in the first. */
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

const scratchBytes = 128;
const topBytes = 4;
/** A number of a row takes two bytes of its top. */
const mostNumbered = 2 ** 16;

/** A tiler with memory of its own, which grows with the films. */
export function createSketchTiler(): SketchTiler {
  const memory = new WebAssembly.Memory(pagesFor(0));
  const kernel = createGroupKernel(memory);
  return {
    lay(a, orderA, b, orderB) {
      const { width } = a;
      const headDim = Math.min(headWidth, width);
      const shape = { headDim, restDim: width - headDim };
      const [framesA, framesB] = [a.block.frames, b.block.frames];
      const startB = a === b ? 0 : groupBytes(shape, framesA);
      const scratch = startB + groupBytes(shape, framesB);
      const topsA = scratch + scratchBytes;
      const topsB = topsA + topBytes * wholeGroups(framesA);
      const out = topsB + topBytes * wholeGroups(framesB);
      const missing =
        pagesFor(out + 12 * mostRowsA * mostRowsB).initial - memory.buffer.byteLength / pageBytes;
      if (missing > 0) memory.grow(missing);
      const groupsA = rowGroups(memory, 0, shape);
      const groupsB = a === b ? groupsA : rowGroups(memory, startB, shape);
      layCodes(a, orderA, groupsA);
      if (a !== b) layCodes(b, orderB, groupsB);
      const written = new Int32Array(memory.buffer, out, 3 * mostRowsA * mostRowsB);
      const bytes = groupBytes(shape);
      return {
        setThresholdsA: groupsA.setThresholds,
        setThresholdsB: groupsB.setThresholds,
        ...(a === b ? { tiles: tilesOfOne(framesA), tilesOfFirsts: [] } : tilesOfTwo(orderA, orderB)),
        multiply({ firstA, rowsA, firstB, rowsB }, take) {
          const atA = (firstA / groupRows) * bytes;
          const atB = startB + (firstB / groupRows) * bytes;
          const count = kernel.survivors(atA, rowsA, atB, rowsB, headDim, shape.restDim, scratch, out);
          for (let at = 0; at < count * 3; at += 3) {
            take(orderA.rows[firstA + written[at]], orderB.rows[firstB + written[at + 1]], written[at + 2]);
          }
        },
        takeClosest(take) {
          if (a === b || Math.max(framesA, framesB) > mostNumbered) return;
          const { restDim } = shape;
          const [rowsA, rowsB] = [wholeGroups(framesA), wholeGroups(framesB)];
          const ofA = new Int32Array(memory.buffer, topsA, rowsA).fill(always);
          const ofB = new Int32Array(memory.buffer, topsB, rowsB).fill(always);
          kernel.raiseTops(0, rowsA, topsA, startB, rowsB, topsB, headDim, restDim, scratch);
          const takePair = (placeA: number, placeB: number) => {
            if (placeA >= framesA || placeB >= framesB) return;
            const product = kernel.wholeProduct(0, placeA, startB, placeB, headDim, restDim);
            take(orderA.rows[placeA], orderB.rows[placeB], product);
          };
          for (let place = 0; place < framesA; place++) takePair(place, ofA[place] & 0xffff);
          for (let place = 0; place < framesB; place++) takePair(ofB[place] & 0xffff, place);
        },
      };
    },
  };
}

function layCodes({ codes, width }: Codes, { rows }: RowOrder, groups: RowGroups): void {
  for (const [place, row] of rows.entries()) {
    groups.lay(place, codes.subarray(row * width, (row + 1) * width));
  }
  const nothing = new Int16Array(width);
  for (let place = rows.length; place < wholeGroups(rows.length); place++) groups.lay(place, nothing);
}

function wholeGroups(rows: number): number {
  return Math.ceil(rows / groupRows) * groupRows;
}

/** Places from `start` on, which is a multiple of 16, before `end`. */
interface Places {
  readonly start: number;
  readonly end: number;
}

/** The tiles of a block with itself: what lies below the diagonal are the same pairs again. */
function tilesOfOne(frames: number): Tile[] {
  return layTiles({ start: 0, end: frames }, (firstA) => ({ start: firstA, end: frames }));
}

/** The tiles of two blocks: the first rows of both, then of these with all others, then the others with all. */
function tilesOfTwo(a: RowOrder, b: RowOrder): Pick<SketchTiles, 'tiles' | 'tilesOfFirsts'> {
  const [firstsA, othersA] = splitPlaces(a);
  const [firstsB, othersB] = splitPlaces(b);
  const tilesOfFirsts = [
    ...layTiles(firstsA, () => firstsB),
    ...layTiles(firstsA, () => othersB),
    ...layTiles(othersA, () => firstsB),
  ];
  return { tiles: [...tilesOfFirsts, ...layTiles(othersA, () => othersB)], tilesOfFirsts };
}

function splitPlaces({ rows, firsts }: RowOrder): [Places, Places] {
  const end = Math.min(rows.length, Math.ceil(firsts / groupRows) * groupRows);
  return [
    { start: 0, end },
    { start: end, end: rows.length },
  ];
}

/** The tiles of places of `a` with those of `b` that each of its blocks of rows is to meet, the first of each before all others. */
function layTiles(a: Places, placesOfB: (firstA: number) => Places): Tile[] {
  const [first, others]: [Tile[], Tile[]] = [[], []];
  for (let firstA = a.start; firstA < a.end; firstA += mostRowsA) {
    const rowsA = Math.min(mostRowsA, a.end - firstA);
    const { start, end } = placesOfB(firstA);
    for (let firstB = start; firstB < end; ) {
      const wanted = Math.min(mostRowsB, Math.max(leastRowsB, firstB - start));
      const rowsB = Math.min(wanted, end - firstB);
      (firstB === start ? first : others).push({ firstA, rowsA, firstB, rowsB });
      firstB += rowsB;
    }
  }
  return [...first, ...others];
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
    /**
     * Sets the least products, of heads and of whole sketches, with which a row of one block can be as close as `floor` to
     * any row of the other.
     */
    setThresholds(
      set: SetThresholds,
      place: number,
      own: SketchedBlock,
      row: number,
      other: SketchedBlock,
      floor: number,
    ): void {
      const norm = own.block.squaredNorms[row];
      if (floor === Number.POSITIVE_INFINITY || !isFiniteRow(norm)) {
        set(place, never, never);
        return;
      }
      const least = cosineFloor(metric, floor, norm, other.squaredNormRange);
      const productOf = (slack: number) =>
        Math.max(always, Math.min(never, Math.floor((least - common - slack) * squareScale)));
      const ofHead = productOf(own.headRemainders[row] * other.largestHeadRemainder);
      set(place, ofHead, productOf(own.remainders[row] * other.largestRemainder));
    },
  };
}
