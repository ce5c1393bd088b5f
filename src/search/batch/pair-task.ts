/**
 * The unit of batch work: two blocks of films, every frame of one scored against every frame of the other, and what each
 * question keeps of it. Tasks and their results are plain data that travel between threads.
 */
import type { ReadingOptions } from '../../collection/film-arrays.js';
import type { Metric } from '../../ranking/metric.js';
import type { Nearness } from '../../ranking/near.js';
import type { PairCounts } from '../context.js';
import type { Candidate, PoolBounds } from './candidate-pool.js';
import type { FilmBlock } from './film-block.js';

export interface PairTask {
  readonly metric: Metric;
  /** At least one, all about the same two blocks. */
  readonly questions: readonly BlockQuestion[];
  readonly reading?: ReadingOptions | undefined;
  /**
   * Looks at some pairs of two blocks by their sketches alone, and takes the lower bound of each pair for its
   * closeness.
   */
  readonly isSurvey?: boolean;
}

/**
 * So many blocks in a row meet the same earlier blocks before the next ones do: few enough for a thread to keep them
 * open, so that it opens each once for several tasks.
 */
export const keptInTurn = 24;

/** What one question wants of two blocks; its own are the roles of their frames. */
export interface BlockQuestion {
  readonly a: FilmBlock;
  /** May be the same block: then each pair of frames is scored once, and no frame with itself. */
  readonly b: FilmBlock;
  /** Pairs of frames of one film that are left out. */
  readonly excludeNear: Nearness;
  /** Closeness above which pairs are left out. */
  readonly ceiling?: number | undefined;
  readonly collect: Collect;
}

/** What is kept of all pairs of frames. */
export type Collect = CollectNearest | CollectBestOfShots | CollectShotPairs | CollectGroups;

/** The nearest frames of each frame that is asked. */
export interface CollectNearest {
  readonly kind: 'nearest';
  /** So many of each frame at the most. */
  readonly limit: number;
  /** So many in any one film, and in any one shot. */
  readonly perFilm?: number | undefined;
  readonly perShot?: number | undefined;
  /** Closeness below which nothing is of use, one a frame of `a`, and of `b`. */
  readonly floorsA: Float64Array;
  readonly floorsB: Float64Array;
}

/** The best pair of each shot of one film with each other film; of equal pairs, the one with the lowest indices. */
export interface CollectBestOfShots {
  readonly kind: 'best-of-shots';
}

/**
 * The best pairs of frames, best first; equal pairs in the order of their numbers in `a`, then in `b`. Pairs that are
 * not among the best of their two shots may be left out.
 */
export interface CollectShotPairs extends PoolBounds {
  readonly kind: 'shot-pairs';
  /** So many of each pair of shots are enough. */
  readonly limit: number;
}

/** Which frames hang together through pairs at or above the floor. */
export interface CollectGroups {
  readonly kind: 'groups';
  readonly floor: number;
}

/** Pairs of frames with their closeness, in columns: frame `from[i]` and frame `to[i]`, numbered through all films. */
export interface FramePairs {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly closeness: Float64Array;
}

export type FramePair = readonly [from: number, to: number, closeness: number];

export interface PairResult {
  /** From frames of `a` to frames of `b`; for one block in both directions, if these differ. */
  readonly forward: FramePairs;
  /** From frames of `b` to frames of `a`; empty unless asked for. */
  readonly backward: FramePairs;
  /** Of pairs of shots: up to here none is missing in `forward`. */
  readonly end?: Candidate;
}

export interface ScoredPair {
  /** What each question keeps, in their order. */
  readonly found: readonly PairResult[];
  readonly counts: PairCounts;
}

/** What the scoring knows of those who keep pairs. */
export interface Collector {
  /** Closeness above which pairs are left out. */
  readonly ceiling: number;
  /**
   * The floors of rows, which rise with what is offered: a pair is kept only if its closeness reaches the floor of its
   * row of `a` or of its row of `b`.
   */
  readonly floorsA: Float64Array;
  readonly floorsB: Float64Array;
  /** The least closeness that this pair needs: infinite where it is of use to nobody. */
  floorOf(rowA: number, rowB: number): number;
  /** The closeness above which this pair adds nothing; by default `ceiling`. */
  ceilingOf?(rowA: number, rowB: number): number;
  /** True if nothing is known of the floors beforehand: then the closest pairs of rows should be offered first. */
  readonly isBlind?: boolean;
  /** True where pairs of little closeness are the most useful. */
  readonly wantsLeastFirst?: boolean;
  offer(rowA: number, rowB: number, closeness: number): void;
  /** What was kept; if `end` is given, pairs that come after it may not have been offered. */
  finish(end?: Candidate): PairResult;
  /** Up to here its floors have turned away no pair of the answer. */
  end?(): Candidate;
  /** Lends its memory to the collectors of other tasks, after `finish` or in its place. */
  release?(): void;
}

/** Pairs in columns, which are copied between threads as they are; numbers are counted from these first frames on. */
export function packPairs(pairs: readonly FramePair[], firstFrom: number, firstTo: number): FramePairs {
  const packed = roomForPairs(pairs.length);
  for (const [i, [from, to, closeness]] of pairs.entries()) {
    packed.from[i] = firstFrom + from;
    packed.to[i] = firstTo + to;
    packed.closeness[i] = closeness;
  }
  return packed;
}

/** Columns for so many pairs. */
export function roomForPairs(count: number): FramePairs {
  return { from: new Int32Array(count), to: new Int32Array(count), closeness: new Float64Array(count) };
}
