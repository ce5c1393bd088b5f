/**
 * `npm run bench`: compares giallo with what people use today, on the same data in one run; `--help` has the options.
 * Ends with status 1 if a goal is missed, answers differ or a contender fails, and with 2 if it cannot run.
 */
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { BenchCase, Workbench } from './case.js';
import { chooseCases } from './cases.js';
import { BenchFailure } from './failure.js';
import { growthTable, planGrowth } from './growth.js';
import { compareAnswers, failures, judge } from './judge.js';
import { createRunner } from './launch.js';
import { measure, type Runner } from './measure.js';
import { type BenchOptions, readOptions, usage } from './options.js';
import { installPackages } from './package-peers.js';
import { findPython, type Python } from './python.js';
import { makeScratch } from './scratch.js';
import { answerLine, busyLine, outcomeTable, verdictTable } from './table.js';
import { createWorkbench } from './workbench.js';

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  // print() handles a reader that closes the pipe early, such as `head`.
  process.stdout.on('error', () => {});
  try {
    return await run(readOptions(argv));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') {
      return 0;
    }
    if (!(error instanceof BenchFailure)) {
      throw error;
    }
    process.stderr.write(`bench: ${error.message}\n`);
    return 2;
  }
}

async function run(options: BenchOptions): Promise<number> {
  if (options.task === 'help') {
    await print(usage);
    return 0;
  }
  const cases = chooseCases(options.only);
  const python = findPython();
  const scratch = await makeScratch();
  const runner = createRunner(python, scratch);
  await print(await heading(options, python));
  if (options.hasPackages) await installPackages(print);
  if (options.task === 'growth') {
    return (await showGrowth(options, createWorkbench({ ...options, films: 1 }, python, scratch), runner))
      ? 0
      : 1;
  }
  let isGood = true;
  for (const benchCase of cases) {
    const films = options.films?.[0] ?? benchCase.films ?? 1;
    const bench = createWorkbench({ ...options, films }, python, scratch);
    isGood = (await runCase(benchCase, options, bench, runner)) && isGood;
  }
  return isGood ? 0 : 1;
}

async function showGrowth(options: BenchOptions, bench: Workbench, runner: Runner): Promise<boolean> {
  const planned = await planGrowth(options.films ?? [], bench);
  const contenders = planned.map(({ contender }) => contender);
  const outcomes = await measure(contenders, options.rounds, runner);
  const faults = failures(outcomes);
  await print('\n', growthTable(planned, outcomes), ...faults.map((fault) => `  ${fault}\n`));
  return faults.length === 0;
}

async function runCase(
  { id, title, films, rounds: mostRounds = Number.POSITIVE_INFINITY, plan }: BenchCase,
  { rounds, isJudged }: BenchOptions,
  bench: Workbench,
  runner: Runner,
): Promise<boolean> {
  const ofFilms = films === undefined ? '' : `, ${bench.size.films} films`;
  await print(`\n${id}  ${title}${ofFilms}\n\n`);
  const { contenders, goals } = await plan(bench);
  const outcomes = await measure(contenders, Math.min(rounds, mostRounds), runner);
  const verdicts = judge(goals, outcomes);
  const answers = compareAnswers(outcomes);
  const faults = [...failures(outcomes), ...answers.differences];
  await print(
    outcomeTable(outcomes),
    busyLine(loadavg()[0], availableParallelism()),
    isJudged ? verdictTable(verdicts) : '',
    answerLine(answers),
    ...faults.map((fault) => `  ${fault}\n`),
  );
  return faults.length === 0 && (!isJudged || verdicts.every(({ result }) => result !== 'missed'));
}

async function heading({ frames, dim, rounds, isJudged }: BenchOptions, python: Python): Promise<string> {
  const peers = await Promise.all(['numpy', 'faiss'].map((name) => peerWithBlas(name, python)));
  const slow = peers.filter((peer) => peer.includes('reference BLAS'));
  const lines = [
    `films of ${frames} frames of ${dim} numbers, medians of ${rounds}`,
    `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}`,
    `node ${process.versions.node}, ${peers.join(', ')}`,
    ...slow.map(
      (peer) => `${peer}: ten to fifty times slower than OpenBLAS; a ratio to it says nothing for giallo`,
    ),
    ...(isJudged ? [] : ['a quick run: times mean nothing, goals are not judged']),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** The version of a Python peer, and the BLAS that it multiplies with. */
async function peerWithBlas(module: string, python: Python): Promise<string> {
  const version = await python.versionOf(module);
  return version === undefined
    ? `${module} missing`
    : `${module} ${version} with ${(await python.run('blas.py', module)).trim()}`;
}

// Waits until everything is written, so that nothing more is run after the reader has closed the pipe.
function print(...texts: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(texts.join(''), (error) => (error ? reject(error) : resolve()));
  });
}
