/** `giallo pairs`. */
import { filmsNamed } from '../collection/resolve-film.js';
import { defineCommand } from './command.js';
import { cosine } from './options/option-row.js';
import { optionSets } from './options/taken-options.js';

export const pairsCommand = defineCommand({
  name: 'pairs',
  description:
    'Finds the best-matching pairs of frames of different films. Pairs are chosen best first: a pair counts if neither of its two shots is in --per-shot better ones.',
  arguments: [{ flags: '[film...]', help: 'among these films (default: all)' }],
  options: [
    ['all', { group: 'find', help: 'also pairs within one film, of different shots', conflicts: [] }],
    ['in', { group: 'find', help: 'one more of these films; repeat for more' }],
    ['top', { help: 'how many pairs', default: 100 }],
    ['perShot', { help: 'how many pairs any one shot may be in', default: 1 }],
    ['minScore', { help: 'nothing below this cosine', kind: cosine, conflicts: [] }],
    'shotThreshold',
    ...optionSets.times,
    ...optionSets.clips,
    ...optionSets.collection,
    ...optionSets.formatsWithNames,
    ...optionSets.pages,
    'pictures',
    ...optionSets.work,
    'cache',
  ],
  examples: [
    ['giallo pairs -k 20', 'the twenty best match cuts of the collection'],
    ['giallo pairs Sintel Bunny', 'between two films'],
    ['giallo pairs --csv > match-cuts.csv', 'for a spreadsheet'],
  ],
  async run({ session, words, flags }) {
    const named = [...words, ...(flags.in ?? [])];
    const collection = await session.open({ films: named });
    const [{ pairs }, { pairsView }] = await Promise.all([
      import('../reports/pairs.js'),
      import('../render/pairs.js'),
    ]);
    const films = await filmsNamed(collection, named);
    if (films.length === 1 && !flags.all)
      await session.notices.hint('only one film given; use --all for pairs within it');
    const { top: k, all, perShot, minScore, shotThreshold } = flags;
    const request = { films, k, perShot, withinFilms: all === true, minScore, shotThreshold };
    const report = await pairs(request, session.context);
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
