/** `giallo pairs`: the command and its view. */
import { counted, scoreColumn, tableOf } from '../render/tabular.js';
import { amongFrames, captioned, resultLine, type View } from '../render/view.js';
import type { PairsReport } from '../reports/pairs.js';
import { batchDefaults } from '../search/question.js';
import { defineCommand } from './command.js';
import { filmPairsAsked } from './inputs/film-pairs.js';
import { checkFilters } from './options/flag-meanings.js';
import { cosine } from './options/option-row.js';
import { optionSets } from './options/taken-options.js';

export const pairsCommand = defineCommand({
  name: 'pairs',
  description:
    'Finds the best-matching pairs of frames of different films. giallo chooses the best pair first, and skips a pair if one of its shots is already in --per-shot better pairs.',
  arguments: [
    {
      flags: '[film...]',
      help: 'look for pairs among these films; one film: with all others (default: all)',
    },
  ],
  options: [
    ['all', { group: 'find', help: 'also pairs within one film, of different shots', conflicts: [] }],
    ['in', { group: 'find', help: 'one more of these films; repeat for more' }],
    ['top', { help: 'how many pairs', default: batchDefaults.pairs.k }],
    ['perShot', { help: 'how many pairs any one shot may be in', default: batchDefaults.pairs.perShot }],
    ['minScore', { help: 'leave out pairs below this cosine', kind: cosine, conflicts: [] }],
    [
      'maxScore',
      {
        help: 'leave out pairs above this cosine: they show the same picture',
        kind: cosine,
        default: batchDefaults.pairs.maxScore,
      },
    ],
    'without',
    'shotThreshold',
    ...optionSets.frames,
    ...optionSets.search,
  ],
  examples: [
    ['giallo pairs -k 20', 'the twenty best match cuts of the collection'],
    ['giallo pairs Sintel Bunny', 'between two films'],
    ['giallo pairs Sintel', 'between a film and all others'],
    ['giallo pairs --csv > match-cuts.csv', 'for a spreadsheet'],
  ],
  check: ({ flags }) => checkFilters(flags, { maxScore: batchDefaults.pairs.maxScore }),
  async run({ session, words, flags }) {
    const { top: k, all, perShot, minScore } = flags;
    const withinFilms = all === true;
    const { request, seen } = await filmPairsAsked(session, words, flags, { withinFilms });
    const { pairs } = await import('../reports/pairs.js');
    const question = { ...request, withinFilms, k, perShot, minScore };
    const report = await pairs(question, session.context);
    return {
      view: pairsView(report),
      seen: {
        ...seen,
        page: async () =>
          (await import('../render/html/answer-pages.js')).pairsPage(report, summaryOf(report)),
      },
    };
  },
});

function pairsView(report: PairsReport): View {
  const { pairs } = report;
  return {
    report,
    records: pairs,
    names: { rows: pairs.flatMap(({ a, b }) => [a, b]), isAcrossFilms: true },
    tiles: () =>
      pairs.flatMap(({ rank, score, a, b }) =>
        [a, b].map((frame) => captioned(frame, resultLine({ rank, score, index: frame.index }))),
      ),
    tilesTogether: 2,
    table: tableOf(
      pairs.map(({ rank, score, a, b: { film, index, filename, shot } }) => ({
        rank,
        score,
        ...a,
        other_film: film,
        other_index: index,
        other_filename: filename,
        other_shot: shot,
      })),
      [
        { key: 'rank', align: 'right', isDispensable: true },
        scoreColumn('cosine'),
        { key: 'film', cuttable: true },
        { key: 'index', align: 'right' },
        { key: 'filename', isHidden: true },
        { key: 'shot', align: 'right', isDispensable: true },
        { key: 'other_film', cuttable: true },
        { key: 'other_index', align: 'right' },
        { key: 'other_filename', isHidden: true },
        { key: 'other_shot', align: 'right', isDispensable: true },
      ],
      { footer: [summaryOf(report)] },
    ),
  };
}

/** `100 pairs among 262 frames of 3 films`. */
function summaryOf({ pairs, searched }: PairsReport): string {
  const found = pairs.length === 0 ? 'no pair' : counted(pairs.length, 'pair');
  return `${found} ${amongFrames(searched)}`;
}
