/** What is kept of the pairs of frames of two films: what the scoring knows of those who keep it. */
import type { PairResult } from './pair-task.js';

export interface Collector {
  offer(indexA: number, indexB: number, closeness: number): void;
  /** The closeness that a pair needs at least to be kept beside what was offered so far. */
  floorOf(indexA: number, indexB: number): number;
  /**
   * The same by row of one side: a pair that is kept reaches the floor of its row of `a` or that of its row of `b`.
   */
  floorOfRow(side: Side, row: number): number;
  finish(): PairResult;
}

/** The film of a row, by its place in the task. */
export type Side = 'a' | 'b';

/** The floor of a row in a collector that looks at the closeness of a pair alone: one side says it for both. */
export function floorOnce(floor: number, side: Side): number {
  return side === 'a' ? floor : Number.POSITIVE_INFINITY;
}
