/** Reads the command line of the benchmark. */
import { parseArgs } from 'node:util';
import { BenchFailure } from './failure.js';

export interface BenchOptions {
  /** What to do: compare giallo with its peers, measure how its cost grows with the films, or print the help. */
  readonly task: 'compare' | 'growth' | 'help';
  /** Ids of the cases to compare; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** Whether a missed goal is a failure. */
  readonly isJudged: boolean;
  /** Whether to install packages from npm as peers. */
  readonly hasPackages: boolean;
  /** How many runs of each contender to measure. */
  readonly rounds: number;
  /** Numbers of films: several for `growth`, one for `compare`; undefined for the number that each case is set for. */
  readonly films: readonly number[] | undefined;
  /** The number of frames of each film. */
  readonly frames: number;
  /** How many numbers each frame has. */
  readonly dim: number;
}

export const usage = `npm run bench -- [option...]

  --only <id,...>      these cases (P1, P1i, P2 to P12; default: all; P8 to P10 take an hour)
  --films <n>          films in a collection (default: 20; in some cases 110)
  --frames <n>         frames in a film (default: 1500; 300 with --growth)
  --rounds <n>         measured runs of each contender (default: 5)
  --peers              also run usearch, sqlite-vec and DuckDB from npm; installs them into bench/.data
  --quick              run a little work once, to see that everything works; goals are not judged
  --growth             run only giallo, with more and more films: --films <n,...> (default: 10,20,40,80,160)

The peers run with the Python that $GIALLO_BENCH_PYTHON names, by default python3.
Films and results are in bench/.data: at most 9 GB, 13 GB with --peers.
`;

const standard = { rounds: 5, films: undefined, frames: 1500 };
// To see that everything works; goals cannot be judged by so little work.
const quick = { rounds: 1, films: [4], frames: 200 };
// Batch work grows with the square of the frames. With fewer frames in each film, many films take only minutes.
const growth = { rounds: 5, films: [10, 20, 40, 80, 160], frames: 300 };
const quickGrowth = { rounds: 1, films: [2, 4, 8], frames: 100 };
const dim = 3072;

/** Throws a `BenchFailure` if options are wrong. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const values = parse(argv);
  if (values.growth && values.only !== undefined) {
    throw new BenchFailure('--only: expected without --growth, which has no cases');
  }
  const defaults = values.growth ? (values.quick ? quickGrowth : growth) : values.quick ? quick : standard;
  const films = values.films?.split(',').map((text) => count('films', text));
  if (!values.growth && films !== undefined && films.length > 1) {
    throw new BenchFailure(`--films: expected one number without --growth, found ${values.films}`);
  }
  return {
    task: values.help ? 'help' : values.growth ? 'growth' : 'compare',
    only: values.only?.split(','),
    isJudged: !values.quick,
    hasPackages: values.peers,
    rounds: values.rounds === undefined ? defaults.rounds : count('rounds', values.rounds),
    films: films ?? defaults.films,
    frames: values.frames === undefined ? defaults.frames : count('frames', values.frames),
    dim,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        growth: { type: 'boolean', default: false },
        peers: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
        rounds: { type: 'string' },
        films: { type: 'string' },
        frames: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new BenchFailure((error as Error).message);
  }
}

function count(option: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new BenchFailure(`--${option}: expected a number from 1, found ${value}`);
  }
  return Number(value);
}
