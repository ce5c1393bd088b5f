/**
 * What a case of the benchmark is: contenders that do the same work, and goals that set giallo against them. A case says
 * what to run and what to reach; it runs nothing.
 */
import type { Collection, CollectionSize } from './collection.js';

export interface BenchCase {
  /** As in the table of goals: P1, P2, ... */
  readonly id: string;
  /** The work, in a few words. */
  readonly title: string;
  /** Prepares what the contenders read and says who runs. */
  plan(bench: Workbench): Promise<Plan>;
}

/** What a case may use. */
export interface Workbench {
  /** Generated films, of the size asked for on the command line but for what is given here. */
  collection(size?: Partial<CollectionSize>): Promise<Collection>;
  /** The command of giallo as its user runs it. */
  giallo(...args: readonly string[]): Command;
  /** The command of a script in `peers/`, run by Python or by Node as its ending says. */
  peer(script: string, ...args: readonly string[]): Command;
  /** The command of Node itself. */
  node(...args: readonly string[]): Command;
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
  /** Reads the scores from what it printed, best first. Contenders of one case that have scores must agree. */
  readonly scores?: (stdout: string) => readonly number[];
}

/** What is to be reached: at most so many times another contender's median, or at most so many MB. */
export type Goal = RatioGoal | MemoryGoal;

interface RatioGoal {
  readonly measure: 'wall' | 'memory';
  /** The name of the contender judged, and of the one it is divided by. */
  readonly of: string;
  readonly against: string;
  readonly atMost: number;
}

interface MemoryGoal {
  readonly measure: 'MB';
  /** The name of the contender judged. */
  readonly of: string;
  readonly atMost: number;
}
