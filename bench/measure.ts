/**
 * Runs contenders in turn, and takes medians. On a shared machine times change slowly, so the contenders alternate,
 * another one begins in each round, and only ratios within one run of the benchmark are compared.
 */
import type { Answer, Contender } from './case.js';

/** The time and memory of one run. */
export interface Figures {
  readonly wallMs: number;
  /** The processor time of all threads together. */
  readonly processorMs: number;
  readonly peakBytes: number;
}

/** The medians, and the answer of the first run; or why there are none. */
export type Outcome = Measured | Unmeasured;

export interface Measured extends Figures {
  readonly contender: Contender;
  readonly answer?: Answer | undefined;
}

export interface Unmeasured {
  readonly contender: Contender;
  readonly reason: string;
  /** Whether something that it needs is not installed; else it failed. */
  readonly isMissing: boolean;
}

export interface Runner {
  /** Runs a command once. Throws `MissingModule` if something that it needs is missing, another error if it fails. */
  run(contender: Contender): Promise<Figures>;
  /** The answer of the contender that ran last; undefined if it has none. */
  answer(contender: Contender): Promise<Answer | undefined>;
}

export class MissingModule extends Error {}

export function isMeasured(outcome: Outcome): outcome is Measured {
  return 'wallMs' in outcome;
}

/**
 * The medians of `rounds` runs of each contender, after a first run that fills the page cache and shows whether the
 * contender works. Failures in later runs are thrown.
 */
export async function measure(
  contenders: readonly Contender[],
  rounds: number,
  runner: Runner,
): Promise<readonly Outcome[]> {
  const tried: Outcome[] = [];
  for (const contender of contenders) {
    tried.push(await tryOnce(contender, runner));
  }
  const samples = await alternate(
    tried.filter(isMeasured).map((outcome) => outcome.contender),
    rounds,
    runner,
  );
  return tried.map((outcome) => ({ ...outcome, ...medians(samples.get(outcome.contender) ?? []) }));
}

/** The middle value, or the mean of the two middle values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

async function tryOnce(contender: Contender, runner: Runner): Promise<Outcome> {
  try {
    return { contender, ...(await runner.run(contender)), answer: await runner.answer(contender) };
  } catch (error) {
    return { contender, reason: (error as Error).message, isMissing: error instanceof MissingModule };
  }
}

async function alternate(
  contenders: readonly Contender[],
  rounds: number,
  runner: Runner,
): Promise<ReadonlyMap<Contender, readonly Figures[]>> {
  const samples = new Map<Contender, Figures[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    const first = round % Math.max(1, contenders.length);
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      samples.get(contender)?.push(await runner.run(contender));
    }
  }
  return samples;
}

function medians(samples: readonly Figures[]): Figures | undefined {
  if (samples.length === 0) {
    return undefined;
  }
  return {
    wallMs: median(samples.map((sample) => sample.wallMs)),
    processorMs: median(samples.map((sample) => sample.processorMs)),
    peakBytes: median(samples.map((sample) => sample.peakBytes)),
  };
}
