/** Asks several respondents the same questions in turn, and compares their answers. */
import { isDeepStrictEqual } from 'node:util';
import type { Collection } from '../../src/collection/collection.js';
import type { FrameName } from '../../src/collection/frame-name.js';
import { type SimilarOptions, similar, similarBatch } from '../../src/reports/similar.js';
import type { SearchContext } from '../../src/search/context.js';
import { randomFrom } from '../../test/seeded-numbers.js';

export interface Respondent {
  readonly name: string;
  readonly collection: Collection;
  readonly context: SearchContext;
  /** How many questions are timed one by one; it answers the others in one pass. All by default. */
  readonly most?: number;
}

interface AskedAll {
  readonly timings: readonly Timing[];
  readonly isSame: boolean;
  /** Answers that were compared with those of the first respondent. */
  readonly compared: number;
}

/** How long one respondent took. */
interface Timing {
  readonly name: string;
  /** The wall time of each question. */
  readonly elapsedMs: readonly number[];
  /** The mean processor time of a question, of all threads and servers. */
  readonly processorMs: number;
}

const options: SimilarOptions = { k: 10, scope: 'others' };

/** Frames drawn from all films by a seed: the same collection has the same questions. */
export function seededQuestions({ films }: Collection, frames: number, count: number): FrameName[] {
  const random = randomFrom(1963);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, () => ({
    film: films[below(films.length)]?.name ?? '',
    frame: below(frames),
  }));
}

/** `processorMs` reads the clock of processor time. */
export async function askAll(
  respondents: readonly Respondent[],
  questions: readonly FrameName[],
  processorMs: () => number,
): Promise<AskedAll> {
  const running = respondents.map((respondent) => ({
    ...respondent,
    answers: [] as unknown[],
    elapsedMs: [] as number[],
    processorMs: 0,
  }));
  // The first question of each respondent opens files and connections.
  for (const { collection, context } of running) {
    await similar(collection, questions.slice(0, 1), options, context);
  }
  for (const [number, question] of questions.entries()) {
    for (const one of running) {
      if (number >= (one.most ?? questions.length)) continue;
      const [startedMs, usedMs] = [performance.now(), processorMs()];
      one.answers.push(await similar(one.collection, [question], options, one.context));
      one.elapsedMs.push(performance.now() - startedMs);
      one.processorMs += processorMs() - usedMs;
    }
  }
  for (const { collection, context, most, answers } of running) {
    const rest = questions.slice(most ?? questions.length).map((question) => [question]);
    if (rest.length > 0) answers.push(...(await similarBatch(collection, rest, options, context)));
  }
  const [first, ...others] = running.map(({ answers }) => answers);
  return {
    timings: running.map(({ name, elapsedMs, processorMs: ms }) => {
      return { name, elapsedMs, processorMs: ms / elapsedMs.length };
    }),
    isSame: others.every((other) => isDeepStrictEqual(other, first)),
    compared: others.length * questions.length,
  };
}

/** The quantile of the values: `part` of them are not above it. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}
