/**
 * Help, made from the declarations of commands; and errors for lines that giallo does not understand, with the line
 * that was probably meant.
 */
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
import { shellLine } from '../escape.js';
import type { Io } from '../io.js';
import type { HelpPage, HelpSection } from '../render/help.js';
import { closestWord } from '../spelling.js';
import { dataFolderOf } from '../user-folders.js';
import { eitherOf } from '../word-lists.js';
import type { CommandEntry, CommandSpec, Typed } from './command.js';
import { groups } from './options/option-row.js';
import { placeIn } from './options/option-words.js';
import { allOptions, carriedWords, optionsOf, type TakenOption, takes } from './options/taken-options.js';

/** The page of `giallo help <command>`. */
export function commandHelp(spec: CommandSpec): HelpPage {
  const options = optionsOf(spec);
  const sections = Object.entries(groups).map(([group, title]): HelpSection => {
    const note = spec.groupNotes?.[group as keyof typeof groups];
    const items = options.filter((option) => option.group === group);
    return {
      title: note === undefined ? title : `${title} (${note})`,
      items: items.map((option) => ({ term: option.flags, text: optionHelp(option) })),
    };
  });
  const names = spec.arguments.map(({ flags, help }) => ({ term: flags, text: help }));
  return {
    usage: usageOf(spec),
    description: spec.description,
    sections: [{ title: 'Arguments', items: names }, ...sections].filter(({ items }) => items.length > 0),
    examples: spec.examples,
    closing: '',
  };
}

/** The page of `giallo help`. */
export function programHelp(commands: readonly CommandEntry[]): HelpPage {
  const items = commands.map((entry) => ({
    term: `${entry.name} ${entry.arguments}`.trim(),
    text: entry.summary,
  }));
  return {
    usage: 'giallo <command> [options]',
    description:
      'Finds the frames that look alike in a folder of NumPy .npz embedding files: exactly, in a moment.',
    sections: [
      {
        title: 'Commands',
        items: [...items, { term: 'help [command]', text: 'print help for a command' }],
      },
      {
        title: 'Options',
        items: [
          { term: '-V, --version', text: 'print the version' },
          { term: '-h, --help', text: 'print help' },
        ],
      },
    ],
    examples: [
      ['giallo films', 'what is in ./data_embeddings'],
      ['giallo similar Sintel 40', 'the frames most like frame 40 of a film'],
      ['giallo similar Sintel 40 --exclude-near shot', '... in other shots than its own'],
      ['giallo similar Sintel 40 --all', '... in all films'],
    ],
    closing:
      'A film is named by a part of its name, a frame by its index or filename. The collection is -d <dir>, else $GIALLO_DATA, else ./data_embeddings. `giallo help similar` says more; docs/your-own-films.md shows how to make a collection from a video.',
  };
}

function usageOf({ name, arguments: slots }: CommandSpec): string {
  return ['giallo', name, '[options]', ...slots.map(({ flags }) => flags)].join(' ');
}

function optionHelp({ help, choices, default: value }: TakenOption): string {
  const more = [
    ...(choices ? [choices.join(', ')] : []),
    ...(value === undefined ? [] : [`default: ${value}`]),
  ];
  return more.length === 0 ? help : `${help} (${more.join('; ')})`;
}

/** A command line in parts: the words before the command, the command, and the words after it. */
interface SplitLine {
  readonly before: readonly string[];
  readonly name: string | undefined;
  readonly after: readonly string[];
}

/** The error for a line whose command is missing or unknown, with the line that was probably meant. */
export async function unknownCommand(
  { before, name, after }: SplitLine,
  commands: readonly CommandEntry[],
  io: Io,
): Promise<GialloError> {
  const lists = '`giallo help` lists the commands';
  if (name === undefined) {
    const strange = before.find((word) => word.startsWith('-') && knownOption(word) === undefined);
    if (strange === undefined) return new GialloError('usage', 'the command is missing', { hint: lists });
    const hint = /^-v/.test(strange) || strange === '-version' ? '`giallo -V` prints the version' : lists;
    return new GialloError('usage', `unknown option ${strange}`, { hint });
  }
  const wanted = await commandWanted(name, { before, after }, commands, io);
  // In `build index` and `list films`, the command is the second word.
  const rest = wanted?.[0] === after[0] ? after.slice(1) : after;
  const line = wanted && shellLine(['giallo', ...wanted, ...before, ...rest]);
  const hint = line === undefined ? lists : `did you mean \`${line}\`?`;
  return new GialloError('usage', `unknown command ${name}`, { hint });
}

