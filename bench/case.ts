/**
 * A case of the benchmark: contenders that do the same work, and goals for giallo compared with them. A case says what
 * to run and what the goals are. It runs only what prepares the data.
 */
import type { Collection } from './collection.js';
import type { CollectionSize } from './room.js';

export interface BenchCase {
  /** P1, P2, ... */
  readonly id: string;
  /** The work, in a few words. */
  readonly title: string;
  /**
   * How many films its goals are set for, unless `--films` gives another number; undefined if the number does not
   * matter.
   */
  readonly films?: number;
  /** The most measured runs, for cases that take minutes. */
  readonly rounds?: number;
  /** Prepares what the contenders read, and returns the contenders and goals. */
  plan(bench: Workbench): Promise<Plan>;
}

/** What a case can use. */
export interface Workbench {
  /** The size of the case's collection. */
  readonly size: CollectionSize;
  /** Generated films of that size; `size` overrides parts of it. */
  collection(size?: Partial<CollectionSize>): Promise<Collection>;
  /**
   * Writes the vectors of a collection to one uncompressed `.npy`, in the order of the film names; returns its path.
   */
  vectors(collection: Collection): Promise<string>;
  /** Makes a cache folder with the search index of a collection, built by this giallo; returns its path. */
  index(collection: Collection): Promise<string>;
  /** A path for output of a contender, another for each name. */
  output(name: string): string;
  /** The command that runs giallo as its users do. */
  giallo(...args: readonly string[]): Command;
  /** The command that runs a script in `peers/`, by Python or by Node according to its ending. */
  peer(script: string, ...args: readonly string[]): Command;
  /** The command that runs Node itself. */
  node(...args: readonly string[]): Command;
  /** Runs a command that prepares what contenders read. */
  run(command: Command): Promise<void>;
  /** Runs a Python script of `bench/`, and returns what it printed. */
  python(script: string, ...args: readonly string[]): Promise<string>;
}

export type Command = readonly [string, ...string[]];

interface Plan {
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

export interface Contender {
  readonly name: string;
  readonly command: Command;
  /** Python modules that it needs. If one is not installed, the contender is reported as missing. */
  readonly modules?: readonly string[];
  /** Packages from npm that it needs. */
  readonly packages?: readonly string[];
  /** The folder where giallo looks for a search index; an empty one by default. */
  readonly cache?: string;
  /** Files and folders that it writes. They are removed before the next run of any contender. */
  readonly writes?: readonly string[];
  /** Reads its answer from what it printed or wrote. */
  readonly answer?: (stdout: string) => Answer | Promise<Answer>;
  /** How far its scores may be from others, if its sums are less exact than `scoreTolerance` allows. */
  readonly tolerance?: number;
  /** Whether it answers only for the first frames. */
  readonly isPartial?: boolean;
}

/** An answer, on which the contenders of a case must agree: scores within `scoreTolerance`, texts exactly. */
export type Answer = ArrayLike<number | string>;

/** A goal: at most so many times the median of another contender, or at most so many MB. */
export type Goal = RatioGoal | MemoryGoal;

interface RatioGoal {
  readonly measure: 'wall' | 'memory';
  /** The name of the contender that is judged. */
  readonly of: string;
  /** The names of contenders to compare it with: it is divided by the best of those that could be measured. */
  readonly against: readonly [string, ...string[]];
  readonly atMost: number;
}

interface MemoryGoal {
  readonly measure: 'MB';
  /** The name of the contender that is judged. */
  readonly of: string;
  readonly atMost: number;
}
