/** `giallo compare`. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import { shotThresholdOption } from './options/filter-options.js';
import {
  addCacheOption,
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addManyFilmsOptions,
} from './options/options.js';
import { addSeeingOptions, nextOptionsOf, type SeeingFlags } from './options/seeing-options.js';
import { checkSeeing, showAnswer } from './outputs/show-answer.js';
import { startSession } from './session/session.js';

interface CompareFlags extends SeeingFlags {
  readonly shotThreshold?: number;
}

export function compareCommand(io: Io, argv: readonly string[]): Command {
  const command = new Command('compare')
    .description(
      'Compares films with each other. The value of a film in another is the mean over its shots of the best cosine between a frame of the shot and any frame of the other film; it is not the same both ways.',
    )
    .argument('[film...]', 'the films to compare (default: all)')
    .addOption(shotThresholdOption());
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv']);
  addSeeingOptions(command, []);
  addManyFilmsOptions(command);
  addCacheOption(command);
  addExamples(command, [
    ['giallo compare', 'every film with every other, as a matrix'],
    ['giallo compare Sintel Bunny', 'two films'],
    ["giallo compare --json | jq '.comparisons[0].witnesses'", 'the three best matches behind a value'],
  ]);
  return command.action(async (names: readonly string[], flags: CompareFlags) => {
    const session = startSession(io, flags);
    await checkSeeing(session, flags);
    const collection = await session.open({ films: names });
    const [{ compare }, { compareView }, { filmsNamed }] = await Promise.all([
      import('../reports/compare.js'),
      import('../render/compare.js'),
      import('../collection/resolve-film.js'),
    ]);
    const films = await filmsNamed(collection, names);
    if (films.length === 1)
      await session.notices.hint(
        'one film alone has nothing to be compared with: name another, or none for all',
      );
    const report = await compare({ films, shotThreshold: flags.shotThreshold }, session.context);
    await showAnswer(session, argv, flags, {
      collection,
      view: compareView(report),
      page: async () => (await import('../render/html/compare-page.js')).comparePage(report),
      nextOptions: nextOptionsOf(flags, ['--all']),
      typedFilms: names,
    });
    await session.reportSkipped(report.skipped);
  });
}
