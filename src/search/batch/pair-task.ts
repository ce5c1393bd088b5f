/**
 * The unit of batch work: every frame of one block of films is scored with every frame of another, and each question
 * keeps what it needs of it. Work, tasks and results are plain data that travel between threads.
 */
import type { ReadingOptions } from '../../collection/film-arrays.js';
import type { Metric } from '../../ranking/metric.js';
import type { Nearness } from '../../ranking/near.js';
import type { PairCounts } from '../context.js';
import type { Candidate, PoolBounds } from './candidate-pool.js';
import type { FilmBlock } from './film-block.js';

/** What all tasks have in common. A thread is sent it once: blocks of many films take long to send. */
export interface PairWork {
  readonly metric: Metric;
  /** All are about the same films. */
  readonly questions: readonly WorkQuestion[];
  readonly reading?: ReadingOptions | undefined;
}

/** What one question asks of every two blocks. */
export interface WorkQuestion {
  /** All films, packed: the roles of their frames are the question's. */
  readonly blocks: readonly FilmBlock[];
  /** Which pairs of frames of one film are left out. */
  readonly excludeNear: Nearness;
  /** Closeness above which pairs are left out. */
  readonly ceiling?: number | undefined;
}

export interface PairTask {
  /** The numbers of two blocks. If they are equal, each pair of frames is scored once, and no frame with itself. */
  readonly a: number;
  readonly b: number;
  /** The questions that need these blocks, at least one: the place of each in the work, and what it collects. */
  readonly asked: readonly { readonly question: number; readonly collect: Collect }[];
}

/**
 * So many consecutive blocks are scored with the blocks of a band before the next ones are: few enough for a thread to
 * keep them open, so that it opens each once for several tasks.
 */
export const keptInTurn = 24;
/**
 * The most blocks that a thread keeps: those that come in turn, the last two of the band that they met, and the next
 * two.
 */
export const mostKept = keptInTurn + 4;

/** What a task asks: all questions are about the same two blocks. */
export interface AskedBlocks {
  readonly metric: Metric;
  readonly questions: readonly BlockQuestion[];
}

/** What one question asks of two blocks, which may be the same one. */
export interface BlockQuestion extends Omit<WorkQuestion, 'blocks'> {
  readonly a: FilmBlock;
  readonly b: FilmBlock;
  readonly collect: Collect;
}

/** What a task of this work asks. */
export function askedBlocks({ metric, questions }: PairWork, { a, b, asked }: PairTask): AskedBlocks {
  return {
    metric,
    questions: asked.map(({ question, collect }) => {
      const { blocks, ...others } = questions[question];
      return { ...others, a: blocks[a], b: blocks[b], collect };
    }),
  };
}

/** What is kept of all pairs of frames. */
export type Collect = CollectNearest | CollectBestOfShots | CollectShotPairs | CollectGroups;

/** The nearest frames of each frame that is asked about. */
export interface CollectNearest {
  readonly kind: 'nearest';
  /** The most for one frame. */
  readonly limit: number;
  /** The most in any one film, and in any one shot. */
  readonly perFilm?: number | undefined;
  readonly perShot?: number | undefined;
  /** The least closeness that is kept, for each frame of `a`, and of `b`. */
  readonly floorsA: Float64Array;
  readonly floorsB: Float64Array;
}

/** The best pair of each shot of one film with each other film; of equal pairs, the one with the lowest indices. */
interface CollectBestOfShots {
  readonly kind: 'best-of-shots';
}

/**
 * The best pairs of frames, best first; equal pairs in the order of their numbers in `a`, then in `b`. Pairs that are
 * not among the best of their two shots may be left out.
 */
export interface CollectShotPairs extends PoolBounds {
  readonly kind: 'shot-pairs';
  /** How many pairs of each pair of shots are enough. */
  readonly limit: number;
}

/** The groups of frames that are joined by pairs at or above the floor. */
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

/**
 * Keeps the pairs of frames of two blocks that a question needs, and tells the scoring which pairs are no longer
 * needed.
 */
export interface Collector {
  /** Closeness above which pairs are left out. */
  readonly ceiling: number;
  /**
   * The floors of rows, which rise with the pairs offered: a pair is kept only if its closeness reaches the floor of
   * its row of `a` or of its row of `b`.
   */
  readonly floorsA: Float64Array;
  readonly floorsB: Float64Array;
  /** The least closeness with which this pair is kept; infinite if it can never be kept. */
  floorOf(rowA: number, rowB: number): number;
  /** The closeness above which this pair adds nothing; by default `ceiling`. */
  ceilingOf?(rowA: number, rowB: number): number;
  /** True if the floors are not known beforehand: then the closest pairs of rows should be offered first. */
  readonly isBlind?: boolean;
  /** True if the least close pairs should be offered first. */
  readonly wantsLeastFirst?: boolean;
  offer(rowA: number, rowB: number, closeness: number): void;
  /** The pairs kept. If `end` is given, pairs that come after it may not have been offered. */
  finish(end?: Candidate): PairResult;
  /** Its floors have turned away no pair of the answer up to this candidate. */
  end?(): Candidate;
  /** Gives its memory to the collectors of other tasks, after `finish` or instead of it. */
  release?(): void;
}

/**
 * The pairs in columns, which are copied between threads. `firstFrom` and `firstTo` are added to the numbers of frames.
 */
export function packPairs(pairs: readonly FramePair[], firstFrom: number, firstTo: number): FramePairs {
  const packed = roomForPairs(pairs.length);
  for (const [i, [from, to, closeness]] of pairs.entries()) {
    packed.from[i] = firstFrom + from;
    packed.to[i] = firstTo + to;
    packed.closeness[i] = closeness;
  }
  return packed;
}

/** Columns for `count` pairs. */
export function roomForPairs(count: number): FramePairs {
  return { from: new Int32Array(count), to: new Int32Array(count), closeness: new Float64Array(count) };
}