/** The error for `giallo help` with a word that is no command. */
export function unknownTopic(name: string, commands: readonly CommandEntry[]): GialloError {
  const names = commands.map((entry) => entry.name);
  const wanted = synonyms[name.toLowerCase()]?.split(' ')[0] ?? closest(name, names);
  const hint =
    wanted === undefined ? '`giallo help` lists the commands' : `did you mean \`giallo help ${wanted}\`?`;
  return new GialloError('usage', `unknown command ${name}`, { hint });
}

/** The words that should replace the unknown command. */
async function commandWanted(
  name: string,
  around: Omit<SplitLine, 'name'>,
  commands: readonly CommandEntry[],
  io: Io,
): Promise<string[] | undefined> {
  if (/^version$/i.test(name)) return ['--version'];
  const names = commands.map((entry) => entry.name);
  const typed = name.toLowerCase();
  // A film goes before a command of nearly its name, as Paris before pairs.
  const command = synonyms[typed] ?? names.find((one) => one === typed || one === `${typed}s`);
  if (command !== undefined) return command.split(' ');
  const asFilm = await filmCommand(name, around, io);
  if (asFilm !== undefined) return [asFilm, name];
  const near = completedOrClosest(name, names);
  return near === undefined ? undefined : [near];
}

/** The error for an argument that is not one of the command's choices. */
export function unknownChoice(
  word: string,
  { spec, given }: Pick<Typed, 'spec' | 'given'>,
  choices: readonly string[],
): GialloError {
  const { name } = spec;
  const near = completedOrClosest(word, choices);
  const line = near && shellLine(['giallo', name, near, ...carriedWords(given, spec, ['always'])]);
  const hint = line === undefined ? `\`giallo help ${name}\` shows how` : `did you mean \`${line}\`?`;
  return new GialloError('usage', `${name}: expected ${eitherOf(choices)}, found ${word}`, { hint });
}

/** Words that people try because other programs use them, or because giallo's own texts do. */
const synonyms: Readonly<Record<string, string>> = {
  ls: 'films',
  list: 'films',
  query: 'similar',
  find: 'similar',
  nearest: 'similar',
  dump: 'topk',
  export: 'convert',
  dedupe: 'duplicates',
  dups: 'duplicates',
  dupes: 'duplicates',
  matches: 'pairs',
  cuts: 'shots',
  diff: 'compare',
  check: 'verify',
  show: 'info',
  build: 'index build',
  reindex: 'index build',
  clear: 'index clear',
  status: 'index status',
  completions: 'completion',
};

/** The command that was probably left out, if the word in its place is a film, a frame, or a file to convert. */
async function filmCommand(
  name: string,
  { before, after }: Omit<SplitLine, 'name'>,
  io: Io,
): Promise<string | undefined> {
  if (/\.(json|csv|parquet)$/i.test(name)) return 'convert';
  const [{ openCollection }, { isPictureFile }, { resolveFilm }] = await Promise.all([
    import('../collection/collection.js'),
    import('../collection/names.js'),
    import('../collection/resolve-film.js'),
  ]);
  if (isPictureFile(name)) return 'similar';
  const placeAfter = (words: readonly string[]) => placeIn(allOptions(), words, { stopsAtWord: false });
  const folder = dataFolderOf(placeAfter([...before, ...after]).values.get('data'), io.env);
  const collection = await catchGiallo(() => openCollection(folder));
  const films = collection instanceof GialloError ? { folder, films: [], shadowed: [] } : collection;
  const isFilm = (text: string) => !(catchGialloSync(() => resolveFilm(films, text)) instanceof GialloError);
  if (isFilm(name)) return placeAfter(after).positionals > 0 ? 'similar' : 'info';
  const [, film] = /^(.+):[^:]+$/s.exec(name) ?? [];
  return film !== undefined && isFilm(film) ? 'similar' : undefined;
}

/**
 * The error for an option that the command does not take. Its hint names the option that was probably meant, or the
 * commands that take this one.
 */
