/** The canonical scores of every frame of one film with every frame of another. */
import { createBlockScorer, rowsPerBlock } from '../../kernel/block-scorer.js';
import { closenessFrom, type Metric } from '../../ranking/metric.js';
import { isFiniteRow } from '../../ranking/rows.js';

/** A film's rows in memory. */
export interface FilmRows {
  readonly frames: number;
  readonly dim: number;
  /** [frames x dim], row-major. */
  readonly values: Float32Array;
  /** n2 of each row. */
  readonly squaredNorms: Float64Array;
}

/** Rows of `a` that are scored while a block of `b` is in the cache. */
const groupRows = 128;

/**
 * Calls `visit` with the closeness of each pair of finite rows; where `a` and `b` are the same object only with
 * indexA < indexB, since the scores are symmetric.
 */
export function scorePairs(
  a: FilmRows,
  b: FilmRows,
  metric: Metric,
  visit: (indexA: number, indexB: number, closeness: number) => void,
): void {
  if (b.frames === 0) return;
  const maxRows = rowsPerBlock(b.dim);
  for (let first = 0; first < a.frames; first += groupRows) {
    const count = Math.min(groupRows, a.frames - first);
    const queries = Array.from({ length: count }, (_, i) => rowOf(a, first + i));
    const scorer = createBlockScorer({ dim: b.dim, queries, maxRows });
    try {
      for (let start = a === b ? first : 0; start < b.frames; start += maxRows) {
        const rows = Math.min(maxRows, b.frames - start);
        scorer.load(b.values.subarray(start * b.dim, (start + rows) * b.dim), rows);
        for (let query = 0; query < count; query++) {
          const indexA = first + query;
          const normA = a.squaredNorms[indexA];
          if (!isFiniteRow(normA)) continue;
          const sums = metric === 'euclidean' ? scorer.squaredDistances(query) : scorer.dots(query);
          for (let row = a === b ? Math.max(0, indexA + 1 - start) : 0; row < rows; row++) {
            const normB = b.squaredNorms[start + row];
            if (isFiniteRow(normB))
              visit(indexA, start + row, closenessFrom(metric, sums[row], normA, normB));
          }
        }
      }
    } finally {
      scorer.release();
    }
  }
}

function rowOf({ values, dim }: FilmRows, row: number): Float32Array {
  return values.subarray(row * dim, (row + 1) * dim);
}
