/** From the words after `giallo` to a command that is run, or to help. */
import type { Command } from 'commander';
import { GialloError } from '../errors.js';
import { commandLine, shellLine } from '../escape.js';
import type { Io } from '../io.js';
import { version } from '../version.js';
import { eitherOf } from '../word-lists.js';
import { type CommandSpec, runCommand, type Typed } from './command.js';
import { commandList } from './command-list.js';
import type { OptionName } from './options/option-table.js';
import { flagAsTyped, placeIn } from './options/option-words.js';
import {
  allOptions,
  carriedWords,
  nameOf,
  optionsOf,
  type TakenOption,
  takenOption,
  takes,
} from './options/taken-options.js';

/** Runs the command that the words name, or prints the help that they ask for. Errors: the command's own; `usage`. */
export async function runProgram(argv: readonly string[], io: Io): Promise<void> {
  const line = splitAtCommand(argv);
  const { before, name, after } = line;
  if (before.some((word) => word === '-V' || word === '--version')) return io.stdout.write(`${version}\n`);
  if (argv.length === 0 || name === 'help' || (name === undefined && before.some(isHelpFlag)))
    return printHelp(
      after.find((word) => !word.startsWith('-')),
      io,
    );
  const spec = name === undefined ? undefined : await specOf(name);
  if (!spec) throw await (await import('./help.js')).unknownCommand(line, commandList, io);
  const typed = await parseWords(spec, [...before, ...after], argv);
  if (typed.flags.help) return printHelp(spec.name, io);
  await requireArguments(typed);
  requireConsistent(typed);
  await runCommand(typed, io, commandList);
}

/** The words before the command (options may come before it too), the command, and the words after it. */
function splitAtCommand(argv: readonly string[]) {
  const { stoppedAt: at = argv.length } = placeIn(allOptions(), argv, { stopsAtWord: true });
  const before = argv.slice(0, at).filter((word) => word !== '--');
  return { before, name: argv[at], after: argv.slice(at + 1) };
}

function isHelpFlag(word: string): boolean {
  return word === '-h' || word === '--help';
}

async function specOf(name: string): Promise<CommandSpec | undefined> {
  return commandList.find((entry) => entry.name === name)?.load();
}

/** Parses the words by the options of the command. Errors: `usage`. */
async function parseWords(
  spec: CommandSpec,
  words: readonly string[],
  argv: readonly string[],
): Promise<Typed> {
  // Loaded here, since help and completion do not need it.
  const { Command, Option } = await import('commander');
  const options = optionsOf(spec);
  const given = new Map<OptionName, readonly string[]>();
  const parser = new Command(spec.name).exitOverride().configureOutput({ writeErr() {} });
  for (const { name, flags, long } of options) {
    parser.addOption(new Option(flags));
    parser.on(`option:${long.slice(2)}`, (text?: string) => {
      given.set(name, [...(given.get(name) ?? []), ...(text === undefined ? [] : [text])]);
    });
  }
  requireHyphens(options, words);
  const { operands, unknown } = parseOptions(parser, spec, words);
  // `-5--1` is a range of indices from the end, not an option.
  const strange = unknown.find((word) => word.startsWith('-') && !/^-\d+-/.test(word));
  if (strange !== undefined)
    throw await (await import('./help.js')).unknownOption(strange, spec, options, commandList);
  const flags = Object.fromEntries(
    options.map((option) => [option.name, flagValue(option, given.get(option.name), argv)]),
  );
  return { spec, words: [...operands, ...unknown], flags, given, argv };
}

/**
 * Errors: `usage` if an option has other dashes: `-json` would be `-j son`, and `—all`, with the dash that text editors
 * make of two hyphens, a frame.
 */
function requireHyphens(options: readonly TakenOption[], words: readonly string[]): void {
  for (const [i, word] of words.entries()) {
    const [, dashes, name] = /^([-\u2010-\u2015\u2212]+)([a-z-]+)(?:=.*)?$/s.exec(word) ?? [];
    if (name === undefined || dashes === '--') continue;
    const isMeant = (flag: string) => flag === `--${name}` || (dashes !== '-' && flag === `-${name}`);
    const meant = options.flatMap(({ short, long }) => [long, short ?? long]).find(isMeant);
    if (meant === undefined) continue;
    const { awaiting, isAfterOptions } = placeIn(options, words.slice(0, i), { stopsAtWord: false });
    if (!awaiting && !isAfterOptions)
      throw new GialloError('usage', `unknown option ${word}`, { hint: `did you mean ${meant}?` });
  }
}

function parseOptions(parser: Command, { name }: CommandSpec, words: readonly string[]) {
  try {
    return parser.parseOptions([...words]);
  } catch (error) {
    if (!(error as { readonly code?: string }).code?.startsWith('commander.')) throw error;
    throw usageError(`${words.at(-1)} needs a value`, name);
  }
}

