/** From the kernel's sums to the closeness of a block of rows to a question. */
import type { BlockScorer } from '../kernel/block-scorer.js';
import { closenessFrom } from '../ranking/metric.js';
import { isFiniteRow } from '../ranking/rows.js';
import type { Filters, FrameRef } from './question.js';

/** The query vectors of one question, as the scorer numbers them, with their n2. */
export interface ScoredQuery {
  readonly queries: readonly { readonly number: number; readonly squaredNorm: number }[];
  readonly origin: readonly FrameRef[];
}

/** Raises each row's closeness to that of the best of the question's vectors; NaN for rows that are not finite. */
export function scoreBlock(
  scorer: BlockScorer,
  question: ScoredQuery,
  { metric }: Pick<Filters, 'metric'>,
  squaredNorms: Float64Array,
  into: Float64Array,
): void {
  for (const { number, squaredNorm } of question.queries) {
    const sums = metric === 'euclidean' ? scorer.squaredDistances(number) : scorer.dots(number);
    for (let row = 0; row < squaredNorms.length; row++) {
      const norm = squaredNorms[row];
      into[row] = isFiniteRow(norm)
        ? Math.max(into[row], closenessFrom(metric, sums[row], squaredNorm, norm))
        : Number.NaN;
    }
  }
}
