/** `giallo search`: the nearest frames to vectors made elsewhere. */
import { filmsNamed } from '../collection/resolve-film.js';
import { GialloError } from '../errors.js';
import { questionDefaults } from '../search/question.js';
import { defineCommand } from './command.js';
import { checkFilters, filtersOf } from './options/flag-meanings.js';
import { optionSets } from './options/taken-options.js';

export const searchCommand = defineCommand({
  name: 'search',
  description:
    'Finds the frames nearest to one vector or several that were made elsewhere, such as by the text half of the model that made the embeddings. Looks in every film, or in those named.',
  arguments: [],
  options: [
    ['in', { help: 'look in this film only; repeat for more' }],
    ['top', { default: questionDefaults.k }],
    ...optionSets.filters,
    'vector',
    'raw',
    'vectorKey',
    ['metric', { default: questionDefaults.metric }],
    ...optionSets.collection,
    ...optionSets.engine,
    ...optionSets.formatsWithNames,
    ...optionSets.pages,
    'pictures',
    'timeline',
    ...optionSets.work,
    'cache',
    'explain',
  ],
  groupNotes: { scope: 'default: every film' },
  examples: [
    ['giallo vector Sintel 40 | giallo search --vector -', 'a frame’s vector through a pipe'],
    ['giallo search --vector query.npy -k 10 --per-film 1', 'the ten films with the closest frame'],
    [
      'my-clip-encoder "a black glove" | giallo search --vector -',
      'text to picture, with the model of the embeddings',
    ],
  ],
  check({ flags }) {
    checkFilters(flags);
    if (flags.vector !== undefined) return;
    throw new GialloError('usage', 'search needs --vector <file>', {
      hint: '--vector - reads it from stdin',
    });
  },
  async run({ session, io, flags }) {
    const collection = await session.open({ films: flags.in });
    const [{ readVectors }, { searchVectors }, { searchView }] = await Promise.all([
      import('./inputs/vector-input.js'),
      import('../reports/search.js'),
      import('../render/search.js'),
    ]);
    const films = await filmsNamed(collection, flags.in);
    const vectors = await readVectors(io, flags.vector ?? '-', flags.raw === true, {
      vectorKey: flags.vectorKey,
      assume: session.context.reading?.assume,
    });
    const report = await searchVectors(films, vectors, filtersOf(flags), session.context);
    return {
      view: searchView(report),
      skipped: report.skipped,
      seen: {
        collection,
        page: async () => (await import('../render/html/search-page.js')).searchPage(report),
        next: { isSameQuestion: true, scope: flags.in ? [] : ['--all'] },
        typedFilms: flags.in ?? [],
      },
    };
  },
});
