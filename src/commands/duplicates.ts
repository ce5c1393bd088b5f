/** `giallo duplicates`: the command, and its view, which has one line for each run of frames. */
import { counted, fourDigits, tableOf } from '../render/tabular.js';
import { amongFrames, captioned, spanOf, type View } from '../render/view.js';
import type { DuplicatesReport } from '../reports/duplicates.js';
import { batchDefaults } from '../search/question.js';
import { defineCommand } from './command.js';
import { filmPairsAsked } from './inputs/film-pairs.js';
import { checkFilters } from './options/flag-meanings.js';
import { cosine } from './options/option-row.js';
import { optionSets } from './options/taken-options.js';

export const duplicatesCommand = defineCommand({
  name: 'duplicates',
  description:
    'Finds frames that show the same picture, in groups. Two frames are joined if their cosine is --min-score or more, or if they are equal byte for byte; a group has all frames that are joined, directly or through others. Prints the runs of frames of each group, and the lowest score that joins it (weakest). Frames of one shot are not joined with each other.',
  arguments: [
    { flags: '[film...]', help: 'look in these films; one film: compare it with all (default: all)' },
  ],
  options: [
    [
      'others',
      { group: 'find', help: 'join frames of different films only: re-used footage', conflicts: [] },
    ],
    ['in', { group: 'find', help: 'one more of these films; repeat for more' }],
    [
      'minScore',
      {
        help: 'the cosine from which two frames are the same',
        kind: cosine,
        default: batchDefaults.duplicates.minScore,
      },
    ],
    ['maxScore', { help: 'do not join frames above this cosine', kind: cosine }],
    'without',
    [
      'excludeNear',
      {
        help: 'do not join frames within n rows of each other in a film, or in one shot',
        default: batchDefaults.duplicates.excludeNear,
      },
    ],
    'shotThreshold',
    ...optionSets.frames,
    ...optionSets.search,
  ],
  examples: [
    ['giallo duplicates', 'pictures that appear again in another shot'],
    ['giallo duplicates --others', 'footage used in several films'],
    ['giallo duplicates --exclude-near 0 --min-score 0.999', 'every near-equal frame'],
  ],
  check: ({ flags }) => checkFilters(flags, { minScore: batchDefaults.duplicates.minScore }),
  async run({ session, words, flags }) {
    const { minScore, others, excludeNear } = flags;
    const acrossFilms = others === true;
    const { request, seen } = await filmPairsAsked(session, words, flags, { withinFilms: !acrossFilms });
    const { duplicates } = await import('../reports/duplicates.js');
    const question = { ...request, acrossFilms, minScore, excludeNear };
    const report = await duplicates(question, session.context);
    return {
      view: duplicatesView(report),
      seen: {
        ...seen,
        page: async () =>
          (await import('../render/html/answer-pages.js')).duplicatesPage(report, summaryOf(report)),
      },
    };
  },
});

function duplicatesView(report: DuplicatesReport): View {
  const { groups, searched } = report;
  return {
    report,
    records: groups,
    names: {
      rows: groups.flatMap(({ runs }) => runs),
      isAcrossFilms: searched.films > 1,
    },
    tiles: () =>
      groups.flatMap(({ group, runs }) =>
        runs.map((run) => captioned(run, `group ${group}  ${spanOf(run)}`)),
      ),
    table: tableOf(
      groups.flatMap(({ runs, ...group }) => runs.map((run) => ({ ...group, ...run }))),
      [
        { key: 'group', align: 'right' },
        { key: 'film', cuttable: true },
        { key: 'first', align: 'right' },
        { key: 'last', align: 'right' },
        { key: 'filename', cuttable: 'start', isDispensable: true },
        { key: 'weakest', align: 'right', show: fourDigits },
      ],
      { footer: [summaryOf(report)] },
    ),
  };
}

/** `12 groups of 40 frames joined at 0.98 or above, among 262 frames of 3 films`. */
function summaryOf({ groups, minScore, searched }: DuplicatesReport): string {
  const repeated = groups.reduce((sum, { frames }) => sum + frames, 0);
  return groups.length === 0
    ? `no frames joined at ${minScore} or above ${amongFrames(searched)}`
    : `${counted(groups.length, 'group')} of ${counted(repeated, 'frame')} joined at ${minScore} or above, ${amongFrames(searched)}`;
}
