/**
 * What may stand at the end of a command line. Everything follows from the definitions of the commands: an option's
 * choices, and the word that stands for its value (`<film>`, `<dir>`, `<file>`), so that a new command or option is
 * completed without a line here.
 */
import { catchGiallo, GialloError } from '../errors.js';
import type { Completion, Completions, Insertion, Shell } from '../render/completion.js';
import { dataFolderOf, type Environment } from '../user-folders.js';
import type { ArgumentSpec, CommandEntry, CommandSpec } from './command.js';
import { engineNamed } from './options/flag-meanings.js';
import type { OptionName } from './options/option-table.js';
import { type Place, placeIn } from './options/option-words.js';
import { namedFormats } from './options/output-options.js';
import { allOptions, asksEngine, optionsOf, type TakenOption, takenOption } from './options/taken-options.js';

const nothing: Completions = { kind: 'words', words: [] };

/** The completions of the last word; films are those of the folder that the words before it, or `env`, name. */
export async function completionsOf(
  commands: readonly CommandEntry[],
  words: readonly string[],
  env: Environment,
): Promise<Completions> {
  const current = words.at(-1) ?? '';
  const start = placeIn(allOptions(), words.slice(0, -1), { stopsAtWord: true });
  const { stoppedAt } = start;
  if (stoppedAt === undefined) {
    if (start.awaiting) return valuesFor(start.awaiting, current, { commands, films: async () => [] });
    return matching(current.startsWith('-') ? programOptions : listOf(commands), current);
  }
  const name = words[stoppedAt];
  const isNext = words.length === stoppedAt + 2;
  if (name === 'help') return isNext ? matching(listOf(commands), current) : nothing;
  const spec = await commands.find((entry) => entry.name === name)?.load();
  if (!spec) return nothing;
  const before = [...words.slice(0, stoppedAt), ...words.slice(stoppedAt + 1, -1)];
  return completionsIn(spec, before, current, { commands, env });
}

