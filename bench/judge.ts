/** Compares what was measured with the goals, and the answers of the contenders with each other. */
import type { Answer, Goal } from './case.js';
import { isMeasured, type Measured, type Outcome } from './measure.js';

export interface Verdict {
  readonly goal: Goal;
  /** A ratio, or MB. */
  readonly value: number | undefined;
  readonly result: 'met' | 'missed' | 'not judged';
}

export interface AnswerComparison {
  readonly compared: number;
  /** How far their scores may be from each other: the largest tolerance of any of them. */
  readonly tolerance: number;
  readonly differences: readonly string[];
}

/**
 * Scores are compared and not frames, since equal scores can be in any order. They need not be the same bits, since
 * peers work in float32.
 */
const scoreTolerance = 1e-6;

/** A verdict for each goal, in their order. A goal is not judged if its contenders were not measured. */
export function judge(goals: readonly Goal[], outcomes: readonly Outcome[]): readonly Verdict[] {
  const measured = new Map(outcomes.filter(isMeasured).map((outcome) => [outcome.contender.name, outcome]));
  return goals.map((goal) => {
    const value = figureOf(goal, measured);
    return { goal, value, result: resultOf(goal, value) };
  });
}

/** A line for each contender that failed. Missing ones have not failed. */
export function failures(outcomes: readonly Outcome[]): readonly string[] {
  return outcomes.flatMap((outcome) =>
    isMeasured(outcome) || outcome.isMissing ? [] : [`${outcome.contender.name} failed: ${outcome.reason}`],
  );
}

/** How many answers were compared, and a line for each contender whose answer differs from that of the first. */
export function compareAnswers(outcomes: readonly Outcome[]): AnswerComparison {
  const answers = outcomes
    .filter(isMeasured)
    .flatMap(({ contender, answer }) => (answer === undefined ? [] : [{ ...contender, answer }]));
  const [first, ...others] = answers;
  const differences = others.flatMap(({ name, answer, isPartial, tolerance = scoreTolerance }) => {
    const expected = isPartial ? Array.prototype.slice.call(first.answer, 0, answer.length) : first.answer;
    const difference = firstDifference(expected, answer, tolerance);
    return difference === undefined ? [] : [`${first.name} and ${name} differ: ${difference}`];
  });
  const tolerance = Math.max(...answers.map((answer) => answer.tolerance ?? scoreTolerance));
  return { compared: answers.length, tolerance, differences };
}

function figureOf(goal: Goal, measured: ReadonlyMap<string, Measured>): number | undefined {
  const of = measured.get(goal.of);
  if (goal.measure === 'MB') {
    return of && of.peakBytes / 1e6;
  }
  const measure = goal.measure === 'wall' ? 'wallMs' : 'peakBytes';
  const against = goal.against.flatMap((name) => measured.get(name)?.[measure] ?? []);
  return of && against.length > 0 ? of[measure] / Math.min(...against) : undefined;
}

function resultOf(goal: Goal, value: number | undefined): Verdict['result'] {
  if (value === undefined) {
    return 'not judged';
  }
  return value <= goal.atMost ? 'met' : 'missed';
}

function firstDifference(a: Answer, b: Answer, tolerance: number): string | undefined {
  if (a.length !== b.length) {
    return `${a.length} and ${b.length} results`;
  }
  for (let i = 0; i < a.length; i++) {
    if (!isSame(a[i], b[i], tolerance)) {
      return `${a[i]} and ${b[i]} at place ${i + 1}`;
    }
  }
  return undefined;
}

function isSame(a: number | string, b: number | string, tolerance: number): boolean {
  return typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) <= tolerance : a === b;
}
