/** Runs a contender once by `launch.py`, which measures wall time and peak memory from outside the process. */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Contender } from './case.js';
import { contenderEnvironment } from './environment.js';
import { type Figures, MissingModule, type Runner } from './measure.js';
import { missingPackage } from './package-peers.js';
import { type Python, scriptPath } from './python.js';

interface Launch extends Figures {
  readonly status: number;
}

/**
 * A runner of contenders. They print to `<scratch>/stdout`; their cache is `<scratch>/no-index` unless they name one.
 * If a command fails, the error contains the line of its stderr that says why.
 */
export function createRunner(python: Python, scratch: string): Runner {
  const stdoutPath = `${scratch}/stdout`;
  const emptyCache = `${scratch}/no-index`;
  let written: readonly string[] = [];
  return {
    async run(contender) {
      await requireModules(contender, python);
      await takeAway([...written, ...(contender.writes ?? [])]);
      written = contender.writes ?? [];
      const env = contenderEnvironment(contender.cache ?? emptyCache);
      const { status, ...figures } = await launch(python, stdoutPath, contender, env);
      if (status !== 0) {
        throw new Error(`ended with status ${status}`);
      }
      return figures;
    },
    answer: async ({ answer }) => answer?.(await readFile(stdoutPath, 'utf8')),
  };
}

async function requireModules(contender: Contender, python: Python): Promise<void> {
  const missing = missingPackage(contender);
  if (missing !== undefined) throw new MissingModule(missing);
  for (const module of contender.modules ?? []) {
    if ((await python.versionOf(module)) === undefined) {
      throw new MissingModule(`${python.interpreter} has no module ${module}`);
    }
  }
}

async function takeAway(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { recursive: true, force: true })));
}

async function launch(
  python: Python,
  stdoutPath: string,
  contender: Contender,
  env: NodeJS.ProcessEnv,
): Promise<Launch> {
  const { stdout, stderr } = await promisify(execFile)(
    python.interpreter,
    [scriptPath('launch.py'), stdoutPath, ...contender.command],
    { env },
  );
  const measured = JSON.parse(stdout) as Launch;
  if (measured.status !== 0 && stderr !== '') {
    throw new Error(errorLine(stderr));
  }
  return measured;
}

// giallo and Python print the error on one line; Node prints lines before and after it.
function errorLine(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^(giallo|\w*Error)\b/.test(line)) ?? lines.at(-1);
}
