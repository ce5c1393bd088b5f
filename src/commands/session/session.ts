/** One run of a command: its collection, its search context, and the printing of its answer and notices. */
import type { Collection } from '../../collection/collection.js';
import type { FilmEntry } from '../../collection/film.js';
import type { Engine } from '../../engine/engine.js';
import { GialloError } from '../../errors.js';
import type { Io } from '../../io.js';
import type { Format } from '../../render/formats.js';
import { captionText } from '../../render/tabular.js';
import type { View } from '../../render/view.js';
import type { SkippedFilm } from '../../search/answer.js';
import { type SearchContext, withEngine } from '../../search/context.js';
import type { Output } from '../../standard-output.js';
import type { TimesOfFilms, TimesSettings } from '../../times/times-of-films.js';
import { cacheRoot, dataFolderOf } from '../../user-folders.js';
import { connectionOptionsOf } from '../options/flag-meanings.js';
import type { AnyFlags } from '../options/option-table.js';
import { namedFormats } from '../options/output-options.js';
import {
  engineExplanation,
  explanation,
  groupWarnings,
  indexHint,
  type Notices,
  openNotices,
  pairExplanation,
} from './notices.js';

interface SessionSettings {
  /** The result of `engineUrlOf`, for commands that can ask an engine. */
  readonly engineUrl: string | undefined;
  /** Adds the options that name the collection to the command lines in a hint. */
  completeHint(hint: string): Promise<string>;
}

export interface Session extends Pick<SessionSettings, 'completeHint'> {
  readonly io: Io;
  readonly notices: Notices;
  /** The context of searches. It contains the engine after `open` has opened it. */
  readonly context: SessionContext;
  /** Limits `--fps` and `--interval` to these films; by default they apply to all. */
  askAbout(films: readonly FilmEntry[]): void;
  /** The data folder that the options and the environment name; it may not exist. */
  readonly dataFolder: string;
  /** The folder of all search indexes. */
  readonly cacheRoot: string;
  /** The collection that the options and the environment name. */
  open(needs?: CollectionNeeds): Promise<Collection>;
  /** Prints a view in the chosen format. Its caption goes to stderr if the format has no place for it. */
  print(view: View): Promise<void>;
  /** Prints a line on stderr, in formats that have no place for it. (Tables and JSON contain it.) */
  annotate(line: string): Promise<void>;
  /**
   * Removes the progress bar, and prints for how many more films each warning was. To be called before an answer or an
   * error.
   */
  endNotices(): Promise<void>;
  /** Names the skipped films. With `--strict` this throws, unless all of them were skipped for having another dim. */
  reportSkipped(skipped: readonly SkippedFilm[]): Promise<void>;
}

/** A search context that also knows the times of frames. */
interface SessionContext extends SearchContext {
  readonly times: TimesOfFilms;
}

/** Which films of a collection a command needs. */
interface CollectionNeeds {
  /** The films that were named. If all of them are paths, the default folder need not exist. */
  readonly films?: readonly string[] | undefined;
  /** Whether the command also looks at other films. */
  readonly isSearched?: boolean | undefined;
}

/** Starts the run of a command with its options; nothing is opened before `open`. Errors: `usage`. */
export function startSession(
  io: Io,
  options: AnyFlags,
  { engineUrl, completeHint }: SessionSettings,
): Session {
  if (engineUrl !== undefined) requireNoTimes(options);
  const notices = openNotices(io, options.quiet === true, completeHint);
  const warnings = groupWarnings(notices);
  const isFolderNamed = Boolean(options.data ?? io.env.GIALLO_DATA);
  const folders = { dataFolder: dataFolderOf(options.data, io.env), cacheRoot: cacheRoot(io.env) };
  let askedAbout: ReadonlySet<string> | undefined;
  const context: SessionContext = {
    ...contextOf(io, options, folders, notices, ({ path }) => askedAbout?.has(path) ?? true),
    onWarning: warnings.add,
  };
  const endNotices = async () => {
    await notices.endProgress();
    await warnings.end();
  };
  let engine: Engine | undefined;
  return {
    completeHint,
    io,
    notices,
    ...folders,
    askAbout(films) {
      askedAbout = new Set(films.map(({ path }) => path));
    },
    get context() {
      return withEngine(context, engine);
    },
    async open({ films = [], isSearched = films.length === 0 } = {}) {
      if (engineUrl === undefined)
        return openFolder(folders.dataFolder, films, { isNeeded: isFolderNamed || isSearched }, notices);
      engine = await openEngineAt(engineUrl, io, options, notices);
      return engine.collection;
    },
    async print(view) {
      await endNotices();
      await io.stdout.write(await renderView(view, io, options));
      // Scripts do not need the caption, and opening stderr takes Node.js some milliseconds.
      if (!hasPlaceForNotes(io, options) && io.stderr.isTerminal)
        for (const line of view.table.caption) await notices.hint(captionText(line));
    },
    async annotate(line) {
      if (!hasPlaceForNotes(io, options)) await notices.hint(line);
    },
    endNotices,
    async reportSkipped(skipped) {
      await endNotices();
      await warnOfSkipped(skipped, notices, options);
    },
  };
}

