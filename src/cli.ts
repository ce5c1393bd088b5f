/**
 * `main`: runs what was typed, and is the only place that catches. What is thrown becomes an exit status here and,
 * where a person should know, one line on stderr.
 */
import { exitStatus, exitStatusOf, GialloError, machineError, signalStatus } from './errors.js';
import { Interruption, type Io } from './io.js';
import { OutputClosed } from './standard-output.js';
import { version } from './version.js';

/** Runs giallo with the arguments after the program's name; resolves to the exit status and never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    await run(argv, io);
    return exitStatus.answered;
  } catch (error) {
    return statusAfter(error, argv, io);
  }
}

async function run(argv: readonly string[], io: Io): Promise<void> {
  // Scripts ask for the version to see whether giallo is installed, so it is printed without loading the program.
  if (argv[0] === '--version' || argv[0] === '-V') return io.stdout.write(`${version}\n`);
  const { runProgram } = await import('./commands/program.js');
  await runProgram(argv, io);
}

async function statusAfter(error: unknown, argv: readonly string[], io: Io): Promise<number> {
  const reason = io.signal.aborted ? io.signal.reason : error;
  if (reason instanceof OutputClosed) return exitStatus.answered;
  if (reason instanceof Interruption) return signalStatus[reason.signal];
  const known = reason instanceof GialloError ? reason : machineError(reason);
  if (known) return printError(known, argv, io);
  const stack = reason instanceof Error ? reason.stack : reason;
  await writeToStderr(
    io,
    `giallo: this is a bug; please report it with the output of \`giallo doctor\`: ${stack}\n`,
  );
  return exitStatus.bug;
}

async function printError(error: GialloError, argv: readonly string[], io: Io): Promise<number> {
  const { errorLines } = await import('./escape.js');
  await writeToStderr(io, errorLines(error, argv.includes('--json')));
  return exitStatusOf(error.code);
}

/** The exit status says it too, so a stderr that cannot be written to changes nothing. */
async function writeToStderr({ stderr }: Io, text: string): Promise<void> {
  await stderr.write(text).catch(() => undefined);
}
