/** Scores every frame of one block with every frame of another, canonically. */
import { type BlockScorer, createBlockScorer, rowsPerBlock } from '../../kernel/block-scorer.js';
import { closenessFrom } from '../../ranking/metric.js';
import type { BlockRows } from './block-rows.js';
import { createCollector } from './collectors.js';
import type { FilmBlock } from './film-block.js';
import type { Collector, PairTask, ScoredPair } from './pair-task.js';

/** Rows of `a` that are scored while a few rows of `b` are in the cache. */
const groupRows = 128;

/** What the questions keep of two blocks; of one block, of the pairs with rowA < rowB, since scores are symmetric. */
export function scoreRows(
  a: BlockRows,
  b: BlockRows,
  { metric, questions }: Pick<PairTask, 'metric' | 'questions'>,
): ScoredPair {
  const collectors = questions.map(createCollector);
  const isUsedA = usedRows(questions.map((question) => question.a));
  const isUsedB = usedRows(questions.map((question) => question.b));
  const isSame = a.block.number === b.block.number;
  const { dim, frames: framesB, squaredNorms: normsB } = b.block;
  const { squaredNorms: normsA } = a.block;
  const maxRows = rowsPerBlock(dim);
  const sumsOf = (scorer: BlockScorer, query: number) =>
    metric === 'euclidean' ? scorer.squaredDistances(query) : scorer.dots(query);
  const closeness = new Float64Array(maxRows);
  /** Scores a row of `a` with the rows of `b` from `start` on, whose `sums` are given. Returns how many were scored. */
  const scoreRow = (rowA: number, sums: Float64Array, start: number): number => {
    const first = isSame ? Math.max(0, rowA + 1 - start) : 0;
    let scored = 0;
    for (let row = first; row < sums.length; row++) {
      const rowB = start + row;
      const isUsed = isUsedB[rowB] !== 0;
      closeness[row] = isUsed ? closenessFrom(metric, sums[row], normsA[rowA], normsB[rowB]) : Number.NaN;
      if (isUsed) scored++;
    }
    for (const collector of collectors) offerReached(collector, rowA, start, closeness, first, sums.length);
    return scored;
  };
  let scored = 0;
  for (let first = 0; first < a.block.frames; first += groupRows) {
    const count = Math.min(groupRows, a.block.frames - first);
    const queries = Array.from({ length: count }, (_, i) => rowOf(a, first + i));
    const scorer = createBlockScorer({ dim, queries, maxRows });
    try {
      for (let start = isSame ? first : 0; start < framesB; start += maxRows) {
        const rows = Math.min(maxRows, framesB - start);
        scorer.load(b.values.subarray(start * dim, (start + rows) * dim), rows);
        for (let query = 0; query < count; query++) {
          if (isUsedA[first + query] === 0) continue;
          scored += scoreRow(first + query, sumsOf(scorer, query), start);
        }
      }
    } finally {
      scorer.release();
    }
  }
  const found = collectors.map((collector) => collector.finish());
  for (const collector of collectors) collector.release?.();
  return { found, counts: { bounded: 0, left: scored, scored } };
}

/** Offers the pairs of a row of `a` that reach a floor. `closeness` belongs to the rows of `b` from `start` on. */
function offerReached(
  collector: Collector,
  rowA: number,
  start: number,
  closeness: Float64Array,
  first: number,
  end: number,
): void {
  const { floorsA, floorsB, ceiling } = collector;
  for (let row = first; row < end; row++) {
    const value = closeness[row];
    const isReached = value >= floorsA[rowA] || value >= floorsB[start + row];
    if (isReached && value <= ceiling) collector.offer(rowA, start + row, value);
  }
}

/** 0 for the rows that no question is about. */
function usedRows(views: readonly FilmBlock[]): Uint8Array {
  return views[0].roleOf.map((_, row) => views.reduce((bits, { roleOf }) => bits | roleOf[row], 0));
}

function rowOf({ values, block: { dim } }: BlockRows, row: number): Float32Array {
  return values.subarray(row * dim, (row + 1) * dim);
}
