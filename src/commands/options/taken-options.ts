/** Options as a command takes them, and as the lines that giallo prints to be run say them again. */
import { shellLine } from '../../escape.js';
import type { OptionRow, ValueKind } from './option-row.js';
import { type OptionName, optionTable } from './option-table.js';

/** An option that a command takes: by its name, and where it differs there from its row. */
export type Taken = OptionName | readonly [OptionName, Differing];

export interface Differing extends Partial<Omit<OptionRow, 'flags' | 'kind' | 'choices'>> {
  readonly kind?: ValueKind<unknown>;
  readonly default?: unknown;
}

/** What is needed of a command. */
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

/** The name alone. */
export function nameOf(taken: Taken): OptionName {
  return typeof taken === 'string' ? taken : taken[0];
}

/** An option as a command takes it. */
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

/** All options, as their rows have them. */
export function allOptions(): TakenOption[] {
  return (Object.keys(optionTable) as OptionName[]).map((name) => takenOption(name));
}

const collection = ['data', 'embeddingsKey', 'filenamesKey', 'assume'] as const;
const formatsWithNames = ['json', 'ndjson', 'csv', 'names', 'null', 'quiet', 'color'] as const;
const pages = ['screenshots', 'paths', 'html', 'open'] as const;
const times = ['times', 'fps', 'interval', 'timesKey'] as const;
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
  /** Of what looks at many films. */
  search: [...work, 'cache', 'explain'],
  /** Of an answer that is frames: their moments, clips, names, pages and pictures. */
  frames: [...times, ...clips, ...collection, ...formatsWithNames, ...pages, 'pictures'],
} as const satisfies Readonly<Record<string, readonly OptionName[]>>;

/** The values of the options that were given, as they were typed; none for options without a value. */
export type GivenOptions = ReadonlyMap<OptionName, readonly string[]>;

/** How much of what was given goes into a line. */
export type Carried = NonNullable<OptionRow['carried']>;

/** The options that were given, are carried on in one of these ways, and are taken by the command. */
export function carriedWords(given: GivenOptions, { options }: Taker, ways: readonly Carried[]): string[] {
  return options.map(takenOption).flatMap(({ name, long, placeholder, isRepeatable }) => {
    // Of several values the last counts, where but one is taken.
    const texts = isRepeatable ? given.get(name) : given.get(name)?.slice(-1);
    const { carried }: OptionRow = optionTable[name];
    if (texts === undefined || carried === undefined || !ways.includes(carried)) return [];
    return placeholder === undefined ? [long] : texts.flatMap((text) => [long, text]);
  });
}

/** The words of a printed line, each with the blank before it; what is quoted in one is no word of its own. */
function piecesOf(line: string): readonly string[] {
  return line.match(/ (?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^ '\\])*/gs) ?? [];
}

/** A hint whose lines in backticks (`giallo films`) carry on how the collection was named and read. */
export async function withGivenOptions(
  hint: string,
  given: GivenOptions,
  specOf: (name: string) => Promise<Taker | undefined>,
): Promise<string> {
  if (given.size === 0 || !hint.includes('`giallo ')) return hint;
  // A quoted name may hold backticks of its own.
  const parts = hint.split(/(`giallo (?:\$'(?:\\.|[^'\\])*'|'[^']*'|\\.|[^`'\\])*`)/s);
  const completed = parts.map(async (part) => {
    const [, name, rest = ''] = /^`giallo (\S+)(.*)`$/s.exec(part) ?? [];
    const spec = name === undefined ? undefined : await specOf(name);
    if (!spec) return part;
    const unsaid = new Map([...given].filter(([option]) => !says(rest, option)));
    const words = shellLine(carriedWords(unsaid, spec, ['always']));
    if (words === '') return part;
    const pieces = piecesOf(rest);
    const end = pieces.indexOf(' --');
    const at = end < 0 ? pieces.length : end;
    return `\`giallo ${[name, ...pieces.slice(0, at)].join('')} ${words}${pieces.slice(at).join('')}\``;
  });
  return (await Promise.all(completed)).join('');
}

/** Whether a line names the option already, or what takes its place. */
function says(line: string, option: OptionName): boolean {
  const { short, long } = takenOption(option);
  const pieces = piecesOf(line);
  return [short, long].some((flag) => flag !== undefined && pieces.includes(` ${flag}`));
}
