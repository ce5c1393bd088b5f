/**
 * What may stand at the end of a command line. Everything follows from the definitions of the commands: an option's
 * choices, and the word that stands for its value (`<film>`, `<dir>`, `<file>`), so that a new command or option is
 * completed without a line here.
 */
import type { Argument, Command, Option } from 'commander';
import type { Completion, Completions } from '../../render/completion-lines.js';

type Env = Readonly<Record<string, string | undefined>>;

const nothing: Completions = { kind: 'words', words: [] };

/** The completions of the last word; films are those of the folder that the words before it, or `env`, name. */
export async function completionsOf(
  program: Command,
  words: readonly string[],
  env: Env,
): Promise<Completions> {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? '';
  const [name] = before;
  if (name === undefined)
    return matching(current.startsWith('-') ? optionsOf(program) : commandsOf(program), current);
  if (name === 'help') return before.length === 1 ? matching(commandsOf(program), current) : nothing;
  const command = program.commands.find((one) => one.name() === name);
  if (command === undefined) return nothing;

  const place = placeIn(command, before.slice(1));
  const valuesOf = (slot: Option | Argument, typed: string) =>
    valuesFor(slot, typed, { program, films: () => filmsOf(command, place, env) });
  if (place.awaiting) return valuesOf(place.awaiting, current);
  const [, long, typed = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (long !== undefined && !place.isAfterOptions) {
    const option = command.options.find((one) => one.long === long);
    return option ? prefixed(await valuesOf(option, typed), `${long}=`) : nothing;
  }
  if (current.startsWith('-') && !place.isAfterOptions) return matching(optionsOf(command), current);
  const slot = command.registeredArguments[place.positionals] ?? variadicOf(command);
  return slot ? valuesOf(slot, current) : nothing;
}

function commandsOf(program: Command): Completion[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ value: command.name(), description: command.summary() || command.description() }));
}

function optionsOf(command: Command): Completion[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', description }));
}

/** Where the last word stands among those of its command. */
interface Place {
  /** The option whose value it is. */
  readonly awaiting: Option | undefined;
  /** How many arguments stand before it. */
  readonly positionals: number;
  /** Whether a `--` stands before it. */
  readonly isAfterOptions: boolean;
  /** Values of options, by the name of their attribute. */
  readonly values: ReadonlyMap<string, string>;
}

function placeIn(command: Command, words: readonly string[]): Place {
  const values = new Map<string, string>();
  let awaiting: Option | undefined;
  let positionals = 0;
  let isAfterOptions = false;
  for (const word of words) {
    if (awaiting) {
      values.set(awaiting.attributeName(), word);
      awaiting = undefined;
    } else if (isAfterOptions || !word.startsWith('-') || word === '-') {
      positionals++;
    } else if (word === '--') {
      isAfterOptions = true;
    } else {
      const [flag, value] = word.startsWith('--') ? word.split(/=(.*)/s) : [word.slice(0, 2), word.slice(2)];
      const option = command.options.find(({ long, short }) => flag === long || flag === short);
      if (!option?.required) continue;
      if (value) values.set(option.attributeName(), value);
      else awaiting = option;
    }
  }
  return { awaiting, positionals, isAfterOptions, values };
}

function variadicOf({ registeredArguments }: Command): Argument | undefined {
  const last = registeredArguments.at(-1);
  return last?.variadic ? last : undefined;
}

function folderOf(typed: string | undefined, env: Env): string {
  const folder = typed ?? (env.GIALLO_DATA || './data_embeddings');
  return folder.startsWith('~/') && env.HOME ? env.HOME + folder.slice(1) : folder;
}

interface Known {
  readonly program: Command;
  readonly films: () => Promise<Completion[]>;
}

async function valuesFor(
  slot: Option | Argument,
  typed: string,
  { program, films }: Known,
): Promise<Completions> {
  if (slot.argChoices)
    return matching(
      slot.argChoices.map((value) => ({ value, description: '' })),
      typed,
    );
  switch (placeholderOf(slot)) {
    case 'film':
      return typed.includes('/') ? { kind: 'files' } : matching(await films(), typed);
    case 'film:frame': {
      const found = matching(await films(), typed);
      return {
        ...found,
        words: found.words.map((film) => ({ ...film, value: `${film.value}:` })),
        isOpen: true,
      };
    }
    case 'command':
      return matching(commandsOf(program), typed);
    case 'dir':
      return { kind: 'folders' };
    case 'file':
      return { kind: 'files' };
    default:
      return nothing;
  }
}

function placeholderOf(slot: Option | Argument): string | undefined {
  return 'flags' in slot ? /[<[](.*?)(?:\.\.\.)?[>\]]/.exec(slot.flags)?.[1] : slot.name();
}

/** The folder or the engine is listed, no film is opened; what cannot be listed has none. */
async function filmsOf(command: Command, { values }: Place, env: Env): Promise<Completion[]> {
  const { orError, GialloError } = await import('../../errors.js');
  const data = values.get('data');
  const url = values.get('engine') ?? (data === undefined ? env.GIALLO_ENGINE : undefined);
  const films = await orError(() =>
    url && asksEngine(command) ? namesInEngine(url, env) : namesInFolder(folderOf(data, env)),
  );
  return films instanceof GialloError ? [] : films.map((value) => ({ value, description: '' }));
}

/** `push` has the option too, and takes its films from the folder. */
function asksEngine(command: Command): boolean {
  return command.name() !== 'push' && command.options.some(({ long }) => long === '--engine');
}

async function namesInFolder(folder: string): Promise<string[]> {
  const { openCollection } = await import('../../collection/collection.js');
  return (await openCollection(folder)).films.map(({ name }) => name);
}

/** A server that takes longer is not waited for: somebody is typing. */
const patienceSeconds = '2';

async function namesInEngine(url: string, env: Env): Promise<string[]> {
  if (!URL.canParse(url)) return [];
  const address = new URL(url);
  address.searchParams.set('timeout', patienceSeconds);
  const { openStore } = await import('../../engine/engine-store.js');
  const password = env.GIALLO_ENGINE_PASSWORD ?? '';
  const store = await openStore(address.href, { password, isPartial: true });
  return (await store.films()).map(({ film }) => film);
}

/**
 * Those that begin with what is typed; else those that do so in any case; else the only one that has it somewhere:
 * shells put what is common to all in the place of what was typed.
 */
function matching(all: readonly Completion[], typed: string): Completions & { readonly kind: 'words' } {
  const folded = typed.toLowerCase();
  const rules: ((value: string) => boolean)[] = [
    (value) => value.startsWith(typed),
    (value) => value.toLowerCase().startsWith(folded),
  ];
  for (const fits of rules) {
    const words = all.filter(({ value }) => fits(value));
    if (words.length > 0) return { kind: 'words', words };
  }
  const words = all.filter(({ value }) => value.toLowerCase().includes(folded));
  return { kind: 'words', words: words.length === 1 ? words : [] };
}

function prefixed(completions: Completions, prefix: string): Completions {
  if (completions.kind !== 'words') return completions;
  return {
    ...completions,
    words: completions.words.map((word) => ({ ...word, value: prefix + word.value })),
  };
}
