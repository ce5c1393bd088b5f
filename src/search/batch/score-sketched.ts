/**
 * Pairs of frames by their sketches: the same answers as scoring all pairs, at the cost of scoring the few that can
 * matter. First the least that each pair can score, by the bound of the sketches, is offered to a collector, which then
 * knows what a pair needs at least; pairs that can reach that are scored canonically and offered to another.
 */
import { createTileKernel } from '../../kernel/tiles.js';
import { pagesFor } from '../../kernel/wasm.js';
import { cosine } from '../../ranking/metric.js';
import { codeScale, commonSlack } from '../../search-index/bound.js';
import type { Collector, RowFloors } from './collector.js';
import { openRowStore } from './row-store.js';
import type { SketchedFilm } from './sketched-film.js';

/** Rows of a tile: its `b` side stays in the second-level cache, its products too. */
const tileRowsA = 64;
const tileRowsB = 512;
const squareScale = codeScale * codeScale;

/**
 * Offers `collector` every pair of finite rows that it may keep, with its cosine. `proposal` is an empty collector of the
 * same task. `delta` is what the basis of both films says of itself. Where `a` and `b` are the same object only pairs
 * with indexA < indexB are offered. Errors: `index-damaged`, `file-unreadable`.
 */
export function scoreSketched(
  a: SketchedFilm,
  b: SketchedFilm,
  delta: number,
  isWanted: (indexA: number, indexB: number) => boolean,
  proposal: Collector,
  collector: Collector,
): void {
  const bounds = boundsOf(a, b, delta);
  const tiles = openTiles(a, b);
  const isCounted = (i: number, j: number) => a !== b || i < j;
  if (isOpen(proposal.rowFloors())) {
    tiles.forEachProduct((i, j, product) => {
      const lower = product / squareScale - bounds.slack(i, j);
      // NaN where a row is not finite: a collector keeps no such thing.
      if (isCounted(i, j) && lower >= proposal.floorOf(i, j) && isWanted(i, j)) proposal.offer(i, j, lower);
    });
  }
  const store = openRowStore(a, b);
  const { ofA, ofB } = proposal.rowFloors();
  tiles.forEachSurvivor(bounds.thresholds(ofA, 'a'), bounds.thresholds(ofB, 'b'), (i, j, product) => {
    const upper = product / squareScale + bounds.slack(i, j);
    if (!isCounted(i, j) || !(upper >= proposal.floorOf(i, j)) || !isWanted(i, j)) return;
    collector.offer(i, j, cosine(store.dot(i, j), a.squaredNorms[i], b.squaredNorms[j]));
  });
  store.release();
}

/** True where a row would keep whatever it is offered: then bounds have to say first what there is to expect. */
function isOpen({ ofA, ofB }: RowFloors): boolean {
  return [ofA, ofB].some((floors) => floors.some((floor) => floor < leastWorthwhile));
}

/** A floor below this prunes too little to do without the bounds of the pair itself. */
const leastWorthwhile = 0;

/** How far the products of two films' sketches can be from the cosines. */
function boundsOf(a: SketchedFilm, b: SketchedFilm, delta: number) {
  const common = commonSlack(
    { length: 1 + delta + a.coding, coding: a.coding, remainder: 0 },
    b.coding,
    delta,
    a.dim,
  );
  return {
    slack: (i: number, j: number) => common + a.remainders[i] * b.remainders[j],
    /** The least product with which a row of one side can reach its floor, whatever row of the other it meets. */
    thresholds(floors: Float64Array, side: 'a' | 'b'): Int32Array {
      const [own, other] = side === 'a' ? [a, b] : [b, a];
      return Int32Array.from(floors, (floor, row) => {
        const least = Math.floor(
          (floor - common - own.remainders[row] * other.largestRemainder) * squareScale,
        );
        return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Number.isNaN(least) ? 2 ** 31 - 1 : least));
      });
    },
  };
}

interface Tiles {
  forEachProduct(take: (indexA: number, indexB: number, product: number) => void): void;
  /** Pairs that reach the threshold of either row. */
  forEachSurvivor(
    thresholdsA: Int32Array,
    thresholdsB: Int32Array,
    take: (indexA: number, indexB: number, product: number) => void,
  ): void;
}

/** The codes of two films in a memory of the tile kernel. */
function openTiles(a: SketchedFilm, b: SketchedFilm): Tiles {
  const { width } = a;
  const rowBytes = width * 2;
  const startB = a === b ? 0 : aligned(a.frames * rowBytes);
  const floorsA = aligned(startB + b.frames * rowBytes);
  const floorsB = aligned(floorsA + a.frames * 4);
  const scratch = aligned(floorsB + b.frames * 4);
  const out = aligned(scratch + (tileRowsA + 1) * 16);
  const memory = new WebAssembly.Memory(pagesFor(out + 12 * tileRowsA * tileRowsB));
  const kernel = createTileKernel(memory);
  new Int16Array(memory.buffer, 0, a.codes.length).set(a.codes);
  new Int16Array(memory.buffer, startB, b.codes.length).set(b.codes);

  const forEachTile = (visit: (firstA: number, rowsA: number, firstB: number, rowsB: number) => void) => {
    for (let firstA = 0; firstA < a.frames; firstA += tileRowsA) {
      const rowsA = Math.min(tileRowsA, a.frames - firstA);
      // Of a film with itself, the tiles below the diagonal are the same pairs again.
      const start = a === b ? firstA - (firstA % tileRowsB) : 0;
      for (let firstB = start; firstB < b.frames; firstB += tileRowsB) {
        visit(firstA, rowsA, firstB, Math.min(tileRowsB, b.frames - firstB));
      }
    }
  };
  return {
    forEachProduct(take) {
      forEachTile((firstA, rowsA, firstB, rowsB) => {
        kernel.tile(firstA * rowBytes, rowsA, startB + firstB * rowBytes, rowsB, width, out);
        const stride = Math.ceil(rowsB / 4) * 4;
        const products = new Int32Array(memory.buffer, out, rowsA * stride);
        for (let i = 0; i < rowsA; i++) {
          for (let j = 0; j < rowsB; j++) take(firstA + i, firstB + j, products[i * stride + j]);
        }
      });
    },
    forEachSurvivor(thresholdsA, thresholdsB, take) {
      new Int32Array(memory.buffer, floorsA, a.frames).set(thresholdsA);
      new Int32Array(memory.buffer, floorsB, b.frames).set(thresholdsB);
      forEachTile((firstA, rowsA, firstB, rowsB) => {
        const count = kernel.survivors(
          firstA * rowBytes,
          rowsA,
          floorsA + firstA * 4,
          startB + firstB * rowBytes,
          rowsB,
          floorsB + firstB * 4,
          width,
          scratch,
          out,
        );
        const survivors = new Int32Array(memory.buffer, out, count * 3);
        for (let at = 0; at < survivors.length; at += 3) {
          take(firstA + survivors[at], firstB + survivors[at + 1], survivors[at + 2]);
        }
      });
    },
  };
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16;
}
