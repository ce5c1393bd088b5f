/** The command line as commander parses it: the commands, what they have in common, and help. */
import { Command, CommanderError } from 'commander';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { version } from '../version.js';
import { type CommandEntry, commandList } from './command-list.js';

/**
 * Runs the command that the arguments name, or prints the help that they ask for. Errors: those of the command;
 * `usage`.
 */
export async function runProgram(argv: readonly string[], io: Io): Promise<void> {
  const output: CollectedOutput = { stdout: '', stderr: '' };
  const program = await buildProgram(argv, io, output);
  try {
    await program.parseAsync(meant(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isHelp = /^commander\.(help|version)/.test(error.code);
    if (!isHelp) throw usageError(error, output.stderr || error.message, argv);
  }
  if (output.stdout !== '') await io.stdout.write(output.stdout);
}

/** What commander prints, held until it is known whether it is help or an error. */
interface CollectedOutput {
  stdout: string;
  stderr: string;
}

async function buildProgram(argv: readonly string[], io: Io, output: CollectedOutput): Promise<Command> {
  const program = new Command('giallo')
    .description(
      'Finds the frames that look alike in a folder of NumPy .npz embedding files: exactly, in a moment.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .addHelpText('after', introduction);
  // Shells ask for completions with the whole line as one argument.
  const words = new Set(argv.flatMap((argument) => argument.split(/\s+/)));
  for (const entry of commandList) {
    // A word that only looks like a command's name costs a moment; the command's file is never missed.
    const command = words.has(entry.name) ? (await entry.load())(io, argv) : new Command(entry.name);
    program.addCommand(command.summary(entry.summary));
  }
  for (const command of program.commands)
    command.optionsGroup('Help:').helpOption('-h, --help', 'print help');
  const helpWidth = Math.min(io.stdout.columns, 100);
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureHelp({ helpWidth })
      .configureOutput({
        writeOut: (text) => {
          output.stdout += text;
        },
        writeErr: (text) => {
          output.stderr += text;
        },
        getOutHelpWidth: () => helpWidth,
        getErrHelpWidth: () => helpWidth,
      });
  }
  return program.configureHelp({ helpWidth, showGlobalOptions: false, subcommandTerm });
}

function subcommandTerm(command: Command): string {
  const { name, words }: Pick<CommandEntry, 'name' | 'words'> = commandList.find(
    (entry) => entry.name === command.name(),
  ) ?? { name: 'help', words: '[command]' };
  return `${name} ${words}`;
}

const introduction = `
Examples:
  giallo films                    what is in ./data_embeddings
  giallo similar Sintel 40        the frames most like frame 40 of a film
  giallo similar Sintel 40 --all  ... in all films

A film is named by a part of its name, a frame by its index or filename.
The collection is -d <dir>, else $GIALLO_DATA, else ./data_embeddings.
\`giallo help similar\` says more.`;

/** `giallo` alone asks for help; help for what is no command is that unknown command, with its hint. */
function meant(argv: readonly string[]): readonly string[] {
  if (argv.length === 0) return ['--help'];
  const [first, name] = argv;
  const isUnknown =
    name !== undefined && !name.startsWith('-') && !commandList.some((entry) => entry.name === name);
  return first === 'help' && isUnknown ? [name] : argv;
}

/** Commander's `error: unknown option '--al'\n(Did you mean --all?)` as an error of ours with a hint. */
function usageError({ code }: CommanderError, text: string, argv: readonly string[]): GialloError {
  const [first = '', ...rest] = text.trim().split('\n');
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  const hint =
    suggestion === '' ? whereToLook(code, argv) : suggestion.charAt(0).toLowerCase() + suggestion.slice(1);
  return new GialloError('usage', first.replace(/^error: /, ''), { hint });
}

function whereToLook(code: string, [command = '']: readonly string[]): string {
  if (code === 'commander.unknownCommand') return '`giallo help` lists the commands';
  if (command.startsWith('-')) return 'options come after the command, as in: giallo films -d <dir>';
  return `\`giallo help ${command}\` shows how`;
}
