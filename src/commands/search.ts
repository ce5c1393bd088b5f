/** `giallo search`: the nearest frames to vectors made elsewhere. */
import { Command } from 'commander';
import { filmsNamed } from '../collection/resolve-film.js';
import type { Io } from '../io.js';
import { questionDefaults } from '../search/question.js';
import { addEngineOptions, type EngineFlags, engineUrlOf } from './options/engine-options.js';
import { addFilterOptions, type FilterFlags, filtersOf, metricOption } from './options/filter-options.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addIndexOptions,
  addManyFilmsOptions,
  repeated,
} from './options/options.js';
import { addSeeingOptions, nextOptionsOf, type SeeingFlags } from './options/seeing-options.js';
import { checkSeeing, showAnswer } from './outputs/show-answer.js';
import { startSession } from './session/session.js';

interface SearchFlags extends SeeingFlags, FilterFlags, EngineFlags {
  readonly vector: string;
  readonly raw?: boolean;
  readonly in?: readonly string[];
}

export function searchCommand(io: Io, argv: readonly string[]): Command {
  const command = new Command('search')
    .description(
      'Finds the frames nearest to one vector or several that were made elsewhere, such as by the text half of the model that made the embeddings. Looks in every film, or in those named.',
    )
    .requiredOption('--vector <file>', '.npy, .npz, JSON or NDJSON of one vector or several; - for stdin')
    .option('--raw', 'the input is little-endian float32 bytes, one vector')
    .option('--in <film>', 'look in this film only; repeat for more', repeated);
  addFilterOptions(command, { k: questionDefaults.k, excludeNear: undefined });
  command.optionsGroup('How to compare:').addOption(metricOption());
  addCollectionOptions(command);
  addEngineOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addSeeingOptions(command, ['pictures', 'timeline']);
  addManyFilmsOptions(command);
  addIndexOptions(command);
  addExamples(command, [
    ['giallo vector Sintel 40 | giallo search --vector -', 'a frame’s vector through a pipe'],
    ['giallo search --vector query.npy -k 10 --per-film 1', 'the ten films with the closest frame'],
    [
      'my-clip-encoder "a black glove" | giallo search --vector -',
      'text to picture, with the model of the embeddings',
    ],
  ]);
  return command.action(async (flags: SearchFlags) => {
    const filters = filtersOf(command, flags);
    const session = startSession(io, flags, engineUrlOf(io, flags));
    await checkSeeing(session, flags);
    const collection = await session.open({ films: flags.in });
    const [{ readVectors }, { searchVectors }, { searchView }] = await Promise.all([
      import('./inputs/vector-input.js'),
      import('../reports/search.js'),
      import('../render/search.js'),
    ]);
    const films = await filmsNamed(collection, flags.in);
    const vectors = await readVectors(io, flags.vector, flags.raw === true, session.context.reading);
    const report = await searchVectors(films, vectors, filters, session.context);
    await showAnswer(session, argv, flags, {
      collection,
      view: searchView(report),
      page: async () => (await import('../render/html/search-page.js')).searchPage(report),
      nextOptions: nextOptionsOf(flags, ['--all']),
      typedFilms: flags.in ?? [],
      shotThreshold: flags.shotThreshold,
    });
    await session.reportSkipped(report.skipped);
  });
}
