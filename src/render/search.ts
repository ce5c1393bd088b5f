/** The view of `giallo search`. */
import type { SearchReport } from '../reports/search.js';
import { counted, scoreColumn } from './tabular.js';
import type { View } from './view.js';

export function searchView(report: SearchReport): View {
  const { answers, searched, metric } = report;
  const results = answers.flatMap(({ query, results: found }) =>
    found.map((result) => ({ query, ...result })),
  );
  return {
    report,
    records: results,
    names: { rows: results, isAcrossFilms: searched.films > 1 },
    table: {
      caption: [],
      columns: [
        { key: 'query', align: 'right', isHidden: answers.length === 1 },
        { key: 'rank', title: '#', align: 'right' },
        { key: 'film', cuttable: true },
        { key: 'index', title: 'frame', align: 'right' },
        { key: 'filename', cuttable: true },
        { ...scoreColumn, title: metric === 'euclidean' ? 'distance' : 'score' },
      ],
      rows: results.map(({ query, rank, film, index, filename, score }) => [
        query,
        rank,
        film,
        index,
        filename,
        score,
      ]),
      footer: [
        `${results.length === 0 ? 'nothing found' : `nearest by ${metric}`} among ` +
          `${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}`,
      ],
    },
  };
}
