/** The tables and lines that the benchmark prints. */
import type { Goal } from './case.js';
import type { AnswerComparison, Verdict } from './judge.js';
import { isMeasured, type Outcome } from './measure.js';

/** A line for each contender: median wall time, processor time and peak memory, or why it was not measured. */
export function outcomeTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map((outcome) =>
    isMeasured(outcome)
      ? [
          outcome.contender.name,
          `${outcome.wallMs.toFixed(0)} ms`,
          `${outcome.processorMs.toFixed(0)} ms`,
          `${(outcome.peakBytes / 1e6).toFixed(0)} MB`,
        ]
      : [outcome.contender.name, outcome.isMissing ? `missing: ${outcome.reason}` : 'failed'],
  );
  return table([['', 'wall', 'processor', 'memory'], ...rows]);
}

/** A line for each goal: what is compared, the result, the goal, and whether it is met. */
export function verdictTable(verdicts: readonly Verdict[]): string {
  return table(
    verdicts.map(({ goal, value, result }) => [
      subject(goal),
      value === undefined ? '-' : amount(goal, value),
      `at most ${amount(goal, goal.atMost)}`,
      result === 'missed' ? 'MISSED' : result,
    ]),
  );
}

/** A line that says that the machine was busy, if other processes were waiting for a core; else an empty string. */
export function busyLine(load: number, cores: number): string {
  return load <= cores + 1
    ? ''
    : `  the machine was busy, load ${load.toFixed(1)} on ${cores} cores: compare processor times, not wall times\n`;
}

/** A line that says that answers agree; empty if none were compared, or if they differ, which is printed elsewhere. */
export function answerLine({ compared, tolerance, differences }: AnswerComparison): string {
  return compared < 2 || differences.length > 0
    ? ''
    : `  ${compared} answers agree, scores within ${tolerance}\n`;
}

function subject(goal: Goal): string {
  if (goal.measure === 'MB') {
    return `memory of ${goal.of}`;
  }
  const least = goal.against.length > 1 ? `the ${goal.measure === 'wall' ? 'faster' : 'smaller'} of ` : '';
  return `${goal.measure} of ${goal.of} / ${least}${goal.against.join(' and ')}`;
}

function amount(goal: Goal, value: number): string {
  return goal.measure === 'MB' ? `${value.toFixed(0)} MB` : value.toFixed(2);
}

/**
 * A table with the first column aligned left and the others right. The last cell of a short row may be wider than its
 * column.
 */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.filter((row) => row.length === columns).map((row) => row[column].length)),
  );
  widths[0] = Math.max(...rows.map((row) => row[0].length));
  const align = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => `  ${row.map(align).join('  ').trimEnd()}\n`).join('');
}
