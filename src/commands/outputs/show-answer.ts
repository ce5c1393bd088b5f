/** Shows an answer in all the forms that were asked for: printed, drawn, and on a page. */
import type { Collection } from '../../collection/collection.js';
import { entriesOf, type FilmsByName, typedFilm } from '../../collection/named-films.js';
import { catchGiallo, GialloError } from '../../errors.js';
import { commandLine } from '../../escape.js';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import type { AnswerPage } from '../../render/html/page.js';
import { captionText } from '../../render/tabular.js';
import type { View } from '../../render/view.js';
import type { FramePlace } from '../../search/answer.js';
import type { TimesByName } from '../../times/film-times.js';
import type { AnyFlags } from '../options/option-table.js';
import { namedFormats } from '../options/output-options.js';
import { carriedWords, type GivenOptions, type Taker } from '../options/taken-options.js';
import { isTerminalTable, type Session } from '../session/session.js';
import type { FilmFacts } from './film-facts.js';

/** What pictures, pages and timelines need in addition to the view. */
export interface SeenAnswer {
  readonly collection: Collection;
  /** The films that the answer may name. */
  readonly films: FilmsByName;
  /** Loads and makes the answer's page. */
  readonly page: () => Promise<AnswerPage>;
  /**
   * About the commands that the page's pictures copy: whether they ask the same question about another frame, the
   * options of their scope, and the films to look in, if the options and the frame do not tell.
   */
  readonly next: {
    readonly isSameQuestion: boolean;
    readonly scope: readonly string[];
    readonly films?: readonly string[];
  };
}

/** The answer, and the command line that asked for it. */
interface Shown extends SeenAnswer {
  readonly view: View;
  /** The times of the films, if any are known. */
  readonly times?: TimesByName;
  readonly argv: readonly string[];
  readonly given: GivenOptions;
  specOf(name: string): Promise<Taker | undefined>;
}

/**
 * Checks before any work that the answer can be shown as asked. Errors: `output-exists`, `usage`, `file-unwritable`.
 */
export async function checkDisplay({ io }: Session, flags: AnyFlags): Promise<void> {
  if (flags.html === '-') requireStdout(flags);
  else if (flags.html !== undefined) {
    const [{ requireWritable }, { generatorMark }] = await Promise.all([
      import('./replaceable.js'),
      import('../../render/html/page.js'),
    ]);
    await requireWritable(flags.html, generatorMark, 'a page');
  }
  const folder = namedFolder(io.env, flags);
  if (folder === undefined) return;
  const { openPictureFolder } = await import('../../pictures/picture-folder.js');
  const opened = await catchGiallo(() => openPictureFolder(folder, { isRequired: true }));
  if (!(opened instanceof GialloError)) return;
  if (flags.screenshots !== undefined || opened.hint !== undefined) throw opened;
  // People forget a variable that they set long ago.
  const hint = '$GIALLO_SCREENSHOTS names it; --screenshots <dir> names another folder';
  throw new GialloError(opened.code, opened.message, { hint, cause: opened });
}

/** Errors: `usage` if something else would be printed on stdout, beside the page. */
function requireStdout(flags: AnyFlags): void {
  for (const name of [...namedFormats, 'pictures', 'timeline', 'open'] as const) {
    if (flags[name])
      throw new GialloError('usage', `--html - cannot be used with --${name}: it writes to stdout`);
  }
}

/** Prints the answer as the flags say, and writes and opens its page if they ask for one. */
export async function showAnswer(session: Session, flags: AnyFlags, shown: Shown): Promise<void> {
  if (flags.html !== '-') await printAnswer(session, flags, shown);
  if (flags.html === undefined && !flags.open) return;
  const [{ writePage }, { timesIn }, commandFor] = await Promise.all([
    import('./write-page.js'),
    import('./timed-view.js'),
    commandsOf(shown),
  ]);
  await writePage(session, flags, {
    page: await shown.page(),
    folder: await pictureFolderOf(session, flags, shown.collection),
    facts: await factsOf(session, flags, shown, { shots: true }),
    films: shown.films,
    argv: shown.argv,
    times: shown.times ?? (await timesIn(session, shown.view.report, shown.films)),
    commandFor,
  });
}

async function printAnswer(session: Session, flags: AnyFlags, shown: Shown): Promise<void> {
  const isDrawn = flags.pictures === true && (await drawPictures(session, flags, shown));
  if (flags.timeline) await printTimeline(session, flags, shown, { hasCaption: !isDrawn });
  if (isDrawn || flags.timeline) await printFooter(session, shown.view);
  else {
    const view = await withPictures(session, flags, shown);
    await session.print(flags.names ? withTypedNames(view, shown) : view);
  }
}

