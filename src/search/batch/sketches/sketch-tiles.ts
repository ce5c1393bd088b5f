/** Multiplies the sketches of two blocks tile by tile in the kernel, which returns the pairs that can reach a floor. */
import { groupBytes, groupRows } from '../../../kernel/row-groups.js';
import {
  type BlockToLay,
  createSketchMemory,
  type LaidSketches,
  type RowOrder,
  wholeGroups,
} from './laid-sketches.js';

/**
 * A tile: `rowsA` places of `a` from `firstA` on, by `rowsB` of `b` from `firstB` on. First places are multiples of 16.
 */
export interface Tile {
  readonly firstA: number;
  readonly rowsA: number;
  readonly firstB: number;
  readonly rowsB: number;
}

interface SketchTiles {
  readonly a: LaidSketches;
  readonly b: LaidSketches;
  /**
   * All tiles, in the best order to take them. Of a block with itself, they have each pair at least once, and those
   * along the diagonal come first: they have the pairs within a shot, which give all rows high floors.
   */
  readonly tiles: readonly Tile[];
  /** Of two blocks, the tiles with first frames of shots on either side; of one block none. */
  readonly tilesOfFirsts: readonly Tile[];
  /** Calls `take` with the pairs of rows of a tile that can reach the floor of either. */
  multiply(tile: Tile, take: (rowA: number, rowB: number, product: number) => void): void;
  /**
   * Calls `take` with one pair for each row of two blocks: with the row of the other block whose half head has the
   * largest product with that of the row, or nearly so; and with the product of all their codes. Returns these pairs.
   * Does nothing for blocks of very many rows.
   */
  takeClosest(take: (rowA: number, rowB: number, product: number) => void): ClosestRows | undefined;
}

/** Rows of a tile: the heads of its `b` side stay in the second-level cache, those of its `a` side in the first. */
const mostRowsA = 64;
const mostRowsB = 512;
/** The first tiles of a row are small: they give it a threshold for the others. */
const leastRowsB = 64;

export interface SketchTiler {
  /**
   * The tiles of two blocks of one width, which may be the same object. They are valid until the next call. Errors: those
   * of reading the sketches.
   */
  lay(a: BlockToLay, b: BlockToLay): SketchTiles;
}

/**
 * The row of `b` that is closest to each row of `a`, and the row of `a` that is closest to each of `b`; -1 if there is
 * none.
 */
export interface ClosestRows {
  readonly toA: Int32Array;
  readonly toB: Int32Array;
}

/** The smallest product. */
const lowest = -(2 ** 31);
const scratchBytes = 128;
/** The most rows of a block for `raiseTops`: it has 16 bits for the index of a row. */
const mostNumbered = 2 ** 16;

/** Creates a tiler, whose memory grows with the blocks. */
export function createSketchTiler(): SketchTiler {
  const laying = createSketchMemory(scratchBytes + 12 * mostRowsA * mostRowsB);
  const { memory, kernel } = laying;
  const [scratch, out] = [0, scratchBytes];
  return {
    lay(blockA, blockB) {
      const [a, b] = laying.lay(blockA, blockB);
      const { headDim, middleDim, restDim } = a.shape;
      const tailDim = middleDim + restDim;
      const [placesA, placesB] = [a.order.rows, b.order.rows];
      const written = new Int32Array(memory.buffer, out, 3 * mostRowsA * mostRowsB);
      const addressOf = ({ start, shape }: LaidSketches, place: number) => start + groupBytes(shape, place);
      return {
        a,
        b,
        ...(a === b
          ? { tiles: tilesOfOne(placesA.length), tilesOfFirsts: [] }
          : tilesOfTwo(a.order, b.order)),
        multiply({ firstA, rowsA, firstB, rowsB }, take) {
          const [atA, atB] = [addressOf(a, firstA), addressOf(b, firstB)];
          const count = kernel.survivors(atA, rowsA, atB, rowsB, headDim, middleDim, restDim, scratch, out);
          for (let at = 0; at < count * 3; at += 3) {
            take(placesA[firstA + written[at]], placesB[firstB + written[at + 1]], written[at + 2]);
          }
        },
        takeClosest(take) {
          const [framesA, framesB] = [placesA.length, placesB.length];
          if (Math.max(framesA, framesB) > mostNumbered) return undefined;
          const [rowsA, rowsB] = [wholeGroups(framesA), wholeGroups(framesB)];
          const topsA = new Int32Array(memory.buffer, a.tops, rowsA).fill(lowest);
          const topsB = new Int32Array(memory.buffer, b.tops, rowsB).fill(lowest);
          kernel.raiseTops(a.start, rowsA, a.tops, b.start, rowsB, b.tops, headDim, tailDim, scratch);
          const takePair = (placeA: number, placeB: number) => {
            if (placeA >= framesA || placeB >= framesB) return;
            const product = kernel.wholeProduct(a.start, placeA, b.start, placeB, headDim, tailDim);
            take(placesA[placeA], placesB[placeB], product);
          };
          for (let placeA = 0; placeA < framesA; placeA++) takePair(placeA, placeOf(topsA[placeA]));
          for (let placeB = 0; placeB < framesB; placeB++) {
            const placeA = placeOf(topsB[placeB]);
            if (placeOf(topsA[placeA]) !== placeB) takePair(placeA, placeB);
          }
          return { toA: rowsAt(topsA, placesA, placesB), toB: rowsAt(topsB, placesB, placesA) };
        },
      };
    },
  };
}

/** The place of the other row, in the lower half of a top. */
function placeOf(top: number): number {
  return top & 0xffff;
}

/** For each row, the row of the other block that its top names. */
function rowsAt(tops: Int32Array, rows: Int32Array, others: Int32Array): Int32Array {
  const found = new Int32Array(rows.length);
  for (const [place, row] of rows.entries()) found[row] = others[placeOf(tops[place])] ?? -1;
  return found;
}

/** Places from `start`, a multiple of 16, up to but not including `end`. */
interface Places {
  readonly start: number;
  readonly end: number;
}

/** The tiles of a block with itself, on the diagonal and above: below it are the same pairs again. */
function tilesOfOne(frames: number): Tile[] {
  return layTiles({ start: 0, end: frames }, (firstA) => ({ start: firstA, end: frames }));
}

/**
 * The tiles of two blocks: first frames of shots with each other, then with all other frames, then these with each
 * other.
 */
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

/**
 * The tiles of places of `a` with places of `b`, which may depend on the first place of the tile. The first tile of
 * each row of tiles comes before all others.
 */
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
