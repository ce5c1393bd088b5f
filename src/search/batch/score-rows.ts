/** Scores every frame of one block with every frame of another, canonically. */
import { type BlockScorer, createBlockScorer, rowsPerBlock } from '../../kernel/block-scorer.js';
import { closenessFrom, type Metric } from '../../ranking/metric.js';
import { areFloatsSafe, doubleAllowance, floatsSlack } from '../../search-index/bound.js';
import type { BlockRows } from './block-rows.js';
import { createCollector } from './collectors.js';
import type { FilmBlock } from './film-block.js';
import type { AskedBlocks, Collector, ScoredPair } from './pair-task.js';

/** Rows of `a` that are scored while a few rows of `b` are in the cache. */
const groupRows = 128;

/**
 * What the questions keep of two blocks; of one block, of the pairs with rowA < rowB, since scores are symmetric. Each
 * closeness is bounded first by a product in float32, which is faster. Only pairs that can reach a floor are scored.
 */
export function scoreRows(a: BlockRows, b: BlockRows, { metric, questions }: AskedBlocks): ScoredPair {
  const collectors = questions.map(createCollector);
  const isUsedA = usedRows(questions.map((question) => question.a));
  const isUsedB = usedRows(questions.map((question) => question.b));
  const isSame = a.block.number === b.block.number;
  const [normsA, normsB] = [a.block.squaredNorms, b.block.squaredNorms];
  const mostOf = mostCloseness(metric, a.block, b.block);
  const sumOf = metric === 'euclidean' ? squaredDistance : dot;
  let [pairs, scored] = [0, 0];

  /** Offers the pairs of a row of `a`, number `query` of the scorer, with its rows, which are those from `start` on. */
  const scoreRow = (scorer: BlockScorer, query: number, rowA: number, start: number, rows: number) => {
    const products = scorer.floatDots(query);
    const floorsB = leastFloors(collectors, start, rows);
    let floor = leastFloor(collectors, rowA);
    for (let row = isSame ? Math.max(0, rowA + 1 - start) : 0; row < rows; row++) {
      const rowB = start + row;
      if (isUsedB[rowB] === 0) continue;
      pairs++;
      const most = mostOf(rowA, rowB, products[row]);
      // Neither is true for NaN.
      if ((most < floor && most < floorsB[row]) || isOfNoUse(collectors, rowA, rowB, most)) continue;
      scored++;
      const sum = sumOf(scorer, query, row);
      offerReached(collectors, rowA, rowB, closenessFrom(metric, sum, normsA[rowA], normsB[rowB]));
      floor = leastFloor(collectors, rowA);
    }
  };
  forEachQuery(a, b, (scorer, query, rowA, start, rows) => {
    if (isUsedA[rowA] !== 0) scoreRow(scorer, query, rowA, start, rows);
  });
  const found = collectors.map((collector) => collector.finish());
  for (const collector of collectors) collector.release?.();
  return { found, counts: { bounded: pairs, left: scored, scored } };
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

/**
 * Returns a function that gives an upper bound of the closeness of two rows from their product in float32; NaN if
 * `floatsSlack` may not hold. The terms of the bound come from each row alone, so that it takes a few operations.
 */
function mostCloseness(
  metric: Metric,
  a: FilmBlock,
  b: FilmBlock,
): (rowA: number, rowB: number, product: number) => number {
  const slack = floatsSlack(a.dim);
  const [lengthsA, lengthsB] = [safeLengths(a), safeLengths(b)];
  if (metric === 'cosine') {
    const [inverseA, inverseB] = [lengthsA, lengthsB].map((lengths) => lengths.map((length) => 1 / length));
    return (rowA, rowB, product) => product * inverseA[rowA] * inverseB[rowB] + slack;
  }
  const mostDot = (rowA: number, rowB: number, product: number) =>
    product + slack * lengthsA[rowA] * lengthsB[rowB];
  if (metric === 'dot') return mostDot;
  // As in `closenessRange`.
  const share = 1 - 4 * doubleAllowance(a.dim);
  const squares = (rowA: number, rowB: number) => share * (a.squaredNorms[rowA] + b.squaredNorms[rowB]);
  return (rowA, rowB, product) =>
    -Math.sqrt(Math.max(0, squares(rowA, rowB) - 2 * mostDot(rowA, rowB, product)));
}

/** The length of each row; NaN if its products in float32 may not be exact enough. */
function safeLengths({ squaredNorms }: FilmBlock): Float64Array {
  return squaredNorms.map((norm) => (areFloatsSafe(norm, norm) ? Math.sqrt(norm) : Number.NaN));
}

function dot(scorer: BlockScorer, query: number, row: number): number {
  return scorer.dot(query, row);
}

function squaredDistance(scorer: BlockScorer, query: number, row: number): number {
  return scorer.squaredDistance(query, row);
}

/** The least floor of a row of `a`. */
function leastFloor(collectors: readonly Collector[], rowA: number): number {
  let floor = Number.POSITIVE_INFINITY;
  for (const { floorsA } of collectors) floor = Math.min(floor, floorsA[rowA]);
  return floor;
}

/** The least floors of `rows` rows of `b` from `start` on. Floors only rise, so what is found once is safe. */
function leastFloors(collectors: readonly Collector[], start: number, rows: number): Float64Array {
  const [first, ...others] = collectors.map(({ floorsB }) => floorsB.subarray(start, start + rows));
  if (others.length === 0) return first;
  return first.map((floor, row) => others.reduce((least, floors) => Math.min(least, floors[row]), floor));
}

/** Whether a pair of a closeness of at most `most` is kept by no collector; false for NaN. */
function isOfNoUse(collectors: readonly Collector[], rowA: number, rowB: number, most: number): boolean {
  for (const collector of collectors) if (!(most < collector.floorOf(rowA, rowB))) return false;
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
