/** `giallo push`: films from a folder into an engine. */
import { counted, grouped, humanBytes, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { PushReport } from '../reports/push.js';
import { defineCommand } from './command.js';
import { connectionOptionsOf, requireEngineUrl } from './options/flag-meanings.js';
import { optionSets } from './options/taken-options.js';

export const pushCommand = defineCommand({
  name: 'push',
  description:
    'Copies films, or the whole collection, into a ClickHouse server (the engine). Searches see a film there once all of it has arrived. A film that is there with the same size, checksums and times is not copied again. The times of the frames are copied too, if they are known. After an interruption, run it again to continue.',
  arguments: [{ flags: '[film...]', help: 'names, parts of names, or paths (default: all films)' }],
  options: [
    ['engine', { help: 'clickhouse://user@host:8123/database (default: $GIALLO_ENGINE)' }],
    ['force', { group: 'engine', help: 'also push films that are there already' }],
    ...optionSets.collection,
    ...optionSets.formats,
    ...optionSets.work,
  ],
  examples: [
    ['giallo engine init --engine clickhouse://archive:8123/films', 'make the tables, once'],
    ['giallo push --engine clickhouse://archive:8123/films', 'the whole collection'],
    ['giallo push Sintel --engine clickhouse://archive:8123/films', 'one film'],
  ],
  check: ({ io, flags }) => void requireEngineUrl(io, flags),
  async run({ session, io, words, flags }) {
    const [{ openStore }, { push }, { filmsNamed }] = await Promise.all([
      import('../engine/engine-store.js'),
      import('../reports/push.js'),
      import('../collection/named-films.js'),
    ]);
    const collection = await session.open({ films: words });
    const films = filmsNamed(collection, words);
    const store = await openStore(requireEngineUrl(io, flags), connectionOptionsOf(io));
    const onRetry = (film: string, { message }: Error) =>
      void session.notices.warn(`${film}: starting again: ${message}`);
    const report = await push(films, store, { force: flags.force, onRetry }, session.context);
    await session.print(pushView(report));
    await session.notices.hint(pushSummary(report));
    await session.reportSkipped(report.skipped);
    return undefined;
  },
});

function pushView(report: PushReport): View {
  return {
    report,
    records: report.films,
    table: tableOf(report.films, [
      { key: 'film', cuttable: true },
      { key: 'state' },
      { key: 'frames', align: 'right', show: grouped },
      { key: 'dim', align: 'right' },
      { key: 'rawBytes', align: 'right', show: humanBytes },
    ]),
  };
}

/** One line: what is in the engine now, and where. */
function pushSummary({ engine, totals }: PushReport): string {
  const kept = totals.kept > 0 ? `, ${grouped(totals.kept)} were there` : '';
  return `${engine}: ${counted(totals.pushed, 'film')} pushed${kept}`;
}
