/** The same questions to several respondents, in turn, and whether they answer alike. */
import { isDeepStrictEqual } from 'node:util';
import type { Collection } from '../../src/collection/collection.js';
import { type SimilarOptions, similar, similarBatch } from '../../src/reports/similar.js';
import type { SearchContext } from '../../src/search/context.js';
import type { FrameName } from '../../src/search/query-frames.js';
import { randomFrom } from '../../test/engine/nodes/generated-films.js';

export interface Respondent {
  readonly name: string;
  readonly collection: Collection;
  readonly context: SearchContext;
  /** How many questions it is timed with; the others it answers in one pass. All by default. */
  readonly most?: number;
}

export interface AskedAll {
  /** The time of each question, by respondent. */
  readonly elapsedMs: ReadonlyMap<string, readonly number[]>;
  readonly isSame: boolean;
  /** Answers that were compared with those of the first respondent. */
  readonly compared: number;
}

const options: SimilarOptions = { k: 10, scope: 'others' };

/** Frames drawn from all films, the same for the same collection. */
export function seededQuestions({ films }: Collection, frames: number, count: number): FrameName[] {
  const random = randomFrom(1963);
  const below = (limit: number) => Math.floor(random() * limit);
  return Array.from({ length: count }, () => ({
    film: films[below(films.length)]?.name ?? '',
    frame: below(frames),
  }));
}

export async function askAll(
  respondents: readonly Respondent[],
  questions: readonly FrameName[],
): Promise<AskedAll> {
  const elapsedMs = new Map<string, number[]>(respondents.map(({ name }) => [name, []]));
  const answers = new Map<string, unknown[]>(respondents.map(({ name }) => [name, []]));
  // The first question of each opens files and connections.
  for (const { collection, context } of respondents)
    await similar(collection, questions.slice(0, 1), options, context);
  for (const [number, question] of questions.entries()) {
    for (const { name, collection, context, most = questions.length } of respondents) {
      if (number >= most) continue;
      const startedMs = performance.now();
      const answer = await similar(collection, [question], options, context);
      elapsedMs.get(name)?.push(performance.now() - startedMs);
      answers.get(name)?.push(answer);
    }
  }
  for (const { name, collection, context, most } of respondents) {
    if (most === undefined) continue;
    const rest = questions.slice(most).map((question) => [question]);
    answers.get(name)?.push(...(await similarBatch(collection, rest, options, context)));
  }
  const [first, ...others] = [...answers.values()];
  const isSame = others.every((other) => isDeepStrictEqual(other, first));
  return { elapsedMs, isSame, compared: others.length * questions.length };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that so large a part of the values does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? Number.NaN;
}
