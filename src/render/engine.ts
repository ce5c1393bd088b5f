/** The view of `giallo engine status`. */
import type { EngineReport } from '../reports/engine.js';
import { counted, humanBytes } from './tabular.js';
import type { View } from './view.js';

export function engineView(report: EngineReport): View {
  const { engine, version, cluster, schema, films, frames, shards } = report;
  const tables = schema === null ? 'no tables of giallo' : `tables of version ${schema}`;
  const where = cluster === null ? '' : ` on cluster ${cluster}`;
  const count = (value: number) => value.toLocaleString('en');
  return {
    report,
    records: shards,
    table: {
      caption: [
        `${engine}: ClickHouse ${version}, ${tables}${where}`,
        `${counted(films, 'film')}, ${counted(frames, 'frame')}`,
      ],
      columns: [
        { key: 'shard', align: 'right' },
        { key: 'servers', cuttable: true },
        { key: 'state' },
        { key: 'frames', align: 'right', show: count },
        { key: 'deadRows', align: 'right', show: count },
        { key: 'bytes', align: 'right', show: humanBytes },
      ],
      rows: shards.map((one) => [
        one.shard,
        one.servers.join(' '),
        one.state,
        one.frames,
        one.deadRows,
        one.bytes,
      ]),
      footer: [],
    },
  };
}