/** The context of searches with these options. */
function contextOf(
  io: Io,
  options: AnyFlags,
  folders: Pick<Session, 'dataFolder' | 'cacheRoot'>,
  notices: Notices,
  isAskedAbout: (film: FilmEntry) => boolean,
): SessionContext {
  const { embeddingsKey, filenamesKey, assume, jobs } = options;
  const reading = { embeddingsKey, filenamesKey, assume };
  const isIndexUsed = options.cache !== false;
  return {
    ...searchTellers(notices, isIndexUsed, options),
    index: isIndexUsed ? folders : undefined,
    reading,
    times: timesWhenNeeded({
      ...options,
      reading,
      folder: folders.dataFolder,
      isAskedAbout,
      onProblem: ({ message }) => void notices.warn(message),
    }),
    jobs,
    signal: io.signal,
    onProgress: notices.progress,
  };
}

/** The times of the films. Their modules are loaded at the first use, since most commands do not need them. */
function timesWhenNeeded(settings: TimesSettings): TimesOfFilms {
  let opened: Promise<TimesOfFilms> | undefined;
  const open = () => {
    opened ??= import('../../times/times-of-films.js').then(({ openTimes }) => openTimes(settings));
    return opened;
  };
  return {
    of: async (film) => (await open()).of(film),
    require: async (film) => (await open()).require(film),
  };
}

async function warnOfSkipped(
  skipped: readonly SkippedFilm[],
  notices: Notices,
  options: AnyFlags,
): Promise<void> {
  for (const { code, film, message } of skipped) await notices.warn(`skipped ${film} (${code}): ${message}`);
  const broken = skipped.filter(({ code }) => code !== 'dim-mismatch').length;
  if (!options.strict || broken === 0) return;
  throw new GialloError(
    'films-skipped',
    `${broken === 1 ? 'a film was' : `${broken} films were`} skipped, and --strict forbids it`,
  );
}

/** Reports how a search went: an explanation if one was asked for, and a hint if something would make it faster. */
function searchTellers(notices: Notices, isIndexUsed: boolean, { explain: isExplained }: AnyFlags) {
  const explain = (text: string) => isExplained && void notices.explain(text);
  const hint = (text: string) => void notices.hint(text);
  return {
    onIndexUse(use) {
      explain(explanation(use));
      const better = isIndexUsed ? indexHint(use) : undefined;
      if (better) hint(better);
    },
    onPairCounts: (counts) => explain(pairExplanation(counts)),
    onEngineUse: (use) => explain(engineExplanation(use)),
    onHint: hint,
  } satisfies SearchContext;
}

/** Whether the format has a place for captions and notes. */
function hasPlaceForNotes({ stdout }: Io, options: AnyFlags): boolean {
  return formatOf(options) === 'json' || isTerminalTable(stdout, options);
}

async function openEngineAt(url: string, io: Io, { partial }: AnyFlags, notices: Notices): Promise<Engine> {
  const { openEngine } = await import('../../engine/engine.js');
  const engine = await openEngine(url, { ...connectionOptionsOf(io), isPartial: partial });
  if (engine.collection.films.length === 0)
    await notices.hint(`${engine.collection.folder} holds no films; \`giallo push\` brings them there`);
  return engine;
}

/** Opens the collection of a folder. The folder may be missing if it is not needed and all `films` are paths. */
async function openFolder(
  folder: string,
  films: readonly string[],
  { isNeeded }: { readonly isNeeded: boolean },
  notices: Notices,
): Promise<Collection> {
  const { openCollection } = await import('../../collection/collection.js');
  const collection = await openCollection(folder).catch(async (error) => {
    if (isNeeded || !(await isFolderUnneeded(films, error))) throw error;
    return { folder, films: [], shadowed: [] };
  });
  for (const file of collection.shadowed)
    await notices.hint(`${file}: left out, since another file of the same name is read`);
  if (collection.films.length === 0 && films.length === 0)
    await notices.hint(`${folder} holds no .npz films; name another folder with --data <dir>`);
  return collection;
}

/** Errors: `usage` if options give times: films of an engine have the times that were pushed with them. */
function requireNoTimes({ fps, interval, timesKey }: AnyFlags): void {
  if ((fps ?? interval ?? timesKey) === undefined) return;
  throw new GialloError('usage', '--fps, --interval and --times-key cannot be used with --engine', {
    hint: 'times come with the films: give them with `giallo times`, and push the films',
  });
}

/** Whether `error` says that the folder is missing, and all films are paths, so that it is not needed. */
async function isFolderUnneeded(films: readonly string[], error: unknown): Promise<boolean> {
  if (!(error instanceof GialloError) || error.code !== 'collection-missing') return false;
  const { isPath } = await import('../../collection/resolve-film.js');
  return films.every(isPath);
}

async function renderView(view: View, io: Io, options: AnyFlags): Promise<string> {
  const { stdout } = io;
  if (isTerminalTable(stdout, options)) {
    const [{ terminalTable }, { chalkFor }] = await Promise.all([
      import('../../render/terminal-table.js'),
      import('../../render/colour.js'),
    ]);
    const style = { width: stdout.columns, chalk: chalkFor(io, options) };
    const tables = view.terminalTables?.(stdout.columns) ?? [view.table];
    return tables.map((table) => terminalTable(table, style)).join('\n');
  }
  const { renderers } = await import('../../render/formats.js');
  return renderers[formatOf(options)](view, { isTerminal: stdout.isTerminal, endsWithNul: options.null });
}

/** The format that the options name; a table by default. */
function formatOf(options: AnyFlags): Format {
  return namedFormats.find((name) => options[name]) ?? 'table';
}

/** Whether the answer is printed as a table on a terminal. */
export function isTerminalTable(stdout: Output, options: AnyFlags): boolean {
  return formatOf(options) === 'table' && stdout.isTerminal;
}
