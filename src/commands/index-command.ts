/** `giallo index`. */
import { Argument, Command } from 'commander';
import type { Io } from '../io.js';
import type { IndexReport } from '../reports/search-index.js';
import type { SkippedFilm } from '../search/answer.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  type CommonOptions,
  wholeNumber,
} from './options/options.js';
import { startSession } from './session/session.js';

interface IndexOptions extends CommonOptions {
  readonly everywhere?: boolean;
}

const actions = ['status', 'build', 'clear'] as const;
type Action = (typeof actions)[number];

export function indexCommand(io: Io): Command {
  const command = new Command('index')
    .summary('prepare the collection for instant searches over all films')
    .description(
      'Prepares the collection for instant searches over all films: status (the default) shows what is prepared, build brings it up to date, clear takes it away. Searches use it by themselves; their answers are the same without it. It lies in $GIALLO_CACHE, else in the user’s cache folder, and takes as much room as the vectors do uncompressed.',
    );
  command
    .addArgument(new Argument('[action]', 'what to do').choices(actions).default('status'))
    .option('--everywhere', 'with clear: the indexes of all collections');
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv'])
    .optionsGroup('Work:')
    .option('-j, --jobs <n>', 'threads that build (default: all cores)', wholeNumber(1))
    .option('--strict', 'exit 1 when a film had to be skipped');
  addExamples(command, [
    ['giallo index build', 'prepare the collection in ./data_embeddings'],
    ['giallo index', 'which films are prepared, and what room that takes'],
    ['giallo similar Sintel 40 --all --explain', 'a search that uses it, and what it read'],
    ['giallo index clear --everywhere', 'free the disk of all of it'],
  ]);
  return command.action(async (action: Action, options: IndexOptions) => {
    if (options.everywhere && action !== 'clear') {
      command.error("error: option '--everywhere' goes with clear alone");
    }
    const session = startSession(io, options);
    const [{ buildSearchIndex, clearSearchIndex, indexStatus }, { clearView, indexSummary, indexView }] =
      await Promise.all([import('../reports/search-index.js'), import('../render/search-index.js')]);
    const { cacheRoot, dataFolder } = session;
    if (action === 'clear') {
      return session.print(
        clearView(clearSearchIndex(cacheRoot, options.everywhere ? undefined : dataFolder)),
      );
    }
    const collection = await session.open();
    const skipped: SkippedFilm[] = [];
    let report: IndexReport;
    if (action === 'build') {
      const built = await buildSearchIndex(collection, cacheRoot, session.context);
      skipped.push(...built.skipped);
      report = built;
    } else {
      report = await indexStatus(collection, cacheRoot, session.context);
    }
    await session.print(indexView(report));
    await session.annotate(indexSummary(report));
    await session.reportSkipped(skipped);
  });
}
