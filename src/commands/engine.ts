/** `giallo engine`: the tables in a ClickHouse server or cluster that films are pushed into. */
import type { EngineReport } from '../engine/engine-state.js';
import { GialloError } from '../errors.js';
import { counted, grouped, humanBytes, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import { defineCommand } from './command.js';
import { connectionOptionsOf, requireEngineUrl } from './options/flag-meanings.js';
import { optionSets } from './options/taken-options.js';

export const engineCommand = defineCommand({
  name: 'engine',
  description:
    'status (the default) says what the engine holds; the other actions print it at their end. init makes the tables, and the database if it is missing. clean removes rows that replaced films and interrupted pushes left. drop removes the tables with all films. init, clean and drop work on the server of the address: in a cluster, run them against each server.',
  arguments: [
    { flags: '[action]', help: 'what to do (default: status)', choices: ['status', 'init', 'clean', 'drop'] },
  ],
  options: [
    ['engine', { help: 'clickhouse://user@host:8123/database?cluster=name (default: $GIALLO_ENGINE)' }],
    'yes',
    ...optionSets.formats,
  ],
  examples: [
    ['giallo engine init --engine clickhouse://archive:8123/films', 'for one server'],
    [
      "giallo engine init --engine 'clickhouse://node1/films?cluster=studio'",
      'for a cluster; then node2, ...',
    ],
    ['giallo engine', 'what $GIALLO_ENGINE holds, and which servers answer'],
  ],
  check({ io, words: [action], flags }) {
    if (action === 'drop' && !flags.yes) {
      throw new GialloError('usage', 'engine drop removes all films from the server; it needs --yes', {
        hint: '`giallo push` brings them back from their archives',
      });
    }
    requireEngineUrl(io, flags);
  },
  async run({ session, io, words: [action], flags }) {
    const url = requireEngineUrl(io, flags);
    const store = await import('../engine/engine-store.js');
    const options = connectionOptionsOf(io);
    if (action === 'init') await store.initEngine(url, options);
    if (action === 'drop') {
      const label = await store.dropEngine(url, options);
      await session.notices.hint(`${label}: removed the tables and all films`);
    }
    if (action === 'clean') {
      const engine = await store.openStore(url, options);
      const rows = await engine.removeDeadRows();
      await session.notices.hint(`${engine.label}: removed ${counted(rows, 'dead row')}`);
    }
    const state = await store.engineState(url, options);
    return { view: engineView({ v: 1, ...state }) };
  },
});

function engineView(report: EngineReport): View {
  const { engine, version, cluster, schema, films, frames, shards } = report;
  const tables = schema === null ? 'no tables of giallo' : `tables of version ${schema}`;
  const where = cluster === null ? '' : ` on cluster ${cluster}`;
  return {
    report,
    records: shards,
    table: tableOf(
      shards.map((one) => ({ ...one, servers: one.servers.join(' ') })),
      [
        { key: 'shard', align: 'right' },
        { key: 'servers', cuttable: true },
        { key: 'state' },
        { key: 'frames', align: 'right', show: grouped },
        { key: 'deadRows', align: 'right', show: grouped },
        { key: 'bytes', align: 'right', show: humanBytes },
      ],
      {
        caption: [
          `${engine}: ClickHouse ${version}, ${tables}${where}`,
          `${counted(films, 'film')}, ${counted(frames, 'frame')}`,
        ],
      },
    ),
  };
}
