/** `giallo search`: the nearest frames to vectors made elsewhere. */
import { filmsByName, filmsNamed } from '../collection/named-films.js';
import { GialloError } from '../errors.js';
import { scoreColumn, tableOf } from '../render/tabular.js';
import { amongFrames, captioned, resultLine, type View } from '../render/view.js';
import type { SearchReport } from '../reports/search.js';
import { questionDefaults } from '../search/question.js';
import { defineCommand } from './command.js';
import { vectorsLeftOut } from './inputs/frame-words.js';
import { checkFilters, filtersOf } from './options/flag-meanings.js';
import type { AnyFlags } from './options/option-table.js';
import { optionSets } from './options/taken-options.js';
import type { Session } from './session/session.js';

export const searchCommand = defineCommand({
  name: 'search',
  description:
    'Finds the frames nearest to vectors made elsewhere, or to texts. The program in $GIALLO_ENCODER makes vectors of texts; it must use the model that made the embeddings. Looks in every film, or in those named with --in.',
  arguments: [
    { flags: '[text...]', help: 'what to look for, in words; $GIALLO_ENCODER makes a vector of them' },
  ],
  options: [
    ['in', { help: 'look in this film only; repeat for more' }],
    ['top', { default: questionDefaults.k }],
    ...optionSets.filters,
    'vector',
    'raw',
    'vectorKey',
    ['metric', { default: questionDefaults.metric }],
    ...optionSets.frames,
    ...optionSets.engine,
    'timeline',
    ...optionSets.search,
  ],
  groupNotes: { scope: 'default: every film' },
  examples: [
    ['giallo vector Sintel 40 | giallo search --vector -', 'a frame’s vector through a pipe'],
    ['giallo search --vector query.npy -k 10 --per-film 1', 'the ten films with the closest frame'],
    [
      'GIALLO_ENCODER=my-clip-encoder giallo search "a black glove"',
      'words to pictures, with the model of the embeddings',
    ],
  ],
  check({ words, flags }) {
    checkFilters(flags);
    if (words.includes('')) throw new GialloError('usage', 'the text to search for is empty');
    if (words.length > 0 && flags.vector !== undefined)
      throw new GialloError('usage', 'a text cannot be used with --vector');
    if (words.length > 0 || flags.vector !== undefined) return;
    throw new GialloError('usage', 'search needs a text or --vector <file>', {
      hint: '--vector - reads it from stdin',
    });
  },
  async run({ session, words, flags }) {
    const collection = await session.open({ films: flags.in });
    const [vectors, { searchVectors }] = await Promise.all([
      queryVectors(session, words, flags),
      import('../reports/search.js'),
    ]);
    const films = filmsNamed(collection, flags.in);
    const without = await vectorsLeftOut(session, collection, flags.without);
    const filters = { ...filtersOf(flags), without };
    const report = await searchVectors(films, vectors, filters, session.context, words);
    return {
      view: searchView(report),
      seen: {
        collection,
        films: filmsByName(collection, films),
        page: async () =>
          (await import('../render/html/answer-pages.js')).searchPage(report, summaryOf(report)),
        next: { isSameQuestion: true, scope: flags.in ? [] : ['--all'] },
      },
    };
  },
});

/** The vectors that the encoder makes of the texts, or those in the file of `--vector`. */
async function queryVectors(
  { io, context }: Session,
  texts: readonly string[],
  { vector, raw, vectorKey }: AnyFlags,
): Promise<readonly Float32Array[]> {
  if (texts.length > 0) {
    const { encodeTexts } = await import('./inputs/encode-texts.js');
    return encodeTexts(io, texts, raw === true);
  }
  const { readQueryVectors } = await import('./inputs/vector-input.js');
  return readQueryVectors(io, vector ?? '-', raw === true, { vectorKey, assume: context.reading?.assume });
}

function searchView(report: SearchReport): View {
  const { answers, searched, metric } = report;
  const results = answers.flatMap(({ results: found, ...query }) =>
    found.map((result) => ({ ...query, ...result })),
  );
  const titleOf = ({ text, query }: { readonly text?: string; readonly query: number }) =>
    answers.length > 1 ? { title: text ?? `vector ${query}` } : {};
  const firstLine = (result: (typeof results)[number]) =>
    [...Object.values(titleOf(result)), resultLine(result)].join('  ');
  return {
    report,
    records: results,
    names: { rows: results, isAcrossFilms: searched.films > 1 },
    tiles: () => results.map((result) => captioned(result, firstLine(result))),
    answers: answers.map((answer) => ({ ...titleOf(answer), results: answer.results, asked: [] })),
    table: tableOf(
      results.map((result) => ({ ...result, query: result.text ?? result.query })),
      [
        { key: 'query', align: 'right', isHidden: answers.length === 1 },
        { key: 'rank', align: 'right', isDispensable: 'at-last' },
        { key: 'film', cuttable: true },
        { key: 'index', align: 'right' },
        { key: 'filename', cuttable: 'start' },
        scoreColumn(metric),
      ],
      {
        caption: answers.length === 1 ? answers.flatMap(({ text }) => text ?? []) : [],
        footer: [summaryOf(report)],
      },
    ),
  };
}

/** `nearest by cosine among 262 frames of 3 films`. */
function summaryOf({ answers, searched, metric }: SearchReport): string {
  const isAnyFound = answers.some(({ results }) => results.length > 0);
  const found = isAnyFound ? `nearest by ${metric}` : 'nothing found';
  return `${found} ${amongFrames(searched)}`;
}
