/** The view of `giallo compare`: a matrix for people, a line a comparison for programs. */
import type { CompareReport } from '../reports/compare.js';
import type { Cell, Tabular } from './tabular.js';
import type { View } from './view.js';

export function compareView(report: CompareReport): View {
  const { comparisons } = report;
  return {
    report,
    records: comparisons,
    terminalTable: matrix(report),
    table: {
      caption: [],
      columns: [
        { key: 'film' },
        { key: 'other' },
        { key: 'value', plain: (value) => value.toFixed(4) },
        { key: 'witness_score', plain: (value) => value.toFixed(4) },
        { key: 'witness_index' },
        { key: 'witness_filename' },
        { key: 'other_index' },
        { key: 'other_filename' },
      ],
      rows: comparisons.map(({ film, other, value, witnesses: [best] }) => [
        film,
        other,
        value,
        best?.score ?? null,
        best?.index ?? null,
        best?.filename ?? null,
        best?.otherIndex ?? null,
        best?.otherFilename ?? null,
      ]),
      footer: [],
    },
  };
}

/** Films by films: a row says how much of its film is found in each column's film. */
function matrix({ films, comparisons }: CompareReport): Tabular {
  const values = new Map(comparisons.map(({ film, other, value }) => [`${film}\0${other}`, value]));
  const cell = (film: string, other: string): Cell =>
    film === other ? '—' : (values.get(`${film}\0${other}`) ?? null);
  return {
    caption: [
      'How much of each row’s film is found in each column’s film: the mean over its shots of the best cosine.',
    ],
    columns: [
      { key: 'number', title: '', align: 'right' },
      { key: 'film', cuttable: true },
      ...films.map((_, i) => ({
        key: String(i + 1),
        align: 'right' as const,
        show: (value: number) => value.toFixed(2),
      })),
    ],
    rows: films.map((film, i) => [i + 1, film, ...films.map((other) => cell(film, other))]),
    footer: ['Columns are numbered as the rows are. --json names the best matches of each.'],
  };
}
