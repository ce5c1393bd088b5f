/** `giallo index`: the command and its views. */
import { GialloError } from '../errors.js';
import { counted, grouped, humanBytes, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { IndexBuildReport, IndexClearReport, IndexReport } from '../reports/search-index.js';
import { type CommandSpec, defineCommand, noneReadFailure } from './command.js';
import { optionSets } from './options/taken-options.js';

export const indexCommand: CommandSpec = defineCommand({
  name: 'index',
  description:
    'Prepares the collection for instant searches over all films. status (the default) shows what is prepared, build brings it up to date, clear removes it. All searches use the index once it is built; their answers are the same with and without it. It is in $GIALLO_CACHE, else in the user’s cache folder, and takes as much room as the uncompressed vectors, plus up to 700 bytes a frame.',
  arguments: [
    { flags: '[action]', help: 'what to do (default: status)', choices: ['status', 'build', 'clear'] },
  ],
  options: [
    'everywhere',
    ...optionSets.collection,
    ...optionSets.formats,
    ['jobs', { help: 'threads that build (default: all cores)' }],
    'strict',
  ],
  examples: [
    ['giallo index build', 'prepare the collection in ./data_embeddings'],
    ['giallo index', 'which films are prepared, and how much room that takes'],
    ['giallo similar Sintel 40 --all --explain', 'a search that uses it, and what it read'],
    ['giallo index clear --everywhere', 'free the disk of all indexes'],
  ],
  check({ words: [action], flags }) {
    if (flags.everywhere && action !== 'clear') throw new GialloError('usage', '--everywhere needs clear');
  },
  async run({ session, words: [action = 'status'], flags }) {
    const { buildSearchIndex, clearSearchIndex, indexStatus } = await import('../reports/search-index.js');
    const { cacheRoot, dataFolder, context } = session;
    if (action === 'clear')
      return { view: clearView(clearSearchIndex(cacheRoot, flags.everywhere ? undefined : dataFolder)) };
    const collection = await session.open();
    if (action === 'build') {
      const report = await buildSearchIndex(collection, cacheRoot, context);
      const { skipped, totals } = report;
      const failure = noneReadFailure(dataFolder, totals.films - skipped.length, skipped);
      return { view: indexView(report), note: indexSummary(report), failure };
    }
    const report = await indexStatus(collection, cacheRoot, context);
    return { view: indexView(report), note: indexSummary(report) };
  },
});

function indexView(report: IndexReport | IndexBuildReport): View {
  const { films } = report;
  return {
    report,
    records: films,
    table: tableOf(
      films,
      [
        { key: 'film', cuttable: true },
        { key: 'path', isHidden: true },
        { key: 'state' },
        { key: 'frames', align: 'right', show: grouped },
        { key: 'bytes', align: 'right', show: humanBytes },
      ],
      { footer: [...('built' in report ? [builtLine(report)] : []), indexSummary(report)] },
    ),
  };
}

function clearView(report: IndexClearReport): View {
  return {
    report,
    records: [report],
    table: tableOf(
      [report],
      [
        { key: 'cache', cuttable: true },
        { key: 'indexes', align: 'right' },
        { key: 'bytes', align: 'right', show: humanBytes },
      ],
    ),
  };
}

/** One line: `110 of 110 films are in the index, 2.1 GB in /home/me/.cache/giallo/0123456789abcdef`. */
function indexSummary({ totals, cache }: IndexReport): string {
  const { films, fresh, bytes } = totals;
  return `${grouped(fresh)} of ${counted(films, 'film')} are up to date in the index; ${humanBytes(bytes)} in ${cache}`;
}

function builtLine({ built }: IndexBuildReport): string {
  const removed = built.removed > 0 ? `, ${counted(built.removed, 'film')} taken out` : '';
  return `${counted(built.read, 'film')} read, ${counted(built.sketched, 'film')} sketched${removed}`;
}
