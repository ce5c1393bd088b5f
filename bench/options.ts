/** What the command line of the benchmark means. */
import { parseArgs } from 'node:util';
import { BenchFailure } from './failure.js';

export interface BenchOptions {
  /** What to do: set giallo against its peers, show how its cost grows with the films, or say what can be chosen. */
  readonly task: 'compare' | 'growth' | 'help';
  /** Ids of the cases to compare; undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Whether a missed goal counts. */
  readonly isJudged: boolean;
  /** Whether packages from npm are installed as peers. */
  readonly hasPackages: boolean;
  /** Measured runs of each contender. */
  readonly rounds: number;
  /** Numbers of films: one for `compare`, undefined: what each case asks for; several for `growth`. */
  readonly films: readonly number[] | undefined;
  /** Frames a film. */
  readonly frames: number;
  /** Numbers a frame. */
  readonly dim: number;
}

export const usage = `npm run bench -- [option...]

  --only <id,...>      these cases (P1, P1i, P2 to P12; default: all; P8 to P10 take an hour)
  --films <n>          films of a collection (default: 20; 110 where the goal is set for 110)
  --frames <n>         frames a film (default: 1500; 300 with --growth)
  --rounds <n>         measured runs of each contender (default: 5)
  --peers              also what people install from npm: usearch, sqlite-vec, DuckDB; installs them into bench/.data
  --quick              little work, once, to see that everything works; judges nothing
  --growth             giallo alone, as films are added; --films takes numbers (default: 10,20,40,80,160)

$GIALLO_BENCH_PYTHON names the Python of the peers, else python3. Films and results lie in bench/.data: 9 GB at most, 13 GB with --peers.
`;

const standard = { rounds: 5, films: undefined, frames: 1500 };
// To see that everything works. So little work says nothing about the goals.
const quick = { rounds: 1, films: [4], frames: 200 };
// Batch work grows with the square of the frames: fewer a film let many films end in minutes.
const growth = { rounds: 5, films: [10, 20, 40, 80, 160], frames: 300 };
const quickGrowth = { rounds: 1, films: [2, 4, 8], frames: 100 };
const dim = 3072;

/** Throws a `BenchFailure` on options that mean nothing. */
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