export async function unknownOption(
  word: string,
  spec: CommandSpec,
  options: readonly TakenOption[],
  commands: readonly CommandEntry[],
): Promise<GialloError> {
  const flag = word.replace(/=.*$/s, '');
  const own = options.find(({ short, long }) => flag === long || flag === short);
  if (own) {
    const hint = `\`giallo help ${spec.name}\` shows how`;
    return new GialloError('usage', `${own.long} takes no value, found ${word}`, { hint });
  }
  const elsewhere = knownOption(flag);
  const listed = `\`giallo help ${spec.name}\` lists its options`;
  const takers = elsewhere && (await takersOf(elsewhere, commands));
  const hint =
    optionWanted(flag, options, elsewhere !== undefined) ?? (takers ? `${takers}; ${listed}` : listed);
  const message = elsewhere ? `${spec.name} does not take ${flag}` : `unknown option ${flag}`;
  return new GialloError('usage', message, { hint });
}

/** The commands that take the option, if they are few. */
async function takersOf(
  { name }: TakenOption,
  commands: readonly CommandEntry[],
): Promise<string | undefined> {
  const specs = await Promise.all(commands.map(({ load }) => load()));
  const takers = specs.filter((spec) => takes(spec, name));
  const names = takers.map((taker) => taker.name);
  if (names.length === 1) return `\`giallo ${names[0]}\` takes it`;
  return names.length > 5 ? undefined : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} take it`;
}

/** Options of other programs, and the options of giallo that do the same. */
const optionSynonyms: Readonly<Record<string, readonly string[]>> = {
  '-n': ['--top'],
  '--limit': ['--top'],
  '--count': ['--top'],
  '--num': ['--top'],
  '--results': ['--top'],
  '--threshold': ['--min-score', '--shot-threshold'],
  '--cutoff': ['--min-score'],
  '--threads': ['--jobs'],
  '--workers': ['--jobs'],
  '--dir': ['--data'],
  '--folder': ['--data'],
  '--out': ['--output'],
  '--format': ['--json', '--ndjson', '--csv'],
  '--verbose': ['--explain'],
};

/** Options of other commands are proposed only if their names are nearly equal: not `--null` for `--all`. */
function optionWanted(
  flag: string,
  options: readonly TakenOption[],
  isElsewhere: boolean,
): string | undefined {
  if (/^-(v|version)$/.test(flag)) return '`giallo -V` prints the version';
  if (flag === '--version') return '`giallo --version` prints the version';
  if (options.some(({ short }) => flag === `-${short}`)) return `did you mean ${flag.slice(1)}?`;
  const long = flag.replace(/^-+/, '--').toLowerCase().replaceAll('_', '-');
  const longs = options.map((option) => option.long);
  const synonyms = (optionSynonyms[flag.toLowerCase()] ?? []).filter((one) => longs.includes(one));
  if (!isElsewhere && synonyms.length > 0) return `did you mean ${synonyms.join(' or ')}?`;
  const sameBeginning = long.length > 3 ? longs.filter((one) => one.startsWith(long)) : [];
  const dashes = isElsewhere ? 2 : 0;
  const names = longs.map((one) => one.slice(dashes));
  const near = closest(long.slice(dashes), names);
  const found = sameBeginning.length > 0 ? sameBeginning : [near && longs[names.indexOf(near)]];
  const listed = found.filter((one) => one !== undefined);
  return listed.length === 0 ? undefined : `did you mean ${listed.join(' or ')}?`;
}

function knownOption(word: string): TakenOption | undefined {
  const flag = word.replace(/=.*$/s, '');
  return allOptions().find(
    ({ short, long }) =>
      flag === long ||
      flag === short ||
      (short !== undefined && /^-\w./.test(flag) && flag.startsWith(short)),
  );
}

function completedOrClosest(typed: string, words: readonly string[]): string | undefined {
  const begun = words.filter((word) => typed.length > 1 && word.startsWith(typed.toLowerCase()));
  return begun.length === 1 ? begun[0] : closest(typed, words);
}

/** The closest of the words, if at most two letters and a third of it are wrong. */
function closest(typed: string, words: readonly string[]): string | undefined {
  return closestWord(typed.toLowerCase(), words, (edits, word) => edits <= 2 && edits * 3 <= word.length);
}
