/** Scores every frame of one block with every frame of another, canonically. */
import { type BlockScorer, createBlockScorer, rowsPerBlock } from '../../kernel/block-scorer.js';
import { closenessFrom, type Metric } from '../../ranking/metric.js';
import { areFloatsSafe, floatsSlack } from '../../search-index/bound.js';
import type { BlockRows } from './block-rows.js';
import { createCollector } from './collectors.js';
import type { FilmBlock } from './film-block.js';
import type { Collector, PairTask, ScoredPair } from './pair-task.js';

/** Rows of `a` that are scored while a few rows of `b` are in the cache. */
const groupRows = 128;

/**
 * What the questions keep of two blocks; of one block, of the pairs with rowA < rowB, since scores are symmetric.
 * Cosines are bounded first by products in float32, which are faster. Only pairs that can reach a floor are scored.
 */
export function scoreRows(
  a: BlockRows,
  b: BlockRows,
  { metric, questions }: Pick<PairTask, 'metric' | 'questions'>,
): ScoredPair {
  const collectors = questions.map(createCollector);
  const isUsedA = usedRows(questions.map((question) => question.a));
  const isUsedB = usedRows(questions.map((question) => question.b));
  const isSame = a.block.number === b.block.number;
  const [normsA, normsB] = [a.block.squaredNorms, b.block.squaredNorms];
  const stepsOf = metric === 'cosine' ? boundedSteps(a.block, b.block, collectors) : sumSteps(metric);
  let [pairs, scored] = [0, 0];
  /** Offers the pairs of a row of `a`, number `query` of the scorer, with its rows, which are those from `start` on. */
  const scoreRow = (scorer: BlockScorer, query: number, rowA: number, start: number, rows: number) => {
    const { isBelow, sumOf } = stepsOf(scorer, query, rowA, start);
    for (let row = isSame ? Math.max(0, rowA + 1 - start) : 0; row < rows; row++) {
      const rowB = start + row;
      if (isUsedB[rowB] === 0) continue;
      pairs++;
      if (isBelow(row)) continue;
      scored++;
      offerReached(collectors, rowA, rowB, closenessFrom(metric, sumOf(row), normsA[rowA], normsB[rowB]));
    }
  };
  forEachQuery(a, b, (scorer, query, rowA, start, rows) => {
    if (isUsedA[rowA] !== 0) scoreRow(scorer, query, rowA, start, rows);
  });
  const found = collectors.map((collector) => collector.finish());
  for (const collector of collectors) collector.release?.();
  return { found, counts: { bounded: metric === 'cosine' ? pairs : 0, left: scored, scored } };
}

/**
 * Brings each row of `a` together with all rows of `b`: as a query of a scorer, which holds `rows` rows of `b`, from
 * `start` on. Of one block, rows of `b` long before that of `a` are left out.
 */
function forEachQuery(
  a: BlockRows,
  b: BlockRows,
  take: (scorer: BlockScorer, query: number, rowA: number, start: number, rows: number) => void,
): void {
  const { dim, frames } = b.block;
  const isSame = a.block.number === b.block.number;
  const maxRows = rowsPerBlock(dim);
  for (let first = 0; first < a.block.frames; first += groupRows) {
    const count = Math.min(groupRows, a.block.frames - first);
    const queries = Array.from({ length: count }, (_, i) => rowOf(a, first + i));
    const scorer = createBlockScorer({ dim, queries, maxRows });
    try {
      for (let start = isSame ? first : 0; start < frames; start += maxRows) {
        const rows = Math.min(maxRows, frames - start);
        scorer.load(b.values.subarray(start * dim, (start + rows) * dim), rows);
        for (let query = 0; query < count; query++) take(scorer, query, first + query, start, rows);
      }
    } finally {
      scorer.release();
    }
  }
}

/** How the pairs of a row of `a`, number `query` of the scorer, with the rows of the scorer are scored. */
type StepsOf = (scorer: BlockScorer, query: number, rowA: number, start: number) => PairSteps;

interface PairSteps {
  /** Whether the pair with this row is below all floors, which spares its sum. */
  isBelow(row: number): boolean;
  /** The canonical sum of the pair. */
  sumOf(row: number): number;
}

function sumSteps(metric: Metric): StepsOf {
  return (scorer, query) => {
    const sums = metric === 'euclidean' ? scorer.squaredDistances(query) : scorer.dots(query);
    return { isBelow: () => false, sumOf: (row) => sums[row] };
  };
}

/** The steps for cosines, which are bounded first. */
function boundedSteps(a: FilmBlock, b: FilmBlock, collectors: readonly Collector[]): StepsOf {
  const most = upperBounds(a, b);
  return (scorer, query, rowA, start) => {
    const products = scorer.floatDots(query);
    return {
      isBelow: (row) => areBelowFloors(collectors, rowA, start + row, most(rowA, start + row, products[row])),
      sumOf: (row) => scorer.dot(query, row),
    };
  };
}

/**
 * Returns a function that gives an upper bound of the cosine of two rows from their product in float32. NaN if that may
 * not be exact enough.
 */
function upperBounds(a: FilmBlock, b: FilmBlock): (rowA: number, rowB: number, product: number) => number {
  const slack = floatsSlack(a.dim);
  const [inverseA, inverseB] = [inverseLengths(a), inverseLengths(b)];
  return (rowA, rowB, product) => product * inverseA[rowA] * inverseB[rowB] + slack;
}

function inverseLengths({ squaredNorms }: FilmBlock): Float64Array {
  return squaredNorms.map((norm) => (areFloatsSafe(norm, norm) ? 1 / Math.sqrt(norm) : Number.NaN));
}

/** Whether a pair of a closeness of at most `most` is below the floors of all collectors; false for NaN. */
function areBelowFloors(collectors: readonly Collector[], rowA: number, rowB: number, most: number): boolean {
  for (const { floorsA, floorsB } of collectors)
    if (!(most < floorsA[rowA] && most < floorsB[rowB])) return false;
  return true;
}

/** Offers a pair to those whose floors it reaches. */
function offerReached(collectors: readonly Collector[], rowA: number, rowB: number, closeness: number): void {
  for (const collector of collectors) {
    const { floorsA, floorsB, ceiling } = collector;
    const isReached = closeness >= floorsA[rowA] || closeness >= floorsB[rowB];
    if (isReached && closeness <= ceiling) collector.offer(rowA, rowB, closeness);
  }
}

/** 0 for the rows that no question is about. */
function usedRows(views: readonly FilmBlock[]): Uint8Array {
  return views[0].roleOf.map((_, row) => views.reduce((bits, { roleOf }) => bits | roleOf[row], 0));
}

function rowOf({ values, block: { dim } }: BlockRows, row: number): Float32Array {
  return values.subarray(row * dim, (row + 1) * dim);
}
