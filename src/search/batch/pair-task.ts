/**
 * The unit of batch work: two films, every frame of one scored against every frame of the other, and what is kept of
 * it. Tasks and their results are plain data that travel between threads.
 */
import type { FilmEntry, ReadingOptions } from '../../collection/film.js';
import type { Metric } from '../../ranking/metric.js';

export interface TaskFilm {
  readonly entry: FilmEntry;
  /** Where the search index has it. */
  readonly indexed?: IndexedFiles | undefined;
  /** The shot of each frame, where shots matter. */
  readonly shotOf?: Int32Array | undefined;
}

/** Where a film lies in the search index. */
export interface IndexedFiles {
  readonly rows: string;
  readonly sketches: string;
  /** Id of the basis of its sketches. */
  readonly basis: string;
  /** How far the basis is from orthonormal, as it says of itself. */
  readonly delta: number;
}

export interface PairTask {
  readonly a: TaskFilm;
  /** May be the same film: then each pair of frames is scored once, and no frame with itself. */
  readonly b: TaskFilm;
  readonly metric: Metric;
  /** In a film with itself: leave out pairs of frames within so many rows, or of one shot. */
  readonly excludeNear: number | 'shot';
  readonly collect: Collect;
  readonly reading?: ReadingOptions | undefined;
}

/** What is kept of all pairs of frames. */
export type Collect = CollectNearest | CollectShotPairs | CollectGroups;

/** The nearest frames of each frame. */
export interface CollectNearest {
  readonly kind: 'nearest';
  readonly limit: number;
  readonly perShot?: number | undefined;
  /** Closeness below which nothing is of use, one a frame of `a`. */
  readonly floorsA: Float64Array;
  /** The same for the frames of `b`, whose nearest in `a` are then kept as well. */
  readonly floorsB?: Float64Array | undefined;
}

/** The best pairs of frames of each pair of shots. */
export interface CollectShotPairs {
  readonly kind: 'shot-pairs';
  /** So many of each pair of shots. */
  readonly limit: number;
  readonly floor: number;
}

/** Which frames hang together through pairs at or above the floor. */
export interface CollectGroups {
  readonly kind: 'groups';
  readonly floor: number;
}

/** Pairs of frames with their closeness, in columns: frame `from[i]` and frame `to[i]`. */
export interface FramePairs {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly closeness: Float64Array;
}

export interface PairResult {
  /** From frames of `a` to frames of `b`. */
  readonly forward: FramePairs;
  /** From frames of `b` to frames of `a`; empty unless asked for. */
  readonly backward: FramePairs;
}
