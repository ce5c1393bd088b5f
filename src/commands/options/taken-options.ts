/** The options that a command takes, and those of them that giallo repeats in the command lines that it prints. */
import { shellLine } from '../../escape.js';
import type { OptionRow, ValueKind } from './option-row.js';
import { type OptionName, optionTable } from './option-table.js';

/** An option that a command takes: its name, and how it differs from its row there, if it does. */
export type Taken = OptionName | readonly [OptionName, Differing];

interface Differing extends Partial<Omit<OptionRow, 'flags' | 'kind' | 'choices'>> {
  readonly kind?: ValueKind<unknown>;
  readonly default?: unknown;
}

/** A command, as far as its options are concerned. */
export interface Taker {
  readonly options: readonly Taken[];
}

export interface TakenOption extends OptionRow {
  readonly name: OptionName;
  /** `-k`; undefined for most. */
  readonly short: string | undefined;
  /** `--top`. */
  readonly long: string;
  /** `<n>`, without its brackets; undefined for options without a value. */
  readonly placeholder: string | undefined;
  readonly default?: unknown;
}

/** The name of an option that a command takes. */
export function nameOf(taken: Taken): OptionName {
  return typeof taken === 'string' ? taken : taken[0];
}

/** The row of an option, with what differs in the command. */
export function takenOption(taken: Taken): TakenOption {
  const [name, differing]: readonly [OptionName, Differing] = typeof taken === 'string' ? [taken, {}] : taken;
  const row: OptionRow = { ...optionTable[name], ...differing };
  const [, short, long, placeholder] = /^(?:(-\w), )?(--[a-z-]+)(?: <(.*)>)?$/.exec(row.flags) ?? [];
  return { ...row, name, short, long: long as string, placeholder };
}

/** The options of a command, `--help` among them. */
export function optionsOf({ options }: Taker): TakenOption[] {
  return [...options, 'help' as const].map(takenOption);
}

/** Whether a command takes an option. */
export function takes({ options }: Taker, name: OptionName): boolean {
  return options.some((taken) => nameOf(taken) === name);
}

/** Whether a command can ask an engine for films. `push` has `--engine` too, and takes its films from the folder. */
export function asksEngine(command: Taker): boolean {
  return takes(command, 'partial');
}

/** All options of giallo. */
export function allOptions(): TakenOption[] {
  return (Object.keys(optionTable) as OptionName[]).map((name) => takenOption(name));
}

const collection = ['data', 'embeddingsKey', 'filenamesKey', 'assume'] as const;
const formatsWithNames = ['json', 'ndjson', 'csv', 'names', 'null', 'quiet', 'color'] as const;
const pages = ['screenshots', 'paths', 'html', 'open'] as const;
const times = ['times', 'fps', 'interval'] as const;
const clips = ['edl', 'otio', 'reel', 'handles', 'play'] as const;
const work = ['jobs', 'strict'] as const;

/** Names of options that several commands take together. */
export const optionSets = {
  scope: ['all', 'in', 'others'],
  filters: ['perFilm', 'perShot', 'minScore', 'maxScore', 'without', 'maxDistance', 'shotThreshold'],
  reading: ['embeddingsKey', 'filenamesKey', 'assume'],
  collection,
  engine: ['engine', 'partial'],
  notices: ['quiet', 'color'],
  formats: ['json', 'ndjson', 'csv', 'quiet', 'color'],
  formatsWithNames,
  pages,
  times,
  work,
  /** For commands that look at many films. */
  search: [...work, 'cache', 'explain'],
  /** For commands whose answer is frames: times, clips, names, pages and pictures of frames. */
  frames: [...times, ...clips, ...collection, 'timesKey', ...formatsWithNames, ...pages, 'pictures'],
} as const satisfies Readonly<Record<string, readonly OptionName[]>>;

/** The options that were given, with their values as they were typed; an option without a value has an empty list. */
export type GivenOptions = ReadonlyMap<OptionName, readonly string[]>;

/** When an option goes into the command lines that giallo prints. */
type Carried = NonNullable<OptionRow['carried']>;

/** The words of those given options that the command takes and that are carried in one of these ways. */
export function carriedWords(given: GivenOptions, { options }: Taker, ways: readonly Carried[]): string[] {
  return options.map(takenOption).flatMap(({ name, long, placeholder, isRepeatable }) => {
    // If an option takes one value and was given several, the last one counts.
    const texts = isRepeatable ? given.get(name) : given.get(name)?.slice(-1);
    const { carried }: OptionRow = optionTable[name];
    if (texts === undefined || carried === undefined || !ways.includes(carried)) return [];
    if (placeholder === undefined) return [long];
    return texts.flatMap((text) => (text.startsWith('-') ? [`${long}=${text}`] : [long, text]));
  });
}

/** The words of a printed line, each with the blank before it. A quoted text is part of its word. */
function piecesOf(line: string): readonly string[] {
  return line.match(/ (?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^ '\\])*/gs) ?? [];
}

/**
 * The hint, with the options that name the collection and say how to read it added to its lines in backticks (`giallo
 * films`).
 */
export async function withGivenOptions(
  hint: string,
  given: GivenOptions,
  specOf: (name: string) => Promise<Taker | undefined>,
): Promise<string> {
  if (given.size === 0 || !hint.includes('`giallo ')) return hint;
  // A quoted name may hold backticks.
  const parts = hint.split(/(`giallo (?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^`'\\])*`)/s);
  const completed = parts.map(async (part) => {
    const [, name, rest = ''] = /^`giallo (\S+)(.*)`$/s.exec(part) ?? [];
    const spec = name === undefined ? undefined : await specOf(name);
    if (!spec) return part;
    const unsaid = new Map([...given].filter(([option]) => !hasOption(rest, option)));
    const words = shellLine(carriedWords(unsaid, spec, ['always']));
    if (words === '') return part;
    const pieces = piecesOf(rest);
    const end = pieces.indexOf(' --');
    const at = end < 0 ? pieces.length : end;
    return `\`giallo ${[name, ...pieces.slice(0, at)].join('')} ${words}${pieces.slice(at).join('')}\``;
  });
  return (await Promise.all(completed)).join('');
}

/** Whether a line names the option already. */
function hasOption(line: string, option: OptionName): boolean {
  const { short, long } = takenOption(option);
  const pieces = piecesOf(line);
  return [short, long].some((flag) => flag !== undefined && pieces.includes(` ${flag}`));
}
