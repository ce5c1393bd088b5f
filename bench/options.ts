/** What the command line of the benchmark means. */
import { parseArgs } from 'node:util';
import type { CollectionSize } from './collection.js';

export interface BenchOptions {
  /** Ids of the cases to run; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Whether a missed goal counts. */
  readonly isJudged: boolean;
  /** Measured runs of each contender. */
  readonly rounds: number;
  readonly size: CollectionSize;
}

const standard = { rounds: 5, films: 20, frames: 1500 };
// To see that everything works. So little work says nothing about the goals.
const quick = { rounds: 1, films: 4, frames: 200 };
const dim = 3072;

/** Throws a `TypeError` or `RangeError` on options that mean nothing. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      films: { type: 'string' },
      frames: { type: 'string' },
    },
  });
  const defaults = values.quick ? quick : standard;
  return {
    only: values.only?.split(','),
    isJudged: !values.quick,
    rounds: count('rounds', values.rounds, defaults.rounds),
    size: {
      films: count('films', values.films, defaults.films),
      frames: count('frames', values.frames, defaults.frames),
      dim,
    },
  };
}

function count(option: string, value: string | undefined, standardValue: number): number {
  const number = value === undefined ? standardValue : Number(value);
  if (!Number.isInteger(number) || number < 1) {
    throw new RangeError(`--${option}: expected a number from 1, found ${value}`);
  }
  return number;
}
