/** An answer in every way that its reader asked to see it: printed, drawn, on a page. */
import type { Collection } from '../../collection/collection.js';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import type { AnswerPage } from '../../render/html/page-context.js';
import type { View } from '../../render/view.js';
import { formatOf } from '../options/options.js';
import type { SeeingFlags } from '../options/seeing-options.js';
import type { Session } from '../session/session.js';
import type { FilmFacts } from './film-facts.js';

export interface Shown {
  readonly collection: Collection;
  readonly view: View;
  /** Loads and makes the answer's page. */
  readonly page: () => Promise<AnswerPage>;
  /** Options of the commands that the page's pictures copy. */
  readonly nextOptions: readonly string[];
  /** What was typed for films, one of which may lie outside the collection. */
  readonly typedFilms: readonly string[];
  readonly shotThreshold?: number | undefined;
}

/** Before any work: whether what is asked for can be had. Errors: `output-exists`, `usage`, `file-unwritable`. */
export async function checkSeeing({ io }: Session, flags: SeeingFlags): Promise<void> {
  if (flags.html !== undefined) {
    const { requireReplaceable } = await import('./write-page.js');
    await requireReplaceable(flags.html);
  }
  const folder = namedFolder(io.env, flags);
  if (folder === undefined) return;
  const { openPictureFolder } = await import('../../pictures/picture-folder.js');
  await openPictureFolder(folder, { isRequired: true });
}

/** Prints the answer as the flags say, and writes and opens its page where they ask for one; it shows `argv`. */
export async function showAnswer(
  session: Session,
  argv: readonly string[],
  flags: SeeingFlags,
  shown: Shown,
): Promise<void> {
  const isDrawn = flags.pictures === true && (await printPictures(session, flags, shown));
  if (flags.timeline) await printTimeline(session, flags, shown, { hasCaption: !isDrawn });
  if (isDrawn || flags.timeline) await printFooter(session, shown.view);
  else await session.print(await withPictures(session, flags, shown));
  if (flags.html === undefined && !flags.open) return;
  const { writePage } = await import('./write-page.js');
  await writePage(session, flags, {
    page: await shown.page(),
    folder: await folderOf(session, flags, shown),
    facts: await factsOf(session, shown, { shots: true }),
    typed: argv,
    nextOptions: shown.nextOptions,
  });
}

function namedFolder(env: Session['io']['env'], flags: SeeingFlags): string | undefined {
  return flags.screenshots ?? (env.GIALLO_SCREENSHOTS || undefined);
}

/** The folder that the options or the environment name; the one beside the films need not exist. */
export async function folderOf(
  { io }: Session,
  flags: SeeingFlags,
  { collection }: Pick<Shown, 'collection'>,
): Promise<PictureFolder> {
  const { openPictureFolder } = await import('../../pictures/picture-folder.js');
  const named = namedFolder(io.env, flags);
  return openPictureFolder(named ?? `${collection.folder}/screenshots`, { isRequired: named !== undefined });
}

async function printPictures(session: Session, flags: SeeingFlags, shown: Shown): Promise<boolean> {
  const { printPictures: print } = await import('./print-pictures.js');
  return print(session, shown.view, await folderOf(session, flags, shown), flags);
}

async function printTimeline(
  session: Session,
  flags: SeeingFlags,
  shown: Shown,
  { hasCaption }: { readonly hasCaption: boolean },
): Promise<void> {
  const [{ timeline }, { filmLines }, { chalkFor }] = await Promise.all([
    import('../../render/timeline.js'),
    import('../../render/film-lines.js'),
    import('../../render/colour.js'),
  ]);
  const { lengths } = await factsOf(session, shown, { shots: false });
  const { stdout, env } = session.io;
  const style = {
    width: stdout.isTerminal ? stdout.columns : undefined,
    chalk: chalkFor(stdout.isTerminal, env, !flags.color),
  };
  await session.notices.endProgress();
  if (hasCaption) for (const line of shown.view.table.caption) await printLine(session, line);
  for (const { results, asked } of shown.view.answers ?? []) {
    await stdout.write(timeline(filmLines(results, asked, lengths), style));
  }
}

async function printFooter(session: Session, { table }: View): Promise<void> {
  for (const line of table.footer) await printLine(session, line);
}

/** What stands around a drawing: beside it on a terminal, on stderr where a program reads it. */
async function printLine({ io, notices }: Session, line: string): Promise<void> {
  if (!io.stdout.isTerminal) return notices.hint(line);
  const { escapeForTerminal } = await import('../../render/escape.js');
  await io.stdout.write(`${escapeForTerminal(line)}\n`);
}

async function factsOf(
  session: Session,
  { collection, view, typedFilms, shotThreshold }: Shown,
  { shots }: { readonly shots: boolean },
): Promise<FilmFacts> {
  const { filmFacts } = await import('./film-facts.js');
  const films = (view.answers ?? []).flatMap(({ results, asked }) =>
    [...results, ...asked].map(({ film }) => film),
  );
  return filmFacts(collection, { films, typed: typedFilms, shots, shotThreshold }, session.context);
}

/** The view with paths where they were asked for, and with links on a terminal that knows them. */
async function withPictures(session: Session, flags: SeeingFlags, shown: Shown): Promise<View> {
  const isLinked = formatOf(flags) === 'table' && session.io.stdout.isTerminal;
  if (!flags.paths && !isLinked) return shown.view;
  const folder = await folderOf(session, flags, shown);
  if (flags.paths) {
    const { withPicturePaths } = await import('./picture-paths.js');
    return withPicturePaths(shown.view, folder);
  }
  const { withPictureLinks } = await import('./picture-links.js');
  return withPictureLinks(shown.view, folder);
}
