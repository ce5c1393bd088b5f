/** What is kept of the pairs of frames of two films: what the scoring knows of those who keep it. */
import type { PairResult } from './pair-task.js';

export interface Collector {
  offer(indexA: number, indexB: number, closeness: number): void;
  /** The closeness that a pair needs at least to be kept beside what was offered so far. */
  floorOf(indexA: number, indexB: number): number;
  /** The same by row: a pair may be kept if it reaches the floor of its row of `a` or that of its row of `b`. */
  rowFloors(): RowFloors;
  finish(): PairResult;
}

export interface RowFloors {
  readonly ofA: Float64Array;
  readonly ofB: Float64Array;
}

/** The floors of collectors that look at the closeness of a pair alone. */
export function sameFloors(floor: number, framesA: number, framesB: number): RowFloors {
  return {
    ofA: new Float64Array(framesA).fill(floor),
    ofB: new Float64Array(framesB).fill(Number.POSITIVE_INFINITY),
  };
}
