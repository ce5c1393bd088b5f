/** `giallo compare`. */
import { filmsNamed } from '../collection/resolve-film.js';
import { filmsToPair } from '../reports/film-pairs.js';
import { vectorsOfFrames } from '../search/frame-questions.js';
import { defineCommand } from './command.js';
import { cosine } from './options/option-row.js';
import { optionSets } from './options/taken-options.js';

export const compareCommand = defineCommand({
  name: 'compare',
  description:
    'Compares films with each other. The value of a film in another is the mean over its shots of the best cosine between a frame of the shot and any frame of the other film; it differs between the two directions.',
  arguments: [{ flags: '[film...]', help: 'the films to compare; one film: with all others (default: all)' }],
  options: [
    ['in', { group: 'find', help: 'one more of these films; repeat for more', conflicts: [] }],
    ['maxScore', { help: 'ignore pairs of frames above this cosine', kind: cosine }],
    'without',
    'shotThreshold',
    ...optionSets.times,
    ...optionSets.collection,
    ...optionSets.formats,
    ...optionSets.pages,
    ...optionSets.search,
  ],
  examples: [
    ['giallo compare', 'every film with every other, as a matrix'],
    ['giallo compare Sintel Bunny', 'two films'],
    ["giallo compare --json | jq '.comparisons[0].witnesses'", 'the three best matches behind a value'],
  ],
  async run({ session, words, flags }) {
    const named = [...words, ...(flags.in ?? [])];
    const collection = await session.open({ films: named });
    const [{ compare }, { compareView }] = await Promise.all([
      import('../reports/compare.js'),
      import('../render/compare.js'),
    ]);
    const { maxScore, shotThreshold } = flags;
    const films = filmsToPair(collection, named.length === 0 ? [] : await filmsNamed(collection, named));
    const without = await vectorsOfFrames(collection, flags.without ?? [], session.context);
    const report = await compare({ ...films, without, maxScore, shotThreshold }, session.context);
    return {
      view: compareView(report),
      skipped: report.skipped,
      seen: {
        collection,
        page: async () => (await import('../render/html/compare-page.js')).comparePage(report),
        next: { isSameQuestion: false, scope: ['--all'] },
        typedFilms: named,
      },
    };
  },
});
