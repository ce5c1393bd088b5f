/** `giallo compare`: the command and its view: a matrix on a terminal, one line for each comparison elsewhere. */
import stringWidth from 'string-width';
import { type Cell, type Column, type Tabular, twoDigits } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { CompareReport } from '../reports/compare.js';
import { defineCommand } from './command.js';
import { filmPairsAsked } from './inputs/film-pairs.js';
import { cosine } from './options/option-row.js';
import { optionSets } from './options/taken-options.js';

export const compareCommand = defineCommand({
  name: 'compare',
  description:
    'Compares films with each other. For each shot of a film giallo finds the best cosine between its frames and any frame of the other film. The value is the mean of these cosines over all shots. Each direction has its own value.',
  arguments: [{ flags: '[film...]', help: 'the films to compare; one film: with all others (default: all)' }],
  options: [
    ['in', { group: 'find', help: 'one more of these films; repeat for more', conflicts: [] }],
    ['maxScore', { help: 'ignore pairs of frames above this cosine', kind: cosine }],
    'without',
    'shotThreshold',
    ...optionSets.times,
    ...optionSets.collection,
    'timesKey',
    ...optionSets.formats,
    'screenshots',
    ['paths', { help: 'add where the pictures are: "picture" beside each filename' }],
    'html',
    'open',
    ...optionSets.search,
  ],
  examples: [
    ['giallo compare', 'every film with every other, as a matrix'],
    ['giallo compare Sintel Bunny', 'two films'],
    ["giallo compare --json | jq '.comparisons[0].witnesses'", 'the three best matches behind a value'],
  ],
  async run({ session, words, flags }) {
    const { request, seen } = await filmPairsAsked(session, words, flags, { withinFilms: false });
    const { compare } = await import('../reports/compare.js');
    const report = await compare(request, session.context);
    return {
      view: compareView(report),
      seen: {
        ...seen,
        page: async () => (await import('../render/html/compare-page.js')).comparePage(report),
      },
    };
  },
});

export function compareView(report: CompareReport): View {
  const { comparisons } = report;
  return {
    report,
    records: comparisons,
    terminalTables: (width) => matrices(report, width),
    table: {
      caption: [],
      columns: [
        { key: 'film' },
        { key: 'other' },
        { key: 'value' },
        { key: 'witness_score' },
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

/** Widths of the matrix in columns of a terminal. */
const valueWidth = 4;
const gap = 2;
/** A film's name is cut no shorter than this to make room for values. */
const shortName = 16;

/**
 * Films by films: a row says how much of its film is found in each column's film. Where the columns do not fit beside
 * each other they come in several matrices, and where names had to be cut a legend has them in full.
 */
function matrices({ films, comparisons }: CompareReport, width: number): Tabular[] {
  const longest = films.reduce((most, film) => Math.max(most, stringWidth(film)), 0);
  const number = String(films.length).length;
  const room = width - number - gap - Math.min(longest, shortName);
  const across = Math.max(1, Math.floor(room / (gap + valueWidth)));
  const count = Math.ceil(films.length / across);
  const perMatrix = Math.ceil(films.length / count);
  const parts = Array.from({ length: count }, (_, i) => films.slice(i * perMatrix, (i + 1) * perMatrix));
  const areCut = number + gap + longest + perMatrix * (gap + valueWidth) > width;

  const values = new Map(comparisons.map(({ film, other, value }) => [`${film}\0${other}`, value]));
  // `-` is the value of a film without frames; films that were not compared have an empty cell.
  const cell = (film: string, other: string): Cell => {
    if (film === other) return '—';
    const value = values.get(`${film}\0${other}`);
    return value === undefined ? '' : value;
  };
  const tables = parts.map(
    (part, i): Tabular => ({
      caption: i === 0 ? [explanation] : [],
      columns: [
        ...nameColumns,
        ...part.map((_, j) => ({
          key: String(i * perMatrix + j + 1),
          align: 'right' as const,
          show: twoDigits,
        })),
      ],
      rows: films.map((film, row) => [row + 1, film, ...part.map((other) => cell(film, other))]),
      footer: [],
    }),
  );
  const legend: Tabular = {
    caption: ['The films:'],
    columns: nameColumns,
    rows: films.map((film, row) => [row + 1, film]),
    footer: [],
  };
  return areCut ? [...tables, legend] : tables;
}

const explanation =
  'How much of the row’s film is found in the column’s film (columns have the numbers of the rows): the mean over its shots of the best cosine.';

const nameColumns: readonly Column[] = [
  { key: 'number', title: '', align: 'right' },
  { key: 'film', cuttable: true },
];