/** Makes the command lines that the page's pictures copy: `giallo similar <film> <index>` with the given options. */
async function commandsOf({ given, next, specOf, collection, films }: Shown) {
  const similar = await specOf('similar');
  const ways = next.isSameQuestion
    ? (['always', 'work', 'question'] as const)
    : (['always', 'work'] as const);
  const typed = (film: string) => typedFilm(film, films, collection);
  const inFilms = new Map([['in', (next.films ?? []).map(typed)]] as const);
  const options = similar
    ? [...next.scope, ...carriedWords(inFilms, similar, ['question']), ...carriedWords(given, similar, ways)]
    : next.scope;
  return ({ film, index }: FramePlace) => commandLine('similar', [typed(film), String(index)], options);
}

/** The view with names that can be typed: those of films elsewhere are their paths. */
function withTypedNames(view: View, { collection, films }: Shown): View {
  const { names } = view;
  if (!names?.isAcrossFilms) return view;
  const rows = names.rows.map((row) => ({ ...row, film: typedFilm(row.film, films, collection) }));
  return { ...view, names: { ...names, rows } };
}

function namedFolder(env: Session['io']['env'], flags: AnyFlags): string | undefined {
  return flags.screenshots ?? (env.GIALLO_SCREENSHOTS || undefined);
}

/**
 * The folder of pictures that the options or the environment name; else `screenshots` beside the films, which may not
 * exist.
 */
export async function pictureFolderOf(
  { io }: Session,
  flags: AnyFlags,
  { folder }: Collection,
): Promise<PictureFolder> {
  const { openPictureFolder } = await import('../../pictures/picture-folder.js');
  const named = namedFolder(io.env, flags);
  return openPictureFolder(named ?? `${folder}/screenshots`, { isRequired: named !== undefined });
}

async function drawPictures(session: Session, flags: AnyFlags, shown: Shown): Promise<boolean> {
  const { printPictures } = await import('./pictures.js');
  return printPictures(session, shown.view, await pictureFolderOf(session, flags, shown.collection), flags);
}

async function printTimeline(
  session: Session,
  flags: AnyFlags,
  shown: Shown,
  { hasCaption }: { readonly hasCaption: boolean },
): Promise<void> {
  const [{ timeline }, { filmLines }, { chalkFor }, { fittedLines }] = await Promise.all([
    import('../../render/timeline.js'),
    import('../../render/film-lines.js'),
    import('../../render/colour.js'),
    import('../../render/terminal-table.js'),
  ]);
  const { lengths } = await factsOf(session, flags, shown, { shots: false });
  const { stdout } = session.io;
  const style = {
    width: stdout.isTerminal ? stdout.columns : undefined,
    chalk: chalkFor(session.io, flags),
  };
  await session.notices.endProgress();
  if (hasCaption) for (const line of shown.view.table.caption) await printLine(session, captionText(line));
  for (const { title, results, asked } of shown.view.answers ?? []) {
    if (title !== undefined)
      await stdout.write(`${fittedLines(title, style.width ?? Number.POSITIVE_INFINITY).join('\n')}\n`);
    await stdout.write(timeline(filmLines(results, asked, lengths), style));
  }
}

async function printFooter(session: Session, { table }: View): Promise<void> {
  for (const line of table.footer) await printLine(session, line);
}

/** Prints a line above or below a drawing: on stdout, or on stderr, if one of them is a terminal. */
async function printLine({ io, notices }: Session, line: string): Promise<void> {
  if (!io.stdout.isTerminal) return io.stderr.isTerminal ? notices.hint(line) : undefined;
  const { fittedLines } = await import('../../render/terminal-table.js');
  await io.stdout.write(`${fittedLines(line, io.stdout.columns).join('\n')}\n`);
}

async function factsOf(
  session: Session,
  { shotThreshold }: AnyFlags,
  { view, films }: Shown,
  { shots }: { readonly shots: boolean },
): Promise<FilmFacts> {
  const { filmFacts } = await import('./film-facts.js');
  const names = (view.answers ?? []).flatMap(({ results, asked }) =>
    [...results, ...asked].map(({ film }) => film),
  );
  return filmFacts(entriesOf(names, films), { shots, shotThreshold }, session.context);
}

/** The view with paths, if they were asked for, or else with links, on a terminal that shows links. */
async function withPictures(session: Session, flags: AnyFlags, shown: Shown): Promise<View> {
  const isLinked = isTerminalTable(session.io.stdout, flags);
  if (!flags.paths && !isLinked) return shown.view;
  const folder = await pictureFolderOf(session, flags, shown.collection);
  const { withPictureLinks, withPicturePaths } = await import('./pictures.js');
  if (!flags.paths) return withPictureLinks(shown.view, folder);
  const view = await withPicturePaths(shown.view, folder);
  const rows = flags.names ? (view.names?.rows ?? []) : [];
  const missing = rows.filter(({ picture }) => typeof picture !== 'string').length;
  if (missing > 0) {
    const line = `${missing} of ${rows.length} frames have no picture in ${folder.folder}`;
    await session.notices.hint(`${line}; --screenshots <dir> names another folder`);
  }
  return view;
}
