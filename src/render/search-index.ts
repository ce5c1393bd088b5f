/** The views of `giallo index`. */
import type { IndexBuildReport, IndexClearReport, IndexReport } from '../reports/search-index.js';
import { counted, grouped, humanBytes } from './tabular.js';
import type { View } from './view.js';

export function indexView(report: IndexReport | IndexBuildReport): View {
  const { films } = report;
  return {
    report,
    records: films,
    table: {
      caption: [],
      columns: [
        { key: 'film', cuttable: true },
        { key: 'path', isHidden: true },
        { key: 'state' },
        { key: 'frames', align: 'right', show: grouped },
        { key: 'bytes', align: 'right', show: humanBytes },
      ],
      rows: films.map(({ film, path, state, frames, bytes }) => [film, path, state, frames, bytes]),
      footer: [...('built' in report ? [builtLine(report)] : []), indexSummary(report)],
    },
  };
}

export function clearView(report: IndexClearReport): View {
  const { cache, indexes, bytes } = report;
  return {
    report,
    records: [report],
    table: {
      caption: [],
      columns: [
        { key: 'cache', cuttable: true },
        { key: 'indexes', align: 'right' },
        { key: 'bytes', align: 'right', show: humanBytes },
      ],
      rows: [[cache, indexes, bytes]],
      footer: [],
    },
  };
}

/** One line: `110 of 110 films are in the index, 2.1 GB in /home/me/.cache/giallo/0123456789abcdef`. */
export function indexSummary({ totals, cache }: IndexReport): string {
  const { films, fresh, bytes } = totals;
  return `${grouped(fresh)} of ${counted(films, 'film')} in the index and fresh, ${humanBytes(bytes)} in ${cache}`;
}

function builtLine({ built }: IndexBuildReport): string {
  const removed = built.removed > 0 ? `, ${counted(built.removed, 'film')} taken out` : '';
  return `${counted(built.read, 'film')} read, ${counted(built.sketched, 'film')} sketched${removed}`;
}
