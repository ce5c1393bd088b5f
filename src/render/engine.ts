/** The views of `giallo engine status` and `giallo push`. */
import type { EngineReport } from '../engine/engine-state.js';
import type { PushReport } from '../reports/push.js';
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

export function pushView(report: PushReport): View {
  return {
    report,
    records: report.films,
    table: {
      caption: [],
      columns: [
        { key: 'film', cuttable: true },
        { key: 'state' },
        { key: 'frames', align: 'right', show: (frames) => frames.toLocaleString('en') },
        { key: 'dim', align: 'right' },
        { key: 'rawBytes', align: 'right', show: humanBytes },
      ],
      rows: report.films.map(({ film, state, frames, dim, rawBytes }) => [
        film,
        state,
        frames,
        dim,
        rawBytes,
      ]),
      footer: [],
    },
  };
}

/** One line: what is in the engine now, and where. */
export function pushSummary({ engine, totals }: PushReport): string {
  const kept = totals.kept > 0 ? `, ${totals.kept.toLocaleString('en')} were there` : '';
  return `${engine}: ${counted(totals.pushed, 'film')} pushed${kept}`;
}
