/** Holds what was measured against the goals, and the contenders' answers against each other. Pure. */
import type { Goal } from './case.js';
import { isMeasured, type Measured, type Outcome } from './measure.js';

export interface Verdict {
  readonly goal: Goal;
  /** A ratio, or MB. */
  readonly value: number | undefined;
  readonly result: 'met' | 'missed' | 'not judged';
}

export interface AnswerComparison {
  readonly compared: number;
  readonly differences: readonly string[];
}

/** Peers work in float32, and who is named among equals is open: so scores are compared, and not to the bit. */
export const scoreTolerance = 1e-6;

/** A verdict for each goal, in their order. A goal whose contenders were not measured is not judged. */
export function judge(goals: readonly Goal[], outcomes: readonly Outcome[]): readonly Verdict[] {
  const measured = new Map(outcomes.filter(isMeasured).map((outcome) => [outcome.contender.name, outcome]));
  return goals.map((goal) => {
    const value = figureOf(goal, measured);
    return { goal, value, result: resultOf(goal, value) };
  });
}

/** One line for each contender that failed; those that are missing did not. */
export function failures(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap((outcome) =>
    isMeasured(outcome) || outcome.isMissing ? [] : [`${outcome.contender.name} failed: ${outcome.reason}`],
  );
}

/** How many contenders' scores were compared, and one line for each whose scores are not those of the first. */
export function compareAnswers(outcomes: readonly Outcome[]): AnswerComparison {
  const answers = outcomes.filter(isMeasured).flatMap(({ contender, stdout }) => {
    const scores = contender.scores?.(stdout);
    return scores === undefined ? [] : [{ name: contender.name, scores }];
  });
  const [first, ...others] = answers;
  const differences = others.flatMap(({ name, scores }) => {
    const difference = firstDifference(first.scores, scores);
    return difference === undefined ? [] : [`${first.name} and ${name} differ: ${difference}`];
  });
  return { compared: answers.length, differences };
}

function figureOf(goal: Goal, measured: ReadonlyMap<string, Measured>): number | undefined {
  const of = measured.get(goal.of);
  if (goal.measure === 'MB') {
    return of && of.peakBytes / 1e6;
  }
  const against = measured.get(goal.against);
  const measure = goal.measure === 'wall' ? 'wallMs' : 'peakBytes';
  return of && against && of[measure] / against[measure];
}

function resultOf(goal: Goal, value: number | undefined): Verdict['result'] {
  if (value === undefined) {
    return 'not judged';
  }
  return value <= goal.atMost ? 'met' : 'missed';
}

function firstDifference(a: readonly number[], b: readonly number[]): string | undefined {
  if (a.length !== b.length) {
    return `${a.length} and ${b.length} results`;
  }
  const place = a.findIndex((score, i) => !(Math.abs(score - b[i]) <= scoreTolerance));
  return place === -1 ? undefined : `${a[place]} and ${b[place]} at place ${place + 1}`;
}
