/** The view of `giallo similar`. */
import type { SimilarReport } from '../reports/similar.js';
import { counted, scoreColumn } from './tabular.js';
import { captioned, resultLine, type View } from './view.js';

export function similarView(report: SimilarReport): View {
  const { results, searched, query } = report;
  const isAcrossFilms = searched.films > 1 || results.some(({ film }) => film !== query[0]?.film);
  return {
    report,
    records: results,
    names: { rows: results, isAcrossFilms },
    tiles: () => [
      ...query.map((frame) => captioned(frame, `asked about: frame ${frame.index}`)),
      ...results.map((result) => captioned(result, resultLine(result))),
    ],
    answers: [{ results, asked: query }],
    table: {
      caption: query.map(({ film, index, filename }) => `${film}  frame ${index}  ${filename}`),
      columns: [
        { key: 'rank', align: 'right' },
        { key: 'film', cuttable: true, isHidden: !isAcrossFilms },
        { key: 'index', align: 'right' },
        { key: 'filename', cuttable: 'start' },
        scoreColumn(report.metric),
      ],
      rows: results.map(({ rank, film, index, filename, score }) => [rank, film, index, filename, score]),
      footer: [summaryOf(report)],
    },
  };
}

/** `5 nearest by cosine among 262 frames of 3 films`, and what was left out. */
export function summaryOf({ results, searched, metric }: SimilarReport): string {
  const found = results.length === 0 ? 'nothing found' : `${results.length} nearest by ${metric}`;
  const left =
    searched.nonFinite > 0 ? `; ${counted(searched.nonFinite, 'row')} with NaN or Inf left out` : '';
  const zero = searched.zero > 0 ? `; ${counted(searched.zero, 'all-zero row')}` : '';
  return `${found} among ${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}${zero}${left}`;
}
