/** `giallo push`: films from a folder into an engine. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import { connectionOptionsOf, requireEngineUrl } from './options/engine-options.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addManyFilmsOptions,
  type CommonOptions,
} from './options/options.js';
import { startSession } from './session/session.js';

interface PushFlags extends CommonOptions {
  readonly engine?: string;
  readonly force?: boolean;
}

export function pushCommand(io: Io): Command {
  const command = new Command('push')
    .description(
      'Copies films into the engine, all of the collection if none is named. A film counts there when it has arrived whole; one that is there with the same size and checksums is left as it is. Interrupted, it goes on when run again.',
    )
    .argument('[film...]', 'names, parts of names, or paths')
    .option('--engine <url>', 'clickhouse://user@host:8123/database (default: $GIALLO_ENGINE)')
    .option('--force', 'push films that are there already, too');
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv']);
  addManyFilmsOptions(command);
  addExamples(command, [
    ['giallo engine init --engine clickhouse://archive:8123/films', 'make the tables, once'],
    ['giallo push --engine clickhouse://archive:8123/films', 'the whole collection'],
    ['giallo push Sintel --engine clickhouse://archive:8123/films', 'one film'],
  ]);
  return command.action(async (names: readonly string[], flags: PushFlags) => {
    const url = requireEngineUrl(io, flags);
    const session = startSession(io, flags);
    const [{ openStore }, { push }, { pushView, pushSummary }, { filmsNamed }] = await Promise.all([
      import('../engine/engine-store.js'),
      import('../reports/push.js'),
      import('../render/push.js'),
      import('../collection/resolve-film.js'),
    ]);
    const collection = await session.open();
    const films = await filmsNamed(collection, names);
    const store = await openStore(url, connectionOptionsOf(io));
    const onRetry = (film: string, { message }: Error) =>
      void session.notices.warn(`${film}: begins again: ${message}`);
    const report = await push({ films }, store, { force: flags.force, onRetry }, session.context);
    await session.print(pushView(report));
    await session.notices.hint(pushSummary(report));
    await session.reportSkipped(report.skipped);
  });
}
