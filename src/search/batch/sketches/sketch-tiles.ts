/** The sketches of two blocks of films, multiplied tile by tile by the kernel, which gives out the pairs that can still matter. */
import { groupBytes, groupRows } from '../../../kernel/row-groups.js';
import {
  type BlockSketches,
  createSketchMemory,
  type LaidSketches,
  type RowOrder,
  wholeGroups,
} from './laid-sketches.js';

/** A tile's rows: so many places from the first on, which is a multiple of 16. */
export interface Tile {
  readonly firstA: number;
  readonly rowsA: number;
  readonly firstB: number;
  readonly rowsB: number;
}

export interface SketchTiles {
  readonly a: LaidSketches;
  readonly b: LaidSketches;
  /**
   * In the best order to take them. For a film with itself they have each pair at least once. The tiles along the
   * diagonal come first: their frames of one shot give all rows floors that few others reach.
   */
  readonly tiles: readonly Tile[];
  /** Of two blocks, the tiles with the first rows of either; of one block none. */
  readonly tilesOfFirsts: readonly Tile[];
  /** Calls `take` with the pairs of rows of a tile that can reach the floor of either. */
  multiply(tile: Tile, take: (rowA: number, rowB: number, product: number) => void): void;
  /**
   * For each row of two blocks, calls `take` once with the row of the other block whose head is closest to its own, or
   * nearly so, and their whole product. Returns these pairs; none for blocks of very many rows.
   */
  takeClosest(take: (rowA: number, rowB: number, product: number) => void): ClosestRows | undefined;
}

/** Rows of a tile: the heads of its `b` side stay in the second-level cache, those of its `a` side in the first. */
const mostRowsA = 64;
const mostRowsB = 512;
/** The first tiles of a row are small: they give it a threshold for the others. */
const leastRowsB = 64;

export interface SketchTiler {
  /** The tiles of two blocks of one width, until the next are laid; they may be the same object. */
  lay(a: BlockSketches, b: BlockSketches): SketchTiles;
}

/** The row that is closest to each of `a`, and of `b`; -1 where there is none. */
export interface ClosestRows {
  readonly toA: Int32Array;
  readonly toB: Int32Array;
}

/** No product is smaller. */
const always = -(2 ** 31);
const scratchBytes = 128;
/** A number of a row takes two bytes of its top. */
const mostNumbered = 2 ** 16;

/** A tiler with memory of its own, which grows with the films. */
export function createSketchTiler(): SketchTiler {
  const laying = createSketchMemory(scratchBytes + 12 * mostRowsA * mostRowsB);
  const { memory, kernel } = laying;
  const [scratch, out] = [0, scratchBytes];
  return {
    lay(sketchesA, sketchesB) {
      const [a, b] = laying.lay(sketchesA, sketchesB);
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
          const topsA = new Int32Array(memory.buffer, a.tops, rowsA).fill(always);
          const topsB = new Int32Array(memory.buffer, b.tops, rowsB).fill(always);
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

/** The place of the other row that a top holds. */
function placeOf(top: number): number {
  return top & 0xffff;
}

/** The rows of `others` that the tops of rows hold, by row. */
function rowsAt(tops: Int32Array, rows: Int32Array, others: Int32Array): Int32Array {
  const found = new Int32Array(rows.length);
  for (const [place, row] of rows.entries()) found[row] = others[placeOf(tops[place])] ?? -1;
  return found;
}

/** Places from `start` on, which is a multiple of 16, before `end`. */
interface Places {
  readonly start: number;
  readonly end: number;
}

/** The tiles of a block with itself; below the diagonal are the same pairs again. */
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
