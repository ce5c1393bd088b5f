/** `giallo pairs`. */
import { filmsNamed } from '../collection/resolve-film.js';
import { filmsToPair } from '../reports/film-pairs.js';
import { vectorsOfFrames } from '../search/frame-questions.js';
import { batchDefaults } from '../search/question.js';
import { defineCommand } from './command.js';
import { cosine } from './options/option-row.js';
import { optionSets } from './options/taken-options.js';

export const pairsCommand = defineCommand({
  name: 'pairs',
  description:
    'Finds the best-matching pairs of frames of different films. Pairs are chosen best first: a pair counts if neither of its two shots is in --per-shot better ones.',
  arguments: [{ flags: '[film...]', help: 'among these films; one film: with all others (default: all)' }],
  options: [
    ['all', { group: 'find', help: 'also pairs within one film, of different shots', conflicts: [] }],
    ['in', { group: 'find', help: 'one more of these films; repeat for more' }],
    ['top', { help: 'how many pairs', default: batchDefaults.pairs.k }],
    ['perShot', { help: 'how many pairs any one shot may be in', default: batchDefaults.pairs.perShot }],
    ['minScore', { help: 'nothing below this cosine', kind: cosine, conflicts: [] }],
    [
      'maxScore',
      {
        help: 'nothing above this cosine: from there on it is the same picture',
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
  async run({ session, words, flags }) {
    const named = [...words, ...(flags.in ?? [])];
    const collection = await session.open({ films: named });
    const [{ pairs }, { pairsView }] = await Promise.all([
      import('../reports/pairs.js'),
      import('../render/pairs.js'),
    ]);
    const { top: k, all, perShot, minScore, maxScore, shotThreshold } = flags;
    const report = await pairs(
      {
        ...filmsToPair(collection, named.length === 0 ? [] : await filmsNamed(collection, named)),
        without: await vectorsOfFrames(collection, flags.without ?? [], session.context),
        withinFilms: all === true,
        ...{ k, perShot, minScore, maxScore, shotThreshold },
      },
      session.context,
    );
    return {
      view: pairsView(report),
      skipped: report.skipped,
      seen: {
        collection,
        page: async () => (await import('../render/html/pairs-page.js')).pairsPage(report),
        next: { isSameQuestion: false, scope: ['--all'] },
        typedFilms: named,
      },
    };
  },
});
