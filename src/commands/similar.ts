/** `giallo similar`: turns the command line into a question. */
import { filmsByName, NamedFilms } from '../collection/named-films.js';
import { GialloError } from '../errors.js';
import { counted, grouped, scoreColumn, tableOf } from '../render/tabular.js';
import { amongFrames, captioned, resultLine, type View } from '../render/view.js';
import type { SimilarOptions, SimilarReport } from '../reports/similar.js';
import { questionDefaults } from '../search/question.js';
import { defineCommand } from './command.js';
import { framesAsked, vectorsLeftOut } from './inputs/frame-words.js';
import { checkFilters, filtersOf } from './options/flag-meanings.js';
import { optionSets } from './options/taken-options.js';

export const similarCommand = defineCommand({
  name: 'similar',
  description:
    'Finds the frames most similar to one frame or several, closest first. A frame is an index (negative: from the end), a range of indices such as 66-70, a moment such as @1:12.5 (if the film’s times are known), or a filename; name:41 asks for a filename with 41 in it. film:frame names both in one word, such as Sintel:66.',
  arguments: [
    { flags: '[film]', help: 'a name, a part of one, or a path; or the path of a frame’s picture' },
    { flags: '[frame...]', help: 'index, range, moment or filename; several make one question' },
  ],
  options: [
    ...optionSets.scope,
    ['top', { default: questionDefaults.k }],
    ...optionSets.filters,
    ['excludeNear', { default: questionDefaults.excludeNear }],
    ['metric', { default: questionDefaults.metric }],
    'and',
    ['combine', { default: questionDefaults.combine }],
    'queries',
    ...optionSets.frames,
    ...optionSets.engine,
    'timeline',
    ...optionSets.search,
  ],
  groupNotes: { scope: 'default: the film asked about' },
  examples: [
    ['giallo similar Sintel 40', 'the 5 nearest frames of the same film'],
    ['giallo similar Sintel 40 --others -k 10 --per-film 2', 'in the other films, at most two of each'],
    [
      'giallo similar Sintel 40-42 --all --exclude-near shot',
      'like three frames together, but in other shots than theirs',
    ],
    ['giallo similar Sintel:40 Bunny:12 --all', 'like frames of two films'],
    ['giallo similar Sintel 40 --all -k 50 --open', 'look at the pictures in the browser'],
    ["giallo similar Sintel 40 --all --json | jq -r '.results[0].filename'", 'for scripts'],
    [
      "printf 'Sintel\\t40\\nBunny\\t12\\n' | giallo similar --queries - --all",
      'many questions, one answer a line',
    ],
  ],
  check({ words, flags }) {
    checkFilters(flags);
    if (flags.queries === undefined && words.length === 0)
      throw new GialloError('usage', 'similar needs a film and a frame', {
        hint: 'as in: `giallo similar Sintel 40`',
      });
    if (flags.queries !== undefined && words.length > 0)
      throw new GialloError('usage', 'with --queries the frames come from the file; give no film');
  },
  async run({ session, words, flags }) {
    const scope = flags.in ? { in: flags.in } : flags.all ? 'all' : flags.others ? 'others' : 'own';
    const options: SimilarOptions = { ...filtersOf(flags), combine: flags.combine, scope };
    if (flags.queries !== undefined) {
      const { answerQueries } = await import('./inputs/queries.js');
      await answerQueries(session, flags, { file: flags.queries, options, viewOf: similarView });
      return undefined;
    }
    const { collection, frames } = await framesAsked(session, flags, words);
    const { similar } = await import('../reports/similar.js');
    const without = await vectorsLeftOut(session, collection, flags.without);
    const named = new NamedFilms(collection);
    const report = await similar(collection, frames, { ...options, without }, session.context, named);
    const ownFilms = scope === 'own' ? [...new Set(report.query.map(({ film }) => film))] : [];
    return {
      view: similarView(report),
      seen: {
        collection,
        films: filmsByName(collection, named.films),
        page: async () =>
          (await import('../render/html/answer-pages.js')).similarPage(report, summaryOf(report)),
        next: { isSameQuestion: true, scope: [], films: ownFilms.length > 1 ? ownFilms : [] },
      },
    };
  },
});

function similarView(report: SimilarReport): View {
  const { results, searched, query } = report;
  const isAcrossFilms = searched.films > 1 || results.some(({ film }) => film !== query[0]?.film);
  return {
    report,
    records: results,
    names: { rows: results, isAcrossFilms },
    tiles: () => [
      ...query.map((frame) => captioned(frame, `asked about: frame ${frame.index}`)),
      ...results.map((result) => captioned(result, resultLine(result))),
    ],
    answers: [{ results, asked: query }],
    table: tableOf(
      results,
      [
        { key: 'rank', align: 'right', isDispensable: 'at-last' },
        { key: 'film', cuttable: true, isHidden: !isAcrossFilms },
        { key: 'index', align: 'right' },
        { key: 'filename', cuttable: 'start' },
        scoreColumn(report.metric),
      ],
      {
        caption: query,
        footer: [summaryOf(report)],
      },
    ),
  };
}

/** `5 nearest by cosine among 262 frames of 3 films`, and what was left out. */
function summaryOf({ results, searched, metric }: SimilarReport): string {
  const found = results.length === 0 ? 'nothing found' : `${grouped(results.length)} nearest by ${metric}`;
  const left =
    searched.nonFinite > 0 ? `; ${counted(searched.nonFinite, 'row')} with NaN or Inf left out` : '';
  const zero = searched.zero > 0 ? `; ${counted(searched.zero, 'all-zero row')}` : '';
  return `${found} ${amongFrames(searched)}${zero}${left}`;
}
