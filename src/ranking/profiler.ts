/** Measures the rows of a film, block by block, while the film is read. */
import { type BlockScorer, createBlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import { dotProduct } from '../kernel/scalar.js';
import type { RowBlock } from '../npz/rows.js';
import { cosine } from './metric.js';
import { hasDirection, isFiniteRow } from './rows.js';
import type { Steps } from './shots.js';

/** What a film's rows are like. */
export interface FilmProfile extends Steps {
  /** Rows that no cosine can find, all-zero or not finite, by index, each with a digest of its bytes. */
  readonly scorelessRows: ReadonlyMap<number, string>;
}

/**
 * A profiler for a film of `frames` rows of `dim` numbers, which takes the film's blocks in order. It holds kernel
 * memory only during `add`, since reading may end after any block.
 */
export function createProfiler(frames: number, dim: number) {
  const squaredNorms = new Float64Array(frames);
  const cosines = new Float64Array(frames).fill(Number.NaN);
  // One row has no distances; it may be as long as memory allows.
  const directionSum = frames > 1 ? new Float64Array(dim) : undefined;
  let directions = 0;
  let lastFinite: Float32Array | undefined;
  let lastFiniteFrame = -1;

  const scorelessRows = new Map<number, string>();

  const addRow = (frame: number, row: Float32Array, dot: number | undefined) => {
    const norm = squaredNorms[frame];
    if (!hasDirection(norm)) scorelessRows.set(frame, digestOf(row));
    if (!isFiniteRow(norm)) return;
    if (lastFinite && lastFiniteFrame >= 0) {
      const isNext = lastFiniteFrame === frame - 1;
      const product = isNext && dot !== undefined ? dot : dotProduct(lastFinite, row);
      cosines[frame] = cosine(product, squaredNorms[lastFiniteFrame], norm);
    }
    lastFinite = row;
    lastFiniteFrame = frame;
  };

  const addRows = (firstRow: number, values: Float32Array, scorer: BlockScorer) => {
    const rows = values.length / dim;
    scorer.load(values, rows);
    const norms = scorer.squares();
    squaredNorms.set(norms, firstRow);
    const dots = scorer.consecutiveDots();
    for (let row = 0; row < rows; row++) {
      const dot = row > 0 ? dots[row] : undefined;
      addRow(firstRow + row, values.subarray(row * dim, (row + 1) * dim), dot);
    }
    directions += norms.filter(hasDirection).length;
    if (directionSum) scorer.addRows(norms.map(inverseLength), directionSum);
  };

  return {
    /** Takes the next block. */
    add({ firstRow, rows, values }: Omit<RowBlock, 'becameInfinite'>): void {
      const maxRows = rowsPerBlock(dim);
      const scorer = createBlockScorer({ dim, queries: [], maxRows });
      try {
        for (let start = 0; start < rows; start += maxRows) {
          const end = Math.min(rows, start + maxRows);
          addRows(firstRow + start, values.subarray(start * dim, end * dim), scorer);
        }
      } finally {
        scorer.release();
      }
      // The reader may use the memory of the block again.
      if (lastFiniteFrame >= firstRow && firstRow + rows < frames) lastFinite = lastFinite?.slice();
    },
    /** The profile of all blocks. */
    finish: (): FilmProfile => ({
      squaredNorms,
      cosines,
      scorelessRows,
      typicalDistance: directionSum ? typicalDistance(directionSum, directions) : Number.NaN,
    }),
  };
}

/** One divided by the length of a row; 0 for rows without a direction. */
function inverseLength(squaredNorm: number): number {
  return hasDirection(squaredNorm) ? 1 / Math.sqrt(squaredNorm) : 0;
}

/** A digest of a row's bytes: rows with the same digest are equal. */
export function digestOf(row: Float32Array): string {
  // Loaded only here: few films have such rows, and it takes Node longer than all other modules together.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(row).digest('base64');
}

/**
 * Mean of 1 - cosine over all pairs of n unit vectors u, from their sum alone: |sum u|^2 counts each pair twice, and
 * each vector once with itself.
 */
function typicalDistance(sum: Float64Array, n: number): number {
  if (n < 2) return Number.NaN;
  const square = sum.reduce((total, value) => total + value * value, 0);
  return 1 - (square - n) / (n * (n - 1));
}
