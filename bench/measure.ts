/**
 * Runs contenders in turn and takes medians. Times on a shared machine drift, so contenders alternate, the one that
 * begins changes from round to round, and what counts is their ratio within one run of the benchmark.
 */
import type { Answer, Contender } from './case.js';

/** What one run took. */
export interface Figures {
  readonly wallMs: number;
  /** Of all threads together. */
  readonly processorMs: number;
  readonly peakBytes: number;
}

/** Medians, and what was answered in the first run; or why there are none. */
export type Outcome = Measured | Unmeasured;

export interface Measured extends Figures {
  readonly contender: Contender;
  readonly answer?: Answer | undefined;
}

export interface Unmeasured {
  readonly contender: Contender;
  readonly reason: string;
  /** Something that it needs is not installed, which is nobody's fault; else it failed. */
  readonly isMissing: boolean;
}

export interface Runner {
  /** Runs a command once. Throws `MissingModule` when it cannot, another error when it fails. */
  run(contender: Contender): Promise<Figures>;
  /** What the contender that ran last answered; undefined if it has no answer. */
  answer(contender: Contender): Promise<Answer | undefined>;
}

export class MissingModule extends Error {}

export function isMeasured(outcome: Outcome): outcome is Measured {
  return 'wallMs' in outcome;
}

/**
 * The medians of `rounds` runs of each contender, after one run that fills the page cache and shows whether it works at
 * all. A failure after that is thrown.
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

/** The middle value; of an even number of values the mean of the middle two. */
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
