/** What the tests that kill giallo share: films and moments from a seed, processes, and the files that they leave. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { filesIn } from '../files-in.js';
import type { MadeFilm } from '../oracle/made-films.js';
import { randomFrom } from '../seeded-numbers.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');

/** The seed on the command line, random numbers from it, and a folder that is removed when the process ends. */
export async function setUp(): Promise<{ seed: number; random: () => number; folder: string }> {
  const seed = Number(process.argv[2] ?? 1963);
  const folder = await mkdtemp(join(tmpdir(), 'giallo-kill-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  return { seed, random: randomFrom(seed), folder };
}

/** Starts giallo. stderr is a pipe; stdout is one only if it is to be `read`. */
export function start(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdout: 'ignored' | 'read' = 'ignored',
) {
  return spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', stdout === 'read' ? 'pipe' : 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  });
}

/** The exit status; null if the process was killed. */
export async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

/**
 * Waits until so many files of a folder have such an ending, or the process has ended. For no files, it waits until the
 * folder exists.
 */
export async function untilFiles(
  child: ChildProcess,
  folder: string,
  ending: RegExp,
  count: number,
): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const names = await readdir(folder).catch(() => undefined);
    if (names && names.filter((name) => ending.test(name)).length >= count) return;
    await setTimeout(2);
  }
}

/** The content of the files in a folder, by their paths; none where there is no folder. */
export async function filesLeft(folder: string): Promise<Map<string, string>> {
  return existsSync(folder) ? await filesIn(folder) : new Map();
}

export function madeFilm(number: number, frames: number, dim: number, random: () => number): MadeFilm {
  const rows = Array.from({ length: frames }, () =>
    Array.from({ length: dim }, () => Math.fround(random() - 0.5)),
  );
  return { name: `Film.${number}`, dim, rows };
}
