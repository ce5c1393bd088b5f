/** The Python that generates the films and runs the peers: `$GIALLO_BENCH_PYTHON`, else `python3`. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BenchFailure } from './failure.js';

export interface Python {
  /** The interpreter. */
  readonly interpreter: string;
  /** Runs a script of this folder, and returns what it printed. Throws a `BenchFailure`. */
  run(script: string, ...args: readonly string[]): Promise<string>;
  /** The version of a module, or undefined if it cannot be imported. */
  versionOf(module: string): Promise<string | undefined>;
}

export function findPython(): Python {
  const interpreter = process.env.GIALLO_BENCH_PYTHON ?? 'python3';
  const execute = promisify(execFile);
  return {
    interpreter,
    async run(script, ...args) {
      try {
        const { stdout } = await execute(interpreter, [scriptPath(script), ...args], { maxBuffer: 2 ** 26 });
        return stdout;
      } catch (error) {
        throw new BenchFailure(`${interpreter} ${script}: ${lastLine((error as Error).message)}`);
      }
    },
    async versionOf(module) {
      try {
        const { stdout } = await execute(interpreter, [
          '-c',
          `import ${module}; print(${module}.__version__)`,
        ]);
        return stdout.trim();
      } catch {
        return undefined;
      }
    },
  };
}

/** The absolute path of a script in this folder. */
export function scriptPath(script: string): string {
  return fileURLToPath(new URL(script, import.meta.url));
}

// The last line of a traceback says what went wrong.
function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1);
}
