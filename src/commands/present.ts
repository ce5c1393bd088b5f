/** An answer in every way that its reader asked to see it: printed, drawn, on a page. */
import type { Command } from 'commander';
import type { Collection } from '../collection/collection.js';
import { openPictureFolder, type PictureFolder } from '../pictures/picture-folder.js';
import type { LinedResult } from '../render/film-lines.js';
import type { View } from '../render/view.js';
import type { FactsWanted, FilmFacts } from './film-facts.js';
import { formatOf } from './options.js';
import type { CaptionedFrame } from './print-pictures.js';
import type { SeeingFlags } from './seeing-options.js';
import type { Session } from './session.js';
import type { AnswerPage } from './write-page.js';

/** What a command has to show. */
export interface Presentation {
  readonly collection: Collection;
  readonly view: View;
  /** Made when it is asked for. */
  readonly page: () => Promise<AnswerPage>;
  /** Options of the commands that the page's pictures copy. */
  readonly nextOptions: readonly string[];
  /** The films of the answer, where its page or timeline shows their lengths and shots. */
  readonly films?: Omit<FactsWanted, 'shots'>;
  /** For `--pictures`. */
  readonly frames?: readonly CaptionedFrame[];
  /** For `--timeline`: the results of each question, and the frames asked about. */
  readonly answers?: readonly AnswerLine[];
}

export interface AnswerLine {
  readonly results: readonly LinedResult[];
  readonly asked: readonly { readonly film: string; readonly index: number }[];
}

/** Prints the answer as the flags say, and writes and opens its page where they ask for one. */
export async function present(
  session: Session,
  command: Command,
  flags: SeeingFlags,
  presentation: Presentation,
): Promise<void> {
  const { collection, view } = presentation;
  const isSeen = [
    await printPictures(session, flags, presentation),
    await printTimeline(session, flags, presentation),
  ];
  if (isSeen.some(Boolean)) await printAround(session, view);
  else await session.print(await withPictures(session, flags, view, collection));
  if (flags.html === undefined && !flags.open) return;
  const { writePage } = await import('./write-page.js');
  await writePage(session, flags, {
    page: await presentation.page(),
    folder: await pictureFolder(session, collection, flags),
    facts: await factsOf(session, presentation, { shots: true }),
    typed: typedWords(command),
    nextOptions: presentation.nextOptions,
  });
}

/** The folder that the options or the environment name; by default it need not exist. Errors: `usage`. */
export async function pictureFolder(
  { io }: Session,
  collection: Collection,
  flags: SeeingFlags,
): Promise<PictureFolder> {
  const named = flags.screenshots ?? (io.env.GIALLO_SCREENSHOTS || undefined);
  return openPictureFolder(named ?? `${collection.folder}/screenshots`, { isRequired: named !== undefined });
}

async function printPictures(
  session: Session,
  flags: SeeingFlags,
  { frames, collection }: Presentation,
): Promise<boolean> {
  if (!flags.pictures || frames === undefined) return false;
  const { printPictures } = await import('./print-pictures.js');
  return printPictures(session, frames, await pictureFolder(session, collection, flags), flags);
}

async function printTimeline(
  session: Session,
  flags: SeeingFlags,
  presentation: Presentation,
): Promise<boolean> {
  const { answers } = presentation;
  if (!flags.timeline || answers === undefined) return false;
  const [{ timeline }, { filmLines }, { chalkFor }] = await Promise.all([
    import('../render/timeline.js'),
    import('../render/film-lines.js'),
    import('../render/colour.js'),
  ]);
  const { lengths } = await factsOf(session, presentation, { shots: false });
  const { stdout, env } = session.io;
  const style = { width: stdout.columns, chalk: chalkFor(stdout.isTerminal, env, !flags.color) };
  await session.notices.endProgress();
  for (const { results, asked } of answers) {
    await stdout.write(timeline(filmLines(results, asked, lengths), style));
  }
  return true;
}

async function factsOf(
  session: Session,
  { collection, films }: Presentation,
  { shots }: { readonly shots: boolean },
): Promise<FilmFacts> {
  if (films === undefined) return { lengths: new Map(), shotOf: () => undefined };
  const { filmFacts } = await import('./film-facts.js');
  return filmFacts(collection, { ...films, shots }, session.context);
}

/** What stands above and below a table goes to stderr: the answer itself has no place for it. */
async function printAround({ notices }: Session, { table }: View): Promise<void> {
  for (const line of [...table.caption, ...table.footer]) await notices.hint(line);
}

/** The view with paths where they were asked for, and with links on a terminal that knows them. */
async function withPictures(
  session: Session,
  flags: SeeingFlags,
  view: View,
  collection: Collection,
): Promise<View> {
  const { stdout } = session.io;
  const isLinked = formatOf(flags) === 'table' && stdout.isTerminal;
  if (!flags.paths && !isLinked) return view;
  const folder = await pictureFolder(session, collection, flags);
  const { withPicturePaths } = await import('./picture-paths.js');
  if (flags.paths) return withPicturePaths(view, folder);
  const { linked } = await import('./picture-links.js');
  return linked(view, folder);
}

/** The words after `giallo`; commander keeps them at the program, undeclared. */
function typedWords(command: Command): readonly string[] {
  return (command.parent as unknown as { readonly rawArgs: readonly string[] }).rawArgs;
}
