/** Runs a contender once through `launch.py`, which measures wall time and peak memory from outside the process. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Contender } from './case.js';
import { type Figures, MissingModule, type Runner } from './measure.js';
import { type Python, scriptPath } from './python.js';

interface Launch extends Figures {
  readonly status: number;
}

/**
 * A runner whose contenders write to `<scratch>/stdout` and find an empty index cache in `<scratch>/cache`. The
 * error of a command that fails has the line of its stderr that says why.
 */
export function createRunner(python: Python, scratch: string): Runner {
  const stdoutPath = `${scratch}/stdout`;
  const env = contenderEnvironment(scratch);
  return async (contender) => {
    await requireModules(contender, python);
    const { status, ...sample } = await launch(python, stdoutPath, contender, env);
    if (status !== 0) {
      throw new Error(`ended with status ${status}`);
    }
    return { ...sample, stdout: await readFile(stdoutPath, 'utf8') };
  };
}

// What this workplace sets must not slow one side or feed the other: NODE_EXTRA_CA_CERTS alone trebles the time that Node
// takes to start, the OpenBLAS variables choose slower kernels.
function contenderEnvironment(scratch: string): NodeJS.ProcessEnv {
  const isForeign = (name: string) => /^(GIALLO_|NODE_|OPENBLAS_(CORETYPE|L2_SIZE)$)/.test(name);
  const kept = Object.entries(process.env).filter(([name]) => !isForeign(name));
  return { ...Object.fromEntries(kept), GIALLO_CACHE: `${scratch}/cache` };
}

async function requireModules(contender: Contender, python: Python): Promise<void> {
  for (const module of contender.modules ?? []) {
    if ((await python.versionOf(module)) === undefined) {
      throw new MissingModule(`${python.interpreter} has no module ${module}`);
    }
  }
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

// giallo's and Python's errors are one line; Node's stands among a stack and ends with the version.
function errorLine(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n');
  return lines.find((line) => /^(giallo|\w*Error)\b/.test(line)) ?? lines.at(-1);
}