/** The value of an option. If it takes one value and was given several, the last one counts. Errors: `usage`. */
function flagValue(
  option: TakenOption,
  texts: readonly string[] | undefined,
  argv: readonly string[],
): unknown {
  if (texts === undefined) return option.default;
  if (option.placeholder === undefined) return !option.long.startsWith('--no-');
  for (const text of texts) requireValue(option, text, argv);
  const values = texts.map((text) => parsed(option, text, flagAsTyped(option, argv)));
  return option.isRepeatable ? values : values.at(-1);
}

/**
 * Errors: `usage` if the word after an option is an option itself, as in `--html --json`: the value was forgotten, and
 * there would be a page in a file called --json.
 */
function requireValue(option: TakenOption, text: string, argv: readonly string[]): void {
  if (!allOptions().some(({ short, long }) => text === short || text === long)) return;
  const isValue = (word: string, i: number) =>
    word === text && placeIn([option], argv.slice(0, i), { stopsAtWord: false }).awaiting !== undefined;
  if (!argv.some(isValue)) return;
  throw new GialloError('usage', `${flagAsTyped(option, argv)} needs a value, found the option ${text}`, {
    hint: `if the value is ${text}, write ${option.long}=${text}`,
  });
}

function parsed({ short, long, kind, choices }: TakenOption, text: string, typed: string): unknown {
  // A script passes an empty text if its variable is not set.
  if (text === '') throw new GialloError('usage', `${typed}: its value is empty`);
  const value = choices && !choices.includes(text) ? undefined : kind ? kind.parse(text) : text;
  if (value !== undefined) return value;
  const withPoint = /^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : undefined;
  const hint = text.startsWith('=')
    ? `write ${short ?? long} ${text.slice(1)}, or ${long}${text}`
    : withPoint !== undefined && kind?.parse(withPoint) !== undefined
      ? `write ${withPoint}`
      : undefined;
  const expected = kind?.expects ?? eitherOf(choices ?? []);
  throw new GialloError('usage', `${typed}: expected ${expected}, found ${text}`, { hint });
}

/** Errors: `usage` if arguments are missing, too many, or not among the choices. */
async function requireArguments({ spec, words, given }: Typed): Promise<void> {
  const { name, arguments: slots } = spec;
  for (const [i, { flags, choices }] of slots.entries()) {
    const word = words[i];
    if (word === undefined && flags.startsWith('<')) throw usageError(`${name} needs ${flags}`, name);
    if (word !== undefined && choices && !choices.includes(word))
      throw (await import('./help.js')).unknownChoice(word, { spec, given }, choices);
  }
  if (words.length <= slots.length || slots.at(-1)?.flags.includes('...')) return;
  const taken = slots.length === 0 ? 'no arguments' : slots.map(({ flags }) => flags).join(' ');
  // A shell pattern may stand for thousands of words.
  const most = slots.length + 3;
  const more = words.length > most ? ` and ${words.length - most} more` : '';
  const message = `${name} takes ${taken}, found ${shellLine(words.slice(0, most))}${more}`;
  const { holdsFilms } = await import('../collection/resolve-film.js');
  const folder = words.findIndex(holdsFilms);
  if (folder < 0 || given.has('data') || words.length > slots.length + 1 || !takes(spec, 'data'))
    throw usageError(message, name);
  const data = carriedWords(new Map([['data', [words[folder]]]]), spec, ['always']);
  const line = commandLine(name, words.toSpliced(folder, 1), data);
  throw new GialloError('usage', message, { hint: `did you mean \`${line}\`?` });
}

/** Errors: `usage` if an option is given with one that it conflicts with, or without one that it needs. */
function requireConsistent({ spec, given, argv }: Typed): void {
  const named = (name: string) => flagAsTyped(takenOption(name as OptionName), argv);
  for (const taken of spec.options) {
    if (!given.has(nameOf(taken))) continue;
    const { name, conflicts = [], needs } = takenOption(taken);
    const other = conflicts.find((one) => given.has(one as OptionName));
    if (other !== undefined)
      throw usageError(`${named(name)} cannot be used with ${named(other)}`, spec.name);
    if (needs !== undefined && !given.has(needs as OptionName))
      throw usageError(`${named(name)} needs ${takenOption(needs as OptionName).long}`, spec.name);
  }
}

function usageError(message: string, name: string): GialloError {
  return new GialloError('usage', message, { hint: `\`giallo help ${name}\` shows how` });
}

async function printHelp(topic: string | undefined, io: Io): Promise<void> {
  const [{ commandHelp, programHelp, unknownTopic }, { helpText }] = await Promise.all([
    import('./help.js'),
    import('../render/help.js'),
  ]);
  const spec = topic === undefined ? undefined : await specOf(topic);
  if (!spec && topic !== undefined && topic !== 'help') throw unknownTopic(topic, commandList);
  const page = spec ? commandHelp(spec) : programHelp(commandList);
  await io.stdout.write(helpText(page, Math.min(io.stdout.columns, 100)));
}
