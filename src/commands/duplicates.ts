/** `giallo duplicates`. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import { excludeNearOption, shotThresholdOption } from './options/filter-options.js';
import {
  addCacheOption,
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addManyFilmsOptions,
  cosineNumber,
  repeated,
} from './options/options.js';
import { addSeeingOptions, nextOptionsOf, type SeeingFlags } from './options/seeing-options.js';
import { checkSeeing, showAnswer } from './outputs/show-answer.js';
import { startSession } from './session/session.js';

interface DuplicatesFlags extends SeeingFlags {
  readonly minScore: number;
  readonly others?: boolean;
  readonly in?: readonly string[];
  readonly excludeNear: number | 'shot';
  readonly shotThreshold?: number;
}

export function duplicatesCommand(io: Io, argv: readonly string[]): Command {
  const command = new Command('duplicates')
    .description(
      'Joins frames whose cosine is --min-score or more, or which are equal byte for byte, into groups: frames joined through others are in one. A group is shown as runs of frames, with the weakest pair that joins it. Frames of one shot are not joined with each other.',
    )
    .optionsGroup('What to find:')
    .option('--min-score <x>', 'cosine from which two frames are the same', cosineNumber, 0.98)
    .option('--others', 'join frames of different films only: re-used footage')
    .option('--in <film>', 'in these films only; repeat for more', repeated)
    .addOption(excludeNearOption('a frame').default('shot'))
    .addOption(shotThresholdOption());
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addSeeingOptions(command, ['pictures']);
  addManyFilmsOptions(command);
  addCacheOption(command);
  addExamples(command, [
    ['giallo duplicates', 'pictures that come again in another shot'],
    ['giallo duplicates --others', 'footage used in several films'],
    ['giallo duplicates --exclude-near 0 --min-score 0.999', 'every near-equal frame'],
  ]);
  return command.action(async (flags: DuplicatesFlags) => {
    const session = startSession(io, flags);
    await checkSeeing(session, flags);
    const collection = await session.open({ films: flags.in });
    const [{ duplicates }, { duplicatesView }, { filmsNamed }] = await Promise.all([
      import('../reports/duplicates.js'),
      import('../render/duplicates.js'),
      import('../collection/resolve-film.js'),
    ]);
    const films = await filmsNamed(collection, flags.in);
    const { minScore, others, excludeNear, shotThreshold } = flags;
    const request = { films, minScore, excludeNear, acrossFilms: others === true, shotThreshold };
    const report = await duplicates(request, session.context);
    await showAnswer(session, argv, flags, {
      collection,
      view: duplicatesView(report),
      page: async () => (await import('../render/html/duplicates-page.js')).duplicatesPage(report),
      nextOptions: nextOptionsOf(flags, ['--all']),
      typedFilms: flags.in ?? [],
    });
    await session.reportSkipped(report.skipped);
  });
}
