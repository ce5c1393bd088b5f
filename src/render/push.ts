/** The view of `giallo push`. */
import type { PushReport } from '../reports/push.js';
import { counted, humanBytes } from './tabular.js';
import type { View } from './view.js';

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
