/** The view of `giallo search`. */
import type { SearchReport } from '../reports/search.js';
import { counted, scoreColumn } from './tabular.js';
import { captioned, resultLine, type View } from './view.js';

export function searchView(report: SearchReport): View {
  const { answers, searched, metric } = report;
  const results = answers.flatMap(({ results: found, ...query }) =>
    found.map((result) => ({ ...query, ...result })),
  );
  const firstLine = (result: (typeof results)[number]) =>
    answers.length === 1
      ? resultLine(result)
      : `${result.text ?? `vector ${result.query}`}  ${resultLine(result)}`;
  return {
    report,
    records: results,
    names: { rows: results, isAcrossFilms: searched.films > 1 },
    tiles: () => results.map((result) => captioned(result, firstLine(result))),
    answers: answers.map(({ results: found }) => ({ results: found, asked: [] })),
    table: {
      caption: answers.length === 1 ? answers.flatMap(({ text }) => text ?? []) : [],
      columns: [
        { key: 'query', align: 'right', isHidden: answers.length === 1 },
        { key: 'rank', align: 'right' },
        { key: 'film', cuttable: true },
        { key: 'index', align: 'right' },
        { key: 'filename', cuttable: 'start' },
        scoreColumn(metric),
      ],
      rows: results.map(({ query, text, rank, film, index, filename, score }) => [
        text ?? query,
        rank,
        film,
        index,
        filename,
        score,
      ]),
      footer: [summaryOf(report)],
    },
  };
}

/** `nearest by cosine among 262 frames of 3 films`. */
export function summaryOf({ answers, searched, metric }: SearchReport): string {
  const isAnyFound = answers.some(({ results }) => results.length > 0);
  const found = isAnyFound ? `nearest by ${metric}` : 'nothing found';
  return `${found} among ${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}`;
}
