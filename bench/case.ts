/**
 * What a case of the benchmark is: contenders that do the same work, and goals that set giallo against them. A case says
 * what to run and what to reach; it runs nothing but what prepares the data.
 */
import type { Collection } from './collection.js';
import type { CollectionSize } from './room.js';

export interface BenchCase {
  /** As in the table of goals: P1, P2, ... */
  readonly id: string;
  /** The work, in a few words. */
  readonly title: string;
  /** The films that its goals are set for, which `--films` overrides; undefined where their number says nothing. */
  readonly films?: number;
  /** Measured runs at most: of cases that take minutes. */
  readonly rounds?: number;
  /** Prepares what the contenders read and says who runs. */
  plan(bench: Workbench): Promise<Plan>;
}

/** What a case may use. */
export interface Workbench {
  /** The size of the case's collection. */
  readonly size: CollectionSize;
  /** Generated films, of that size but for what is given here. */
  collection(size?: Partial<CollectionSize>): Promise<Collection>;
  /** The collection's vectors in one uncompressed `.npy`, row after row as its films are named; returns its path. */
  vectors(collection: Collection): Promise<string>;
  /** A cache folder with the collection's search index in it, made by this giallo; returns its path. */
  index(collection: Collection): Promise<string>;
  /** A path that a contender may write to, different for each name. */
  output(name: string): string;
  /** The command of giallo as its user runs it. */
  giallo(...args: readonly string[]): Command;
  /** The command of a script in `peers/`, run by Python or by Node as its ending says. */
  peer(script: string, ...args: readonly string[]): Command;
  /** The command of Node itself. */
  node(...args: readonly string[]): Command;
  /** Runs a command that prepares what contenders read. */
  run(command: Command): Promise<void>;
  /** Runs a script of `bench/` by Python to its end and returns what it printed. */
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
  /** Python modules without which it cannot run; a contender that lacks one is reported as missing. */
  readonly modules?: readonly string[];
  /** Packages from npm without which it cannot run. */
  readonly packages?: readonly string[];
  /** The folder where giallo looks for a search index; else an empty one. */
  readonly cache?: string;
  /** Files and folders that it writes: taken away before the next run, whoever's that is. */
  readonly writes?: readonly string[];
  /** Reads what it found from what it printed, or from what it wrote. */
  readonly answer?: (stdout: string) => Answer | Promise<Answer>;
  /** How far its scores may be from others, where its sums are less exact than most. */
  readonly tolerance?: number;
  /** It answers for the first frames alone. */
  readonly isPartial?: boolean;
}

/** What contenders of one case must agree about: scores within `scoreTolerance`, texts exactly. */
export type Answer = ArrayLike<number | string>;

/** What is to be reached: at most so many times another contender's median, or at most so many MB. */
export type Goal = RatioGoal | MemoryGoal;

interface RatioGoal {
  readonly measure: 'wall' | 'memory';
  /** The name of the contender judged. */
  readonly of: string;
  /** The names of those it is divided by: of the least among them that could be measured. */
  readonly against: readonly [string, ...string[]];
  readonly atMost: number;
}

interface MemoryGoal {
  readonly measure: 'MB';
  /** The name of the contender judged. */
  readonly of: string;
  readonly atMost: number;
}
