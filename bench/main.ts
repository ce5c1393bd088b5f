/**
 * `npm run bench`: giallo against what people use today, on the same data in one run. `--only P1,P7` chooses cases,
 * `--quick` sees in seconds whether everything works, `--films`, `--frames` and `--rounds` change the size. Ends with
 * status 1 when a goal is missed, answers differ or a contender fails.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import type { BenchCase, Workbench } from './case.js';
import { chooseCases } from './cases.js';
import { compareAnswers, failures, judge } from './judge.js';
import { createRunner } from './launch.js';
import { measure, type Runner } from './measure.js';
import { type BenchOptions, readOptions } from './options.js';
import { findPython, type Python } from './python.js';
import { answerLine, outcomeTable, verdictTable } from './table.js';
import { createWorkbench } from './workbench.js';

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;

async function main(argv: readonly string[]): Promise<boolean> {
  const options = readOptions(argv);
  const cases = chooseCases(options.only);
  const python = findPython();
  const scratch = await mkdtemp(`${tmpdir()}/giallo-bench-`);
  try {
    print(await heading(options, python));
    const run = createRunner(python, scratch);
    const bench = createWorkbench(options.size, python);
    let isGood = true;
    for (const benchCase of cases) {
      isGood = (await runCase(benchCase, options, bench, run)) && isGood;
    }
    return isGood;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function runCase(
  benchCase: BenchCase,
  options: BenchOptions,
  bench: Workbench,
  run: Runner,
): Promise<boolean> {
  print(`\n${benchCase.id}  ${benchCase.title}\n`);
  const { contenders, goals } = await benchCase.plan(bench);
  const outcomes = await measure(contenders, options.rounds, run);
  const verdicts = judge(goals, outcomes);
  const answers = compareAnswers(outcomes);
  const faults = [...failures(outcomes), ...answers.differences];
  print(
    outcomeTable(outcomes),
    verdictTable(verdicts),
    answerLine(answers),
    ...faults.map((fault) => `  ${fault}\n`),
  );
  return faults.length === 0 && (!options.isJudged || verdicts.every(({ result }) => result !== 'missed'));
}

async function heading({ size, rounds, isJudged }: BenchOptions, python: Python): Promise<string> {
  const modules = ['numpy', 'faiss'].map(
    async (name) => `${name} ${(await python.versionOf(name)) ?? 'missing'}`,
  );
  const software = [`node ${process.versions.node}`, ...(await Promise.all(modules))].join(', ');
  return [
    `${size.films} films of ${size.frames} frames of ${size.dim} numbers, medians of ${rounds}`,
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}; ${software}`,
    ...(isJudged ? [] : ['a quick run: times mean nothing']),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function print(...texts: readonly string[]): void {
  process.stdout.write(texts.join(''));
}
