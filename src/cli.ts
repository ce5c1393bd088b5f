/**
 * The program: parses the command line, runs the command, and is the only place that catches. What a command throws
 * becomes an exit status here and, where a person should know, one line on stderr.
 */
import { Command, CommanderError } from 'commander';
import { compareCommand } from './commands/compare.js';
import { convertCommand } from './commands/convert.js';
import { duplicatesCommand } from './commands/duplicates.js';
import { filmsCommand } from './commands/films.js';
import { indexCommand } from './commands/index-command.js';
import { infoCommand } from './commands/info.js';
import { pairsCommand } from './commands/pairs.js';
import { searchCommand } from './commands/search.js';
import { shotsCommand } from './commands/shots.js';
import { similarCommand } from './commands/similar.js';
import { topkCommand } from './commands/topk.js';
import { vectorCommand } from './commands/vector.js';
import { verifyCommand } from './commands/verify.js';
import { exitStatus, exitStatusOf, GialloError } from './errors.js';
import { Interruption, type Io, OutputClosed } from './io.js';
import { version } from './version.js';

/** Runs giallo with the arguments after the program's name; resolves to the exit status and never rejects. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const output = collectOutput();
  try {
    await parse(buildProgram(io, output), argv);
    if (output.stdout !== '') await io.stdout.write(output.stdout);
    return exitStatus.answered;
  } catch (error) {
    return conclude(error, argv, io, output);
  }
}

/** Runs the command, or collects the help or version that was asked for. */
async function parse(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(meant(argv, program), { from: 'user' });
  } catch (error) {
    const isHelp = error instanceof CommanderError && /^commander\.(help|version)/.test(error.code);
    if (!isHelp) throw error;
  }
}

/** `giallo` alone asks for help; help for what is no command is that unknown command, with its hint. */
function meant(argv: readonly string[], { commands }: Command): readonly string[] {
  if (argv.length === 0) return ['--help'];
  const [first, name] = argv;
  const isUnknown =
    name !== undefined && !name.startsWith('-') && !commands.some((one) => one.name() === name);
  return first === 'help' && isUnknown ? [name] : argv;
}

/** What commander prints, held until it is known whether it is help or an error. */
interface CollectedOutput {
  stdout: string;
  stderr: string;
}

function collectOutput(): CollectedOutput {
  return { stdout: '', stderr: '' };
}

const commands = [
  similarCommand,
  searchCommand,
  topkCommand,
  pairsCommand,
  duplicatesCommand,
  compareCommand,
  shotsCommand,
  filmsCommand,
  infoCommand,
  vectorCommand,
  convertCommand,
  verifyCommand,
  indexCommand,
];

function buildProgram(io: Io, output: CollectedOutput): Command {
  const program = new Command('giallo')
    .description(
      'Finds the frames that look alike in a folder of NumPy .npz embedding files: exactly, in a moment.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', introduction);
  for (const build of commands) {
    program.addCommand(build(io));
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .helpOption('-h, --help', 'print help')
      .configureHelp({ helpWidth: Math.min(io.stdout.columns, 100) })
      .configureOutput({
        writeOut: (text) => {
          output.stdout += text;
        },
        writeErr: (text) => {
          output.stderr += text;
        },
        getOutHelpWidth: () => Math.min(io.stdout.columns, 100),
        getErrHelpWidth: () => Math.min(io.stdout.columns, 100),
      });
  }
  return program;
}

const introduction = `
Examples:
  giallo films                    what is in ./data_embeddings
  giallo similar Sintel 40        the frames most like frame 40 of a film
  giallo similar Sintel 40 --all  ... in all films

A film is named by a part of its name, a frame by its index or filename.
The collection is -d <dir>, else $GIALLO_DATA, else ./data_embeddings.
\`giallo help similar\` says more.`;

async function conclude(
  error: unknown,
  argv: readonly string[],
  io: Io,
  output: CollectedOutput,
): Promise<number> {
  const reason = io.signal.aborted ? io.signal.reason : error;
  if (reason instanceof OutputClosed) return exitStatus.answered;
  if (reason instanceof Interruption) {
    return reason.signal === 'SIGINT' ? exitStatus.interrupted : exitStatus.terminated;
  }
  if (reason instanceof CommanderError) {
    return complain(usageError(output.stderr || reason.message), argv, io);
  }
  if (reason instanceof GialloError) return complain(reason, argv, io);
  const stack = reason instanceof Error ? reason.stack : reason;
  await tell(io, `giallo: a bug, please report it: ${stack}\n`);
  return exitStatus.bug;
}

async function complain(error: GialloError, argv: readonly string[], io: Io): Promise<number> {
  const { errorLines } = await import('./render/error.js');
  await tell(io, errorLines(error, argv.includes('--json')));
  return exitStatusOf(error.code);
}

/** The status says it too, so that a stderr that takes nothing changes nothing. */
async function tell({ stderr }: Io, text: string): Promise<void> {
  await stderr.write(text).catch(() => undefined);
}

/** Commander's `error: unknown option '--al'\n(Did you mean --all?)` as an error of ours with a hint. */
function usageError(text: string): GialloError {
  const [first = '', ...rest] = text.trim().split('\n');
  const hint = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  const message = first.replace(/^error: /, '');
  return new GialloError('usage', message, {
    hint: hint === '' ? undefined : hint.charAt(0).toLowerCase() + hint.slice(1),
  });
}