async function completionsIn(
  spec: CommandSpec,
  before: readonly string[],
  current: string,
  { commands, env }: { readonly commands: readonly CommandEntry[]; readonly env: Environment },
): Promise<Completions> {
  const options = optionsOf(spec);
  const place = placeIn(options, before, { stopsAtWord: false });
  const films = () => filmsOf(spec, place, env);
  const valuesOf = (slot: TakenOption | ArgumentSpec, typed: string) =>
    valuesFor(slot, typed, { commands, films });
  if (place.awaiting) return valuesOf(place.awaiting, current);
  const [, long, typed = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  if (long !== undefined && !place.isAfterOptions) {
    const option = options.find((one) => one.long === long && one.placeholder !== undefined);
    return option ? prefixed(await valuesOf(option, typed), `${long}=`) : nothing;
  }
  if (current.startsWith('-') && !place.isAfterOptions) {
    const taken = options.map(({ long: value, help: description }) => ({ value, description }));
    return matching(taken, current);
  }
  const last = spec.arguments.at(-1);
  const slot = spec.arguments[place.positionals] ?? (last?.flags.includes('...') ? last : undefined);
  return slot ? valuesOf(slot, current) : nothing;
}

function listOf(commands: readonly CommandEntry[]): Completion[] {
  const help = { value: 'help', description: 'print help for a command' };
  return [...commands.map(({ name, summary }) => ({ value: name, description: summary })), help];
}

const programOptions: readonly Completion[] = [
  { value: '--version', description: 'print the version' },
  ...['data', ...namedFormats, 'quiet', 'color', 'jobs', 'help'].map((name) => {
    const { long, help } = takenOption(name as OptionName);
    return { value: long, description: help };
  }),
];

function folderOf(typed: string | undefined, env: Environment): string {
  const folder = dataFolderOf(typed, env);
  return folder.startsWith('~/') && env.HOME ? env.HOME + folder.slice(1) : folder;
}

async function valuesFor(
  slot: TakenOption | ArgumentSpec,
  typed: string,
  {
    commands,
    films,
  }: { readonly commands: readonly CommandEntry[]; readonly films: () => Promise<Completion[]> },
): Promise<Completions> {
  const words = slot.choices ?? ('kind' in slot ? slot.kind?.words : undefined);
  if (words)
    return matching(
      words.map((value) => ({ value, description: '' })),
      typed,
    );
  switch (/[<[](.*?)(?:\.\.\.)?[>\]]/.exec(slot.flags)?.[1]) {
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
      return matching(listOf(commands), typed);
    case 'dir':
      return { kind: 'folders' };
    case 'file':
    case 'path':
      return { kind: 'files' };
    default:
      return nothing;
  }
}

/** The names of films in the folder or the engine; none if they cannot be listed. No film is opened. */
async function filmsOf(spec: CommandSpec, { values }: Place, env: Environment): Promise<Completion[]> {
  const data = values.get('data');
  const url = engineNamed(env, { engine: values.get('engine'), data });
  const films = await catchGiallo(() =>
    url && asksEngine(spec) ? namesInEngine(url, env) : namesInFolder(folderOf(data, env)),
  );
  return films instanceof GialloError ? [] : films.map((value) => ({ value, description: '' }));
}

async function namesInFolder(folder: string): Promise<string[]> {
  const { openCollection } = await import('../collection/collection.js');
  return (await openCollection(folder)).films.map(({ name }) => name);
}

/** How long to wait for a server: somebody is typing. */
const patienceSeconds = '2';

async function namesInEngine(url: string, env: Environment): Promise<string[]> {
  if (!URL.canParse(url)) return [];
  const address = new URL(url);
  address.searchParams.set('timeout', patienceSeconds);
  const { openStore } = await import('../engine/engine-store.js');
  const password = env.GIALLO_ENGINE_PASSWORD ?? '';
  const store = await openStore(address.href, { password, isPartial: true });
  return (await store.films()).map(({ film }) => film);
}

/**
 * The completions that begin with the typed text; else those that do in another Unicode form; else in any case; else
 * the only one that contains it. Several that contain it are none: a shell would replace the typed text by their common
 * beginning.
 */
function matching(all: readonly Completion[], typed: string): Completions & { readonly kind: 'words' } {
  const composed = typed.normalize('NFC');
  const folded = composed.toLowerCase();
  const foldedOf = (value: string) => value.normalize('NFC').toLowerCase();
  const rules: ((value: string) => boolean)[] = [
    (value) => value.startsWith(typed),
    (value) => value.normalize('NFC').startsWith(composed),
    (value) => foldedOf(value).startsWith(folded),
  ];
  for (const fits of rules) {
    const words = all.filter(({ value }) => fits(value));
    if (words.length > 0) return { kind: 'words', words };
  }
  const words = all.filter(({ value }) => foldedOf(value).includes(folded));
  return { kind: 'words', words: words.length === 1 ? words : [] };
}

function prefixed(completions: Completions, prefix: string): Completions {
  if (completions.kind !== 'words') return completions;
  return {
    ...completions,
    words: completions.words.map((word) => ({ ...word, value: prefix + word.value })),
  };
}
/** The line that is being completed, as its shell hands it over. */
interface TypedLine extends Insertion {
  /** The words after `giallo`, without quotes; the last one, which may be empty, is being typed. */
  readonly words: readonly string[];
}

/**
 * zsh and fish take the line apart themselves. bash gives the line as it stands (its own words are cut at characters
 * such as `:`, and keep their quotes), and the characters at which it cuts.
 */
export function lineOf(shell: Shell, handed: readonly string[]): TypedLine {
  if (shell !== 'bash') return { shell, words: handed, openQuote: '', kept: 0 };
  const [line = '', breaks = ''] = handed;
  const { words, openQuote, lastBreak } = splitLine(line, breaks);
  return { shell, words: words.slice(1), openQuote, kept: lastBreak };
}

/**
 * A piece of a POSIX command line, one alternative each: blanks, an escaped character, what stands in quotes, which the
 * end of the line may leave open, and a character as it is.
 */
const pieceOfLine = /([ \t\n]+)|\\(.?)|'([^']*)('?)|"((?:\\.|[^"\\]|\\$)*)("?)|(.)/gs;

/** The words of a POSIX command line that may end within a quote; nothing in it is expanded. */
function splitLine(line: string, breaks: string) {
  const words: (string | undefined)[] = [];
  let word: string | undefined;
  let openQuote: TypedLine['openQuote'] = '';
  let lastBreak = 0;
  for (const [, blanks, escaped, single, singleEnd, double, doubleEnd, plain] of line.matchAll(pieceOfLine)) {
    if (blanks !== undefined) {
      words.push(word);
      word = undefined;
      lastBreak = 0;
      continue;
    }
    word = (word ?? '') + (escaped ?? single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? plain);
    if (singleEnd === '') openQuote = "'";
    if (doubleEnd === '') openQuote = '"';
    if (':='.includes(plain ?? ' ') && breaks.includes(plain)) lastBreak = word.length;
  }
  return { words: [...words, word ?? ''].filter((one) => one !== undefined), openQuote, lastBreak };
}
