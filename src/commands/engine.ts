/** `giallo engine`: the tables in a ClickHouse server or cluster that films are pushed into. */
import { Argument, Command } from 'commander';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { counted } from '../render/tabular.js';
import { connectionOptionsOf, requireEngineUrl } from './options/engine-options.js';
import { addExamples, addFormatOptions, type CommonOptions } from './options/options.js';
import { startSession } from './session/session.js';

const actions = ['status', 'init', 'clean', 'drop'] as const;
type Action = (typeof actions)[number];

interface EngineCommandFlags extends CommonOptions {
  readonly engine?: string;
  readonly yes?: boolean;
}

export function engineCommand(io: Io): Command {
  const command = new Command('engine')
    .description(
      'status (the default) says what the engine holds, as the others do in the end; init makes the tables, and the database where it is missing; clean removes rows that replaced and broken pushes left; drop removes the tables with all films. init, clean and drop work on the server of the address: in a cluster they are run against each.',
    )
    .addArgument(new Argument('[action]', 'what to do').choices(actions).default('status'))
    .option('--engine <url>', 'clickhouse://user@host:8123/database?cluster=name (default: $GIALLO_ENGINE)')
    .option('--yes', 'drop: remove all films, and do not ask');
  addFormatOptions(command, ['json', 'ndjson', 'csv']);
  addExamples(command, [
    ['giallo engine init --engine clickhouse://archive:8123/films', 'for one server'],
    [
      "giallo engine init --engine 'clickhouse://node1/films?cluster=studio'",
      'for a cluster; then node2, ...',
    ],
    ['giallo engine', 'what $GIALLO_ENGINE holds, and which servers answer'],
  ]);
  return command.action(async (action: Action, flags: EngineCommandFlags) => {
    if (action === 'drop' && !flags.yes) {
      throw new GialloError('usage', 'engine drop: removes all films from the server, and needs --yes', {
        hint: '`giallo push` brings them back from their archives',
      });
    }
    const url = requireEngineUrl(io, flags);
    const session = startSession(io, flags);
    const store = await import('../engine/engine-store.js');
    const options = connectionOptionsOf(io);
    if (action === 'init') await store.initEngine(url, options);
    if (action === 'drop') {
      const label = await store.dropEngine(url, options);
      await session.notices.hint(`${label}: the tables and all films are gone`);
    }
    if (action === 'clean') {
      const engine = await store.openStore(url, options);
      const rows = await engine.removeDeadRows();
      await session.notices.hint(`${engine.label}: ${counted(rows, 'dead row')} removed`);
    }
    const [state, { engineView }] = await Promise.all([
      store.stateOfEngine(url, options),
      import('../render/engine.js'),
    ]);
    await session.print(engineView({ v: 1, ...state }));
  });
}
