/**
 * Pairs of frames by their sketches: the same answers as scoring all pairs, at the cost of scoring the few that can
 * matter. In one pass over the products, the least that a pair can score is offered to a collector of proposals, which
 * then knows what the others need at least: the kernel gives out fewer and fewer. What is left is scored canonically, the
 * greatest bound first, and offered to the collector of answers, until its floors beat the bounds.
 *
 * A search for one frame goes the same two ways (`search/candidates.ts`), over rows where this goes over pairs, which
 * have two rows to keep them; the bounds are the same.
 */
import type { Metric } from '../../ranking/metric.js';
import { CandidateList } from './candidate-list.js';
import type { Collector, Side } from './collector.js';
import { pairBounds } from './pair-bounds.js';
import type { RowStore } from './row-store.js';
import type { SketchTiler } from './sketch-tiles.js';
import type { SketchedFilm } from './sketched-film.js';

export interface SketchedPair {
  readonly a: SketchedFilm;
  /** May be the same object: then only pairs with indexA < indexB are offered. */
  readonly b: SketchedFilm;
  /** What the basis of both says of itself. */
  readonly delta: number;
  readonly metric: Metric;
  readonly isWanted: (indexA: number, indexB: number) => boolean;
}

/** Memory of the kernel that one task after the other uses. */
export interface ScoringMemory {
  readonly tiler: SketchTiler;
  /** For films of the task's dim. */
  readonly rows: RowStore;
}

/** Candidates that wait to be scored; of more, the best are scored while others are still being found. */
const mostWaiting = 2 ** 16;

/**
 * Offers `collector` every wanted pair of finite rows that it may keep, with its closeness. `proposals` is an empty
 * collector of the same task. Errors: those of reading rows.
 */
export function scoreSketched(
  { a, b, delta, metric, isWanted }: SketchedPair,
  proposals: Collector,
  collector: Collector,
  { tiler, rows }: ScoringMemory,
): void {
  const bounds = pairBounds(a, b, delta, metric);
  const { thresholdsA, thresholdsB, tiles, multiply } = tiler.lay(a, b);
  const waiting = new CandidateList(mostWaiting);
  const raise = (thresholds: Int32Array, side: Side, row: number) => {
    thresholds[row] = bounds.threshold(side, row, proposals.floorOfRow(side, row));
  };
  const score = () =>
    waiting.drain(({ indexA, indexB, most }) => {
      if (most < proposals.floorOf(indexA, indexB) || most < collector.floorOf(indexA, indexB)) return;
      collector.offer(indexA, indexB, rows.closeness(metric, a, indexA, b, indexB));
    });

  for (let row = 0; row < a.frames; row++) raise(thresholdsA, 'a', row);
  for (let row = 0; row < b.frames; row++) raise(thresholdsB, 'b', row);
  for (const tile of tiles) {
    multiply(tile, (indexA, indexB, product) => {
      if (a === b && indexA >= indexB) return;
      const { least, most } = bounds.range(indexA, indexB, product);
      const floor = proposals.floorOf(indexA, indexB);
      // NaN, where a row is not finite, reaches nothing.
      if (!(most >= floor) || !isWanted(indexA, indexB)) return;
      if (waiting.isFull) score();
      waiting.add(indexA, indexB, most);
      if (least < floor) return;
      proposals.offer(indexA, indexB, least);
      raise(thresholdsA, 'a', indexA);
      raise(thresholdsB, 'b', indexB);
    });
  }
  score();
}
