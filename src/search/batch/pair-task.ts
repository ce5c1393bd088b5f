/**
 * The unit of batch work: two films, every frame of one scored against every frame of the other, and what is kept of
 * it. Tasks and their results are plain data that travel between threads.
 */
import type { FilmEntry, ReadingOptions } from '../../collection/film.js';
import type { Metric } from '../../ranking/metric.js';
import { areNear, type Nearness } from '../../ranking/near.js';
import type { Candidate } from './candidate-pool.js';

export interface TaskFilm {
  readonly entry: FilmEntry;
  /** Of the vectors, as the film was measured: what is read for the task must have the same. */
  readonly checksum: string;
  /** Where the search index has it. */
  readonly indexed?: IndexedFiles | undefined;
  /** Sketches that were made for this work alone, which go before those of the index. */
  readonly held?: HeldSketches | undefined;
  /** The shot of each frame. */
  readonly shotOf: Int32Array;
}

/** Where a film lies in the search index. */
export interface IndexedFiles {
  readonly rows: string;
  readonly sketches: string;
  /** What both files must say the film is. */
  readonly fingerprint: string;
  /** Id of the basis of its sketches. */
  readonly basis: string;
  /** How far the basis is from orthonormal, as it says of itself. */
  readonly delta: number;
}

/** A film's sketches in memory that threads share; all films of a run have theirs on one basis. */
export interface HeldSketches {
  /** int16 [frames x width], row-major. */
  readonly codes: Int16Array;
  readonly width: number;
  /** At least what the basis leaves out of each row; NaN for rows that are not finite. */
  readonly remainders: Float32Array;
  /** The largest coding error of the rows. */
  readonly coding: number;
  /** How far the basis is from orthonormal. */
  readonly delta: number;
}

export interface PairTask {
  readonly a: TaskFilm;
  /** May be the same film: then each pair of frames is scored once, and no frame with itself. */
  readonly b: TaskFilm;
  readonly metric: Metric;
  /** In a film with itself: leave out pairs of frames within so many rows, or of one shot. */
  readonly excludeNear: Nearness;
  readonly collect: Collect;
  readonly reading?: ReadingOptions | undefined;
}

/** What is kept of all pairs of frames. */
export type Collect = CollectNearest | CollectShotPairs | CollectGroups;

/** The nearest frames of each frame. */
export interface CollectNearest {
  readonly kind: 'nearest';
  /** So many of each frame at the most. */
  readonly limit: number;
  /** So many in any one shot of the other film. */
  readonly perShot?: number | undefined;
  /** Closeness below which nothing is of use, one a frame of `a`. */
  readonly floorsA: Float64Array;
  /** The same for the frames of `b`, whose nearest in `a` are then kept as well; not for a film with itself. */
  readonly floorsB?: Float64Array | undefined;
}

/**
 * The best pairs of frames, best first; of equal ones those of the lowest indices first, that in `a` before that in `b`.
 * Some that are not among the best of their two shots may be left out.
 */
export interface CollectShotPairs {
  readonly kind: 'shot-pairs';
  /** So many of each pair of shots are enough. */
  readonly limit: number;
  readonly floor: number;
  /** The ordinals of `a` and `b` among the films. */
  readonly ordinals: readonly [number, number];
  /** Only what comes after it. */
  readonly after: Candidate | undefined;
  /** No more than so many pairs, or twice as many for a while. */
  readonly mostPairs: number;
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
  /** From frames of `a` to frames of `b`; of a film with itself in both directions, where they are not the same. */
  readonly forward: FramePairs;
  /** From frames of `b` to frames of `a`; empty unless asked for. */
  readonly backward: FramePairs;
  /** True where there were more pairs than could be kept: those after the last of `forward`. */
  readonly isCut?: boolean;
}

/** A test of pairs of frames: true for all pairs of different films, and in one film for those that are not near. */
export function pairOutsideNear({
  a,
  b,
  excludeNear,
}: Pick<PairTask, 'a' | 'b' | 'excludeNear'>): (indexA: number, indexB: number) => boolean {
  if (a.entry.path !== b.entry.path) return () => true;
  const near = areNear(excludeNear, a.shotOf);
  return (indexA, indexB) => !near(indexA, indexB);
}
