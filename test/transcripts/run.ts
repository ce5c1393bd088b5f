/**
 * Runs a line of a transcript or of the README: giallo in this process, and the programs that it is piped into, or any
 * other line, in a shell.
 */
import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { main } from '../../src/cli.js';
import { recordingIo, type Written } from '../recording-io.js';
import type { Setting } from './transcript.js';

export interface Outcome {
  readonly status: number;
  /**
   * The output in the order in which it was written. Of a shell, stdout comes first; before it comes the stderr of a
   * giallo whose output is piped into the shell.
   */
  readonly written: readonly Written[];
  readonly isShell: boolean;
}

/** `binFolder` has a `giallo` for the shell. */
export async function runLine(
  command: string,
  setting: Setting,
  input: readonly string[],
  binFolder: string,
): Promise<Outcome> {
  const stdin = input.map((line) => `${line.replaceAll('\\t', '\t')}\n`).join('');
  const { columns, folder } = setting;
  const env = { GIALLO_CACHE: 'cache', ...setting.env };
  const [, first = command, rest] =
    /^(giallo (?:'[^']*'|"[^"]*"|\\.|[^|])*)\|(?!\|)(.*)$/.exec(command) ?? [];
  if (isForShell(first)) return runInShell(command, env, stdin, binFolder);
  const [program, ...argv] = wordsOfLine(first);
  if (program !== 'giallo') throw new Error(`a line runs giallo, or a pipe with giallo in it: ${command}`);
  const { io, written } = recordingIo({ columns, env, stdin });
  const home = process.cwd();
  process.chdir(folder);
  try {
    const status = await main(argv, io);
    if (rest === undefined) return { status, written, isShell: false };
    const [piped, said] = ['stdout', 'stderr'].map((name) => written.filter(({ stream }) => stream === name));
    const ended = runInShell(rest, env, Buffer.concat(piped.map(({ bytes }) => bytes)), binFolder);
    return { ...ended, written: [...said, ...ended.written] };
  } finally {
    process.chdir(home);
  }
}

function isForShell(command: string): boolean {
  return /[|<>;&$`*?]/.test(withoutQuoted(command));
}

function withoutQuoted(command: string): string {
  return command.replace(/'[^']*'|"[^"$`]*"|\\./g, '');
}

/** A program of the line that is not installed, such as `jq`; undefined if all are. */
export function missingProgram(command: string): string | undefined {
  if (!isForShell(command)) return undefined;
  const programs = withoutQuoted(command)
    .split(/[|;&]+/)
    .map((part) => part.trim().split(' ')[0] as string);
  return programs.find((program) => {
    return program !== 'giallo' && spawnSync('sh', ['-c', 'command -v "$0"', program]).status !== 0;
  });
}

function runInShell(
  command: string,
  env: Readonly<Record<string, string>>,
  input: string | Uint8Array,
  binFolder: string,
): Outcome {
  const path = `${binFolder}${delimiter}${process.env.PATH}`;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { env: { ...env, PATH: path }, input });
  const written = [
    { stream: 'stdout', bytes: stdout },
    { stream: 'stderr', bytes: stderr },
  ] as const;
  return { status: status ?? -1, written, isShell: true };
}

/** The words of a line as a shell splits it, if there is nothing to expand. */
function wordsOfLine(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(/'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g, (_, single, double, escaped) =>
      double === undefined ? (single ?? escaped) : double.replace(/\\(["\\])/g, '$1'),
    ),
  );
}
